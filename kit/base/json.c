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

static const cJSON *step(const cJSON *item, const char *name)
{
    char *end;
    long number = strtol(name, &end, 10);

    if (cJSON_IsArray(item) && *name != '\0' && *end == '\0')
        return number >= 0 && number <= INT_MAX
                   ? cJSON_GetArrayItem(item, (int)number)
                   : NULL;
    return cJSON_GetObjectItemCaseSensitive(item, name);
}

static const char *count_of(const cJSON *item)
{
    if (!cJSON_IsArray(item) && !cJSON_IsObject(item))
        return NULL;
    return kit_text("%d", cJSON_GetArraySize(item));
}

static const char *find(const cJSON *item, const char *path)
{
    while (item != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        const char *name = kit_keep(path, length);
        if (strcmp(name, "#") == 0)
            return count_of(item);
        item = step(item, name);
        path += length + (path[length] == '.');
    }
    return item != NULL ? value_of(item) : NULL;
}

const char *kit_json_value(const char *json, const char *path)
{
    cJSON *document = cJSON_ParseWithOpts(json, NULL, true);
    const char *found = document != NULL ? find(document, path) : NULL;

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
