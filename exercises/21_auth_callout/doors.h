/* doors.h: two buckets that all doormen share, in the account that they log in
 * to. Given, so that you can think about who comes in.
 *
 *   doors    a key is a name, its value {"code":"..."}
 *   misses   a key is a name; each wrong code is put there, as one more value.
 *            The bucket keeps ten of them (its history), each for as long as a
 *            wrong code is held against somebody (its TTL)
 */
#ifndef DOORS_H
#define DOORS_H

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "workshop.h"

enum { DOORS_MS = 1000, DOORS_LONGEST = 32 };

struct doors {
    jsCtx *js;
    kvStore *codes, *misses;
};

/* Opens both, on the connection of ws. End with doors_close, even after a
 * failure: then workshop_close's line names the bucket. */
static inline natsStatus doors_open(struct doors *doors, struct workshop *ws)
{
    jsOptions options;

    memset(doors, 0, sizeof(*doors));
    jsOptions_Init(&options);
    options.Wait = DOORS_MS;
    natsStatus s = natsConnection_JetStream(&doors->js, ws->nc, &options);
    if (s != NATS_OK)
        return s;

    ws->name = "doorman: the bucket doors";
    s = js_KeyValue(&doors->codes, doors->js, "doors");
    if (s != NATS_OK)
        return s;

    ws->name = "doorman: the bucket misses";
    s = js_KeyValue(&doors->misses, doors->js, "misses");
    if (s != NATS_OK)
        return s;

    ws->name = "doorman";
    return NATS_OK;
}

static inline void doors_close(struct doors *doors)
{
    kvStore_Destroy(doors->codes); /* NULL is fine */
    kvStore_Destroy(doors->misses);
    jsCtx_Destroy(doors->js);
}

/* May this be somebody's name: one token of a subject, and a key? It comes from
 * a stranger: `*` and `a.b` are no names. */
static inline bool doors_is_name(const char *name)
{
    size_t length = strlen(name);

    return length > 0 && length <= DOORS_LONGEST &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_-") == length;
}

/* Looks up the code of somebody who has such a name. On success the caller
 * frees *code. NATS_NOT_FOUND if nobody is called that, or has no code;
 * any other status: nobody knows at the moment. */
static inline natsStatus doors_get_code(struct doors *doors, const char *name,
                                        char **code)
{
    kvEntry *entry = NULL;

    *code = NULL;
    natsStatus s = kvStore_Get(&entry, doors->codes, name);
    if (s != NATS_OK)
        return s;

    cJSON *json = cJSON_ParseWithLength(kvEntry_Value(entry),
                                        (size_t)kvEntry_ValueLen(entry));
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "code"));
    if (text == NULL) {
        s = NATS_NOT_FOUND;
    } else {
        *code = strdup(text);
        s = *code != NULL ? NATS_OK : NATS_NO_MEMORY;
    }
    cJSON_Delete(json); /* NULL is fine */
    kvEntry_Destroy(entry);
    return s;
}

/* Are the two the same? It takes as long for a code that is nearly right as for
 * any other of this length, so that the time tells nothing. */
static inline bool doors_is_same(const char *code, const char *given)
{
    size_t length = strlen(code);
    unsigned char differ = 0;

    if (strlen(given) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        differ |= (unsigned char)(code[i] ^ given[i]);
    return differ == 0;
}

/* How many wrong codes are held against the name at the moment. */
static inline natsStatus doors_count_misses(struct doors *doors,
                                            const char *name, int *count)
{
    kvEntryList list;

    *count = 0;
    natsStatus s = kvStore_History(&list, doors->misses, name, NULL);
    if (s == NATS_NOT_FOUND)
        return NATS_OK;
    if (s != NATS_OK)
        return s;

    for (int i = 0; i < list.Count; i++)
        *count += kvEntry_Operation(list.Entries[i]) == kvOp_Put;
    kvEntryList_Destroy(&list);
    return NATS_OK;
}

/* Holds one more wrong code against the name. */
static inline natsStatus doors_add_miss(struct doors *doors, const char *name)
{
    return kvStore_PutString(NULL, doors->misses, name, "wrong code");
}

#endif
