/* rows.h: rows of a table that are gathered first, and printed in order. Given,
 * so that you can think about where they come from.
 *
 *     FILE *row = rows_begin(&rows);
 *     rows_put(row, "", "pumps");
 *     fprintf(row, "\t%d", 3);
 *     rows_end(&rows);
 *     ...
 *     rows_print(&rows);
 */
#ifndef ROWS_H
#define ROWS_H

#ifndef _POSIX_C_SOURCE
#error "define _POSIX_C_SOURCE as 200809L before the first #include"
#endif

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rows {
    char **list;
    size_t count;
    FILE *file; /* of the row that is being written */
    char *text;
    size_t length;
};

/* Ends the program where there is no memory left. */
static inline void *rows_check(void *memory)
{
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

/* Where to write the next row, without a newline. */
static inline FILE *rows_begin(struct rows *rows)
{
    rows->file = rows_check(open_memstream(&rows->text, &rows->length));
    return rows->file;
}

/* The row is written: it is one of the rows now. */
static inline void rows_end(struct rows *rows)
{
    size_t size = (rows->count + 1) * sizeof(*rows->list);

    fclose(rows->file);
    rows->list = rows_check(realloc(rows->list, size));
    rows->list[rows->count++] = rows_check(rows->text);
}

/* A cell of a row, and what comes before it. */
static inline void rows_put_bytes(FILE *row, const char *before,
                                  const char *text, size_t length)
{
    fputs(before, row);
    put_text(row, text, length);
}

static inline void rows_put(FILE *row, const char *before, const char *text)
{
    rows_put_bytes(row, before, text, strlen(text));
}

static inline int rows_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Prints all rows, sorted byte by byte, and releases them. */
static inline void rows_print(struct rows *rows)
{
    if (rows->count > 0)
        qsort(rows->list, rows->count, sizeof(*rows->list), rows_compare);
    for (size_t i = 0; i < rows->count; i++) {
        puts(rows->list[i]);
        free(rows->list[i]);
    }
    free(rows->list);
    *rows = (struct rows){0};
}

#endif
