#include "kit/base/json.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Integers of a server go beyond what %g shows; a double holds 2^53. */
static const char *number(double value)
{
    if (value == (double)(long long)value)
        return kit_text("%lld", (long long)value);
    return kit_text("%.15g", value);
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
    if (cJSON_IsArray(item) && isdigit((unsigned char)name[0]))
        return cJSON_GetArrayItem(item, (int)strtol(name, NULL, 10));
    return cJSON_GetObjectItemCaseSensitive(item, name);
}

static const char *find(const cJSON *item, const char *path)
{
    while (item != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        const char *name = kit_keep(path, length);
        if (strcmp(name, "#") == 0)
            return kit_text("%d", cJSON_GetArraySize(item));
        item = step(item, name);
        path += length + (path[length] == '.');
    }
    return item != NULL ? value_of(item) : NULL;
}

const char *kit_json_value(const char *json, const char *path)
{
    cJSON *document = cJSON_Parse(json);
    const char *found = document != NULL ? find(document, path) : NULL;

    cJSON_Delete(document);
    return found;
}
