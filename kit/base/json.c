#include "kit/base/json.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Integers of a server go beyond what %g shows, up to 2^64 - 1 for "no limit";
 * a double holds them up to 2^53. */
static const char *number(double value)
{
    bool whole =
        value >= 1e15 || value <= -1e15 || value == (double)(long long)value;

    return kit_text(whole ? "%.0f" : "%.15g", value);
}

static const char *value_of(const cJSON *item)
{
    if (cJSON_IsString(item))
        return kit_keep_text(item->valuestring);
    if (cJSON_IsNumber(item))
        return number(item->valuedouble);
    char *printed = cJSON_PrintUnformatted(item);
    const char *kept = kit_keep_text(printed);
    cJSON_free(printed);
    return kept;
}

static const cJSON *named(const cJSON *list, const char *name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const cJSON *its = cJSON_GetObjectItemCaseSensitive(item, "name");
        if (cJSON_IsString(its) && strcmp(its->valuestring, name) == 0)
            return item;
    }
    return NULL;
}

static const cJSON *step(const cJSON *item, const char *name)
{
    char *end;
    long number = strtol(name, &end, 10);

    if (cJSON_IsArray(item) && *name != '\0' && *end == '\0')
        return number >= 0 && number <= INT_MAX
                   ? cJSON_GetArrayItem(item, (int)number)
                   : NULL;
    if (cJSON_IsArray(item))
        return named(item, name);
    return cJSON_GetObjectItemCaseSensitive(item, name);
}

static const char *count_of(const cJSON *item)
{
    if (!cJSON_IsArray(item) && !cJSON_IsObject(item))
        return NULL;
    return kit_text("%d", cJSON_GetArraySize(item));
}

/* *is_number: and not a string that looks like one. */
static const char *find_one(const cJSON *item, const char *path,
                            bool *is_number)
{
    *is_number = true;
    while (item != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        const char *name = kit_keep(path, length);
        if (strcmp(name, "#") == 0)
            return count_of(item);
        item = step(item, name);
        path += length + (path[length] == '.');
    }
    *is_number = cJSON_IsNumber(item);
    return item != NULL ? value_of(item) : NULL;
}

/* The first that there is of several paths. */
static const char *find(const cJSON *document, const char *paths,
                        bool *is_number)
{
    const char *found = NULL, *end = "|";

    for (; found == NULL && *end == '|'; paths = end + 1) {
        end = paths + strcspn(paths, "|");
        const char *path = kit_keep(paths, (size_t)(end - paths));
        found = find_one(document, path, is_number);
    }
    return found;
}

const char *kit_json_value(const char *json, const char *path)
{
    bool is_number;
    cJSON *document = cJSON_ParseWithOpts(json, NULL, true);
    const char *found =
        document != NULL ? find(document, path, &is_number) : NULL;

    cJSON_Delete(document);
    return found;
}

#define AROUND 16

const char *kit_json_break(const char *json)
{
    const char *at = json;

    cJSON_Delete(cJSON_ParseWithOpts(json, &at, false));
    const char *start = at - json > AROUND ? at - AROUND : json;
    return kit_keep(start, strnlen(start, (size_t)2 * AROUND));
}

/* ---- what a value shall be ----------------------------------------------- */

static bool is_range(const char *wanted)
{
    return strncmp(wanted, ">= ", 3) == 0 || strncmp(wanted, "<= ", 3) == 0;
}

static bool fits(const char *value, bool is_number, const char *wanted)
{
    if (strcmp(wanted, KIT_ANYTHING) == 0)
        return value != NULL && *value != '\0';
    if (value == NULL || !is_range(wanted))
        return strcmp(value != NULL ? value : "", wanted) == 0;
    double limit = strtod(wanted + 3, NULL), number = strtod(value, NULL);
    return is_number && (wanted[0] == '>' ? number >= limit : number <= limit);
}

static const char *in_words(const char *path, const char *value)
{
    int length = (int)strcspn(path, "|");

    if (length == 0)
        return "another document";
    if (strcmp(value, KIT_ANYTHING) == 0)
        return kit_text("a %.*s", length, path);
    return value[0] == '\0' ? kit_text("no %.*s", length, path)
                            : kit_text("%.*s %s", length, path, value);
}

const char *kit_value_text(const struct kit_value *value)
{
    return in_words(value->path, value->wanted);
}

static const struct kit_value *compare(const cJSON *document,
                                       const struct kit_value *values,
                                       const char **seen)
{
    for (; values->path != NULL; values++) {
        bool is_number;
        const char *value = find(document, values->path, &is_number);
        if (fits(value, is_number, values->wanted))
            continue;
        *seen = in_words(values->path, value != NULL ? value : "");
        if (value != NULL && is_range(values->wanted) && !is_number)
            *seen = kit_text("%s, not a number", *seen);
        return values;
    }
    return NULL;
}

const struct kit_value *kit_json_difference(const void *data, size_t length,
                                            const struct kit_value *values,
                                            const char **seen)
{
    static const struct kit_value whole = {
        "", "", "is the payload JSON, and is its length right?"};
    const char *text = kit_keep(data, length), *end = text;
    cJSON *document = cJSON_ParseWithOpts(text, &end, false);
    const struct kit_value *different = &whole;

    if (document == NULL) {
        *seen = "what does not parse as JSON";
    } else {
        end += strspn(end, " \t\r\n");
        size_t rest = length - (size_t)(end - text);
        if (rest > 0)
            *seen = kit_text("JSON, and after it %s", kit_quote(end, rest));
        else
            different = compare(document, values, seen);
    }
    cJSON_Delete(document);
    return different;
}
