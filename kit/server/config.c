#include "kit/server/config.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long kit_offending_number(const char *message)
{
    static const char *const places[] = {".conf:", " on line "};

    for (int i = 0; i < 2; i++) {
        const char *found = strstr(message, places[i]);
        if (found != NULL)
            return strtol(found + strlen(places[i]), NULL, 10);
    }
    return 0;
}

const char *kit_offending_line(const char *file, const char *message)
{
    char line[256] = "";
    FILE *source = fopen(file, "re");
    long number = kit_offending_number(message);

    for (long i = 0; source != NULL && i < number; i++) {
        if (fgets(line, sizeof(line), source) == NULL)
            snprintf(line, sizeof(line), "(the end of the file)");
    }
    if (source != NULL)
        fclose(source);
    if (number == 0)
        return "the message says what it is";
    line[strcspn(line, "\n")] = '\0';
    return kit_text(
        "%sline %ld: %s",
        strstr(message, "Parse error") != NULL
            ? "a bracket, a brace or a quote that is not closed, in or above "
            : "",
        number, line + strspn(line, " \t"));
}

const char *kit_last_words(const char *log)
{
    const char *found = strstr(log, "[FTL]");

    if (found == NULL)
        found = strstr(log, "nats-server: ");
    if (found == NULL)
        found = strstr(log, "[ERR]");
    if (found == NULL)
        return "it said nothing about it";
    return kit_keep(found, strcspn(found, "\n"));
}
