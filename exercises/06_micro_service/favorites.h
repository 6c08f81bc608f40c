/* favorites.h: somebody's favorite things, from a file. Given, so that you can
 * think about the service.
 *
 * The file is a JSON object, and all its values are strings:
 *
 *     {"color": "blue", "tea": "Earl Grey"}
 */
#ifndef FAVORITES_H
#define FAVORITES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAVORITES_MAX = 1 << 20 }; /* bytes in a file */

/* Is this one token of a subject, so that room.favorites.OWNER.get has four?
 * It's part of the service's JSON, too, in which nats.c escapes nothing. */
static inline bool favorites_is_owner(const char *owner)
{
    size_t length = strlen(owner);

    for (const unsigned char *c = (const unsigned char *)owner; *c != '\0'; c++)
        if (*c <= ' ' || *c == 0x7f)
            return false;
    return length > 0 && length <= 64 && strpbrk(owner, ".*>\"\\") == NULL;
}

/* All of the file, ending in a NUL; free() it. NULL if it can't be read, or
 * has more than FAVORITES_MAX bytes, or a NUL in it. */
static inline char *favorites_contents(const char *file)
{
    FILE *in = fopen(file, "rb");
    if (in == NULL)
        return NULL;

    char *text = calloc(1, FAVORITES_MAX + 1);
    if (text != NULL) {
        size_t length = fread(text, 1, FAVORITES_MAX, in);
        if (ferror(in) || getc(in) != EOF || strlen(text) != length) {
            free(text);
            text = NULL;
        }
    }
    fclose(in);
    return text;
}

/* Are they an object, with strings only, and no key twice? */
static inline bool favorites_are_valid(const cJSON *favorites)
{
    const cJSON *item;

    if (!cJSON_IsObject(favorites))
        return false;
    cJSON_ArrayForEach(item, favorites) if (!cJSON_IsString(item) ||
                                            cJSON_GetObjectItemCaseSensitive(
                                                favorites, item->string) !=
                                                item) return false;
    return true;
}

/* Reads the favorites; end with cJSON_Delete. If that fails, it says why in a
 * line on stderr, and returns NULL. */
static inline cJSON *favorites_read(const char *file)
{
    char *text = favorites_contents(file);
    if (text == NULL) {
        fprintf(stderr, "favorites: %s: can't be read\n", file);
        return NULL;
    }

    cJSON *favorites = cJSON_ParseWithOpts(text, NULL, true);
    free(text);
    if (!favorites_are_valid(favorites)) {
        fprintf(stderr, "favorites: %s: not a JSON object of strings\n", file);
        cJSON_Delete(favorites); /* NULL is fine */
        return NULL;
    }
    return favorites;
}

static inline int favorites_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys, in the order of strcmp, as a JSON array: ["color","tea"]. The
 * caller frees it, with cJSON_free. NULL if there is no memory. */
static inline char *favorites_keys(const cJSON *favorites)
{
    size_t count = (size_t)cJSON_GetArraySize(favorites), n = 0;
    const char **keys = calloc(count + 1, sizeof(*keys));
    if (keys == NULL)
        return NULL;

    const cJSON *item;
    cJSON_ArrayForEach(item, favorites) keys[n++] = item->string;
    qsort(keys, count, sizeof(*keys), favorites_compare);
    cJSON *array = cJSON_CreateStringArray(keys, (int)count);
    char *text = cJSON_PrintUnformatted(array);

    cJSON_Delete(array);
    free(keys);
    return text;
}

/* The value of the key, whose bytes don't end in a NUL; NULL if there is no
 * such key. It belongs to favorites. */
static inline const char *favorites_value(const cJSON *favorites,
                                          const char *key, size_t length)
{
    const cJSON *item;

    cJSON_ArrayForEach(
        item,
        favorites) if (strlen(item->string) == length &&
                       (length == 0 || memcmp(item->string, key, length) ==
                                           0)) return item->valuestring;
    return NULL;
}

#endif
