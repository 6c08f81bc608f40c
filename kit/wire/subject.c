#include "kit/wire/subject.h"

#include <stddef.h>
#include <string.h>

bool kit_subject_matches(const char *filter, const char *subject)
{
    for (;;) {
        if (strcmp(filter, ">") == 0)
            return *subject != '\0';
        size_t wanted = strcspn(filter, ".");
        size_t given = strcspn(subject, ".");
        bool any = wanted == 1 && filter[0] == '*' && given > 0;
        if (!any && (wanted != given || strncmp(filter, subject, wanted) != 0))
            return false;
        filter += wanted;
        subject += given;
        if (*filter == '\0' || *subject == '\0')
            return *filter == *subject;
        filter++;
        subject++;
    }
}
