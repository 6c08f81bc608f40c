#include "kit/base/words.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static size_t count_of(char *const list[])
{
    size_t count = 0;

    while (list != NULL && list[count] != NULL)
        count++;
    return count;
}

static bool is_replaced(const char *variable, const char *const more[])
{
    size_t name = strcspn(variable, "=") + 1;

    for (size_t i = 0; more != NULL && more[i] != NULL; i++) {
        if (strncmp(variable, more[i], name) == 0)
            return true;
    }
    return false;
}

char **kit_environment_with(char *const environment[], const char *const more[])
{
    size_t room = count_of(environment) + count_of((char *const *)more) + 1;
    char **all = kit_allocate(room * sizeof(*all));
    size_t count = 0;

    for (size_t i = 0; environment[i] != NULL; i++) {
        if (!is_replaced(environment[i], more))
            all[count++] = environment[i];
    }
    for (size_t i = 0; more != NULL && more[i] != NULL; i++)
        all[count++] = (char *)more[i];
    return all;
}

const char *kit_upper(const char *name)
{
    char *upper = kit_keep_text(name);

    for (char *c = upper; *c != '\0'; c++)
        *c =
            isalnum((unsigned char)*c) ? (char)toupper((unsigned char)*c) : '_';
    return upper;
}

const char *kit_lower(const char *name)
{
    char *lower = kit_keep_text(name);

    for (char *c = lower; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return lower;
}

const char *kit_file_name(const char *name)
{
    char *file = (char *)kit_text("%.24s", name);

    for (char *c = file; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) || (unsigned char)*c > 127)
            *c = '_';
    }
    return file;
}
