/* table.h: a table of JSON objects. Given, so that you can think about where
 * they come from.
 *
 *     table_print(objects);
 */
#ifndef TABLE_H
#define TABLE_H

#ifndef _POSIX_C_SOURCE
#error "define _POSIX_C_SOURCE as 200809L before the first #include"
#endif

#include "rows.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_COLUMNS = 32 }; /* what has more is cut */

struct table {
    const char *columns[TABLE_COLUMNS]; /* they belong to the objects */
    size_t count;
};

/* The value of a key as text: a string without its quotes, all else as JSON; -
 * where there is none, or an empty string. free() it. */
static inline char *table_text(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    const char *text = cJSON_GetStringValue(item);

    if (item != NULL && text == NULL)
        return rows_check(cJSON_PrintUnformatted(item));
    return rows_check(strdup(text != NULL && text[0] != '\0' ? text : "-"));
}

static inline void table_add_column(struct table *table, const char *name)
{
    if (name == NULL) /* an item of what is no object */
        return;
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->columns[i], name) == 0)
            return;
    if (table->count < TABLE_COLUMNS)
        table->columns[table->count++] = name;
}

/* id, group and region come first, the others are sorted. */
static inline int table_rank(const char *name)
{
    static const char *const first[] = {"id", "group", "region"};
    int rank = 0;

    while (rank < 3 && strcmp(name, first[rank]) != 0)
        rank++;
    return rank;
}

static inline int table_compare(const void *a, const void *b)
{
    const char *const *one = a, *const *other = b;
    int ranks = table_rank(*one) - table_rank(*other);

    return ranks != 0 ? ranks : strcmp(*one, *other);
}

static inline void table_add_row(struct rows *rows, const struct table *table,
                                 const cJSON *object)
{
    FILE *row = rows_begin(rows);

    for (size_t i = 0; i < table->count; i++) {
        char *text = table_text(object, table->columns[i]);
        rows_put(row, i > 0 ? "\t" : "", text);
        free(text);
    }
    rows_end(rows);
}

/* Prints an array of objects: a line with their keys, and a line for each, with
 * tabs between the columns. Nothing if it's empty. */
static inline void table_print(const cJSON *objects)
{
    const cJSON *object, *item;
    struct table table = {.count = 0};
    struct rows rows = {0};

    if (cJSON_GetArraySize(objects) == 0)
        return;
    table_add_column(&table, "id");
    cJSON_ArrayForEach(object, objects) cJSON_ArrayForEach(item, object)
        table_add_column(&table, item->string);
    qsort(table.columns, table.count, sizeof(*table.columns), table_compare);
    for (size_t i = 0; i < table.count; i++)
        rows_put(stdout, i > 0 ? "\t" : "", table.columns[i]);
    putchar('\n');
    cJSON_ArrayForEach(object, objects) table_add_row(&rows, &table, object);
    rows_print(&rows);
}

#endif
