#include "kit/server/config.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "12:3:" is a line and a column; whatever the file is called. */
static bool is_position(const char *text)
{
    size_t line = strspn(text, "0123456789");
    size_t column = 0;

    if (line > 0 && text[line] == ':')
        column = strspn(text + line + 1, "0123456789");
    return column > 0 && text[line + 1 + column] == ':';
}

long kit_offending_number(const char *message)
{
    static const char place[] = " on line ";

    for (const char *colon = strchr(message, ':'); colon != NULL;
         colon = strchr(colon + 1, ':')) {
        if (is_position(colon + 1))
            return strtol(colon + 1, NULL, 10);
    }
    const char *found = strstr(message, place);
    return found != NULL ? strtol(found + strlen(place), NULL, 10) : 0;
}

/* That line of a file, without its newline and indentation; NULL where there is
 * no such file. */
static const char *line_of(const char *file, long number)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length = 0;
    FILE *source = fopen(file, "re");

    if (source == NULL)
        return NULL;
    for (long i = 0; i < number && length >= 0; i++)
        length = getline(&line, &size, source);
    fclose(source);
    const char *found = "(the end of the file)";
    if (length > 0) {
        const char *start = line + strspn(line, " \t");
        found = kit_keep(start, strcspn(start, "\r\n"));
    }
    free(line);
    return found;
}

const char *kit_offending_line(const char *file, const char *message)
{
    long number = kit_offending_number(message);
    const char *line = number > 0 ? line_of(file, number) : NULL;

    if (line == NULL)
        return "the message says what it is";
    return kit_text(
        "%sline %ld: %s",
        strstr(message, "Parse error") != NULL
            ? "a bracket, a brace or a quote that is not closed, in or above "
            : "",
        number, line);
}

static const char *last_of(const char *log, const char *mark)
{
    const char *found = NULL;

    for (const char *next = strstr(log, mark); next != NULL;
         next = strstr(next + 1, mark))
        found = next;
    return found;
}

const char *kit_last_words(const char *log)
{
    const char *found = last_of(log, "[FTL]");

    if (found == NULL)
        found = strstr(log, "nats-server: ");
    if (found == NULL)
        found = last_of(log, "[ERR]");
    if (found == NULL)
        return "it said nothing about it";
    return kit_keep(found, strcspn(found, "\n"));
}
