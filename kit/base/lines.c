#include "kit/base/lines.h"

#include "kit/base/text.h"

#include <string.h>

bool kit_next_line(struct kit_lines *lines, struct kit_line *line)
{
    if (lines->left == 0)
        return false;
    const char *newline = memchr(lines->rest, '\n', lines->left);
    line->start = lines->rest;
    line->whole = newline != NULL;
    line->length =
        newline != NULL ? (size_t)(newline - lines->rest) : lines->left;
    size_t used = line->length + line->whole;
    lines->rest += used;
    lines->left -= used;
    return true;
}

size_t kit_line_count(const char *text, size_t length)
{
    struct kit_lines lines = {text, length};
    struct kit_line line;
    size_t count = 0;

    while (kit_next_line(&lines, &line))
        count++;
    return count;
}

const char *kit_last_lines(const char *text, size_t length, size_t wanted)
{
    size_t count = kit_line_count(text, length);
    struct kit_lines lines = {text, length};
    struct kit_line line;

    for (; count > wanted; count--)
        kit_next_line(&lines, &line);
    return lines.rest;
}

bool kit_line_is(const struct kit_line *line, const void *data, size_t length)
{
    return line->length == length &&
           (length == 0 || memcmp(line->start, data, length) == 0);
}

const char *kit_quote_last_lines(const char *text, size_t length)
{
    struct kit_string out = {0};
    const char *last = kit_last_lines(text, length, 3);
    struct kit_lines lines = {last, length - (size_t)(last - text)};
    struct kit_line line = {"", 0, true};

    while (kit_next_line(&lines, &line))
        kit_string_add(&out, "%s%s", out.length > 0 ? "\n" : "",
                       kit_quote(line.start, line.length));
    if (!line.whole)
        kit_string_add(&out, " and no newline");
    return kit_string_text(&out);
}
