/* Lines of a text that may hold any bytes. */
#ifndef KIT_BASE_LINES_H
#define KIT_BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct kit_line {
    const char *start; /* not ended by a NUL */
    size_t length;     /* without the newline */
    bool whole;        /* there is a newline */
};

/* A place in a text: {text, length} is its beginning. */
struct kit_lines {
    const char *rest;
    size_t left;
};

/* Takes the next line; false where none is left. Blank lines are lines; what
 * follows the last newline is one if there is anything, but not a whole one. */
bool kit_next_line(struct kit_lines *lines, struct kit_line *line);

/* How many lines there are. */
size_t kit_line_count(const char *text, size_t length);

/* Where the last so many lines begin. */
const char *kit_last_lines(const char *text, size_t length, size_t lines);

/* The last three lines, quoted, each on a line, the last whole or not. */
const char *kit_quote_last_lines(const char *text, size_t length);

bool kit_line_is(const struct kit_line *line, const void *data, size_t length);

#endif
