/* JSON, as values by path. */
#ifndef KIT_BASE_JSON_H
#define KIT_BASE_JSON_H

#include <stddef.h>

#define KIT_ANYTHING "…"

/* The value at path of a document, as text until the test ends: "4222",
 * "true", a string without its quotes, an object or array as JSON. path is
 * names and numbers with dots: "jetstream.config.max_memory", "leafs.0.name";
 * in a list of objects that have a "name" also that: "endpoints.get.subject";
 * "leafs.#" is how many there are; "" is the document itself; of "id|ids.0" it
 * is the first that there is. Integers above 2^53 are rounded; names with dots
 * cannot be asked for. NULL where there is no such value, or the document does
 * not parse. */
const char *kit_json_value(const char *json, const char *path);

/* Some characters before and after the place where a document that does not
 * parse is broken. */
const char *kit_json_break(const char *json);

/* What a value shall be: the text of it, as above; "" that it is not there;
 * KIT_ANYTHING that it is, and not empty;
 * ">= 1" or "<= 1" a number in that range. why: the likely mistake, or NULL.
 * A list of them ends where path is NULL. */
struct kit_value {
    const char *path, *wanted, *why;
};

#define kit_values(...)                                                        \
    ((const struct kit_value[]){__VA_ARGS__, {NULL, NULL, NULL}})

/* The first of the list that differs, NULL where none does. *seen is what there
 * is instead, in words: "quantity 7", "no id", "what does not parse as JSON",
 * "JSON, and after it \"...\"". With the last two the difference is in none of
 * the list, and its path is "". */
const struct kit_value *kit_json_difference(const void *data, size_t length,
                                            const struct kit_value *values,
                                            const char **seen);

/* "quantity >= 1", "no sku": what the value shall be, in words. */
const char *kit_value_text(const struct kit_value *value);

#endif
