#include "kit/wire/subject.h"

#include <stddef.h>
#include <string.h>

/* Neither the server nor a subscription knows a token that is empty. */
static bool has_empty_token(const char *subject)
{
    size_t length = strlen(subject);

    return length == 0 || subject[0] == '.' || subject[length - 1] == '.' ||
           strstr(subject, "..") != NULL;
}

static bool is_wildcard(const char *token, size_t length, char wildcard)
{
    return length == 1 && token[0] == wildcard;
}

/* Token by token, of which none is empty. */
static bool matches(const char *filter, const char *subject)
{
    for (;;) {
        size_t wanted = strcspn(filter, ".");
        size_t given = strcspn(subject, ".");
        if (is_wildcard(filter, wanted, '>'))
            return filter[wanted] == '\0';
        if (!is_wildcard(filter, wanted, '*') &&
            (wanted != given || strncmp(filter, subject, wanted) != 0))
            return false;
        filter += wanted;
        subject += given;
        if (*filter == '\0' || *subject == '\0')
            return *filter == *subject;
        filter++;
        subject++;
    }
}

bool kit_subject_matches(const char *filter, const char *subject)
{
    return !has_empty_token(filter) && !has_empty_token(subject) &&
           matches(filter, subject);
}
