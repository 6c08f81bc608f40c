#include "kit/stream/objects.h"

#include "kit/base/clock.h"
#include "kit/base/difference.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/stream/state.h"
#include "kit/wire/jetstream.h"
#include "kit/wire/settle.h"

#include <stdlib.h>
#include <string.h>

#define LIFE_MS 120000

/* ---- the check's own ----------------------------------------------------- */

struct wanted {
    jsCtx *js;
    objStoreConfig config;
};

static bool is_made(void *argument)
{
    struct wanted *wanted = argument;
    objStore *store = NULL;

    natsStatus s = js_CreateObjectStore(&store, wanted->js, &wanted->config);
    objStore_Destroy(store);
    return s == NATS_OK;
}

void kit_add_objects_at(struct kit_place *place, const char *bucket)
{
    struct wanted wanted = {.js = kit_jetstream_at(place)};

    objStoreConfig_Init(&wanted.config);
    wanted.config.Bucket = bucket;
    wanted.config.TTL = LIFE_MS;
    bool made = kit_wait(is_made, &wanted, KIT_ELECTION_MS);
    jsCtx_Destroy(wanted.js);
    if (!made)
        kit_undecided("%s does not make the bucket %s", place->name, bucket);
    kit_wire_settle(place->wire);
}

void kit_remove_objects_at(struct kit_place *place, const char *bucket)
{
    jsCtx *js = kit_jetstream_at(place);

    kit_must(js_DeleteObjectStore(js, bucket), "delete a bucket");
    jsCtx_Destroy(js);
}

/* NULL where there is no such bucket; the caller destroys both. */
static objStore *open_store(struct kit_place *place, const char *bucket,
                            jsCtx **js)
{
    objStore *store = NULL;

    *js = kit_jetstream_at(place);
    natsStatus s = js_ObjectStore(&store, *js, bucket);
    if (s != NATS_NOT_FOUND)
        kit_must(s, "object store");
    return store;
}

static void close_store(objStore *store, jsCtx *js)
{
    objStore_Destroy(store);
    jsCtx_Destroy(js);
}

void kit_put_object_at(struct kit_place *place, const char *bucket,
                       const char *name, const void *data, size_t length)
{
    jsCtx *js;
    objStore *store = open_store(place, bucket, &js);

    kit_must(objStore_PutBytes(NULL, store, name, length > 0 ? data : NULL,
                               (int)length),
             "put an object");
    close_store(store, js);
}

void kit_remove_object_at(struct kit_place *place, const char *bucket,
                          const char *name)
{
    jsCtx *js;
    objStore *store = open_store(place, bucket, &js);

    kit_must(objStore_Delete(store, name), "delete an object");
    close_store(store, js);
}

struct kit_message kit_take_chunk_at(struct kit_place *place,
                                     const char *bucket, const char *name)
{
    const char *stream = kit_text("OBJ_%s", bucket);
    objStoreInfo *info = NULL;
    natsMsg *chunk = NULL;
    jsCtx *js;

    objStore *store = open_store(place, bucket, &js);
    kit_must(objStore_GetInfo(&info, store, name, NULL), "object");
    const char *subject = kit_text("$O.%s.C.%s", bucket, info->NUID);
    kit_must(js_GetLastMsg(&chunk, js, stream, subject, NULL, NULL), "chunk");
    kit_must(js_DeleteMsg(js, stream, natsMsg_GetSequence(chunk), NULL, NULL),
             "delete a chunk");
    struct kit_message message = kit_message_of(chunk);
    natsMsg_Destroy(chunk);
    objStoreInfo_Destroy(info);
    close_store(store, js);
    return message;
}

/* ---- a program's --------------------------------------------------------- */

struct kit_object {
    bool exists;
    uint64_t size;
    const char *description; /* "" where there is none */
};

/* What the bucket tells of an object; all is zero where there is none. */
static struct kit_object object_at(struct kit_place *place, const char *bucket,
                                   const char *name)
{
    struct kit_object object = {.description = ""};
    objStoreInfo *info = NULL;
    jsCtx *js;

    objStore *store = open_store(place, bucket, &js);
    natsStatus s = NATS_NOT_FOUND;
    if (store != NULL)
        s = objStore_GetInfo(&info, store, name, NULL);
    if (s == NATS_OK)
        object = (struct kit_object){true, info->Size,
                                     kit_keep_text(info->Meta.Description)};
    objStoreInfo_Destroy(info);
    close_store(store, js);
    if (s != NATS_OK && s != NATS_NOT_FOUND)
        kit_undecided("the bucket %s does not tell about %s: %s", bucket, name,
                      natsStatus_GetText(s));
    return object;
}

struct look {
    struct kit_place *place;
    const char *bucket, *name;
    const void *data;
    size_t length;
    const char *seen; /* NULL: as wanted */
};

/* The bytes are those that the digest is of, or there is no success. */
static const char *look_at(struct look *look, objStore *store)
{
    void *data = NULL;
    int length = 0;

    if (store == NULL)
        return kit_text("no bucket %s", look->bucket);
    natsStatus s = objStore_GetBytes(&data, &length, store, look->name, NULL);
    if (s == NATS_NOT_FOUND)
        return "no object of this name";
    if (s != NATS_OK)
        return kit_text("getting it fails: %s", nats_GetLastError(NULL));
    const char *seen =
        kit_same(look->data, look->length, data, (size_t)length)
            ? NULL
            : kit_difference(look->data, look->length, data, (size_t)length);
    free(data);
    return seen;
}

static bool is_as_wanted(void *argument)
{
    struct look *look = argument;
    jsCtx *js;

    objStore *store = open_store(look->place, look->bucket, &js);
    look->seen = look_at(look, store);
    close_store(store, js);
    return look->seen == NULL;
}

void kit_expect_object_at(struct kit_place *place, const char *bucket,
                          const char *name, const void *data, size_t length,
                          const char *why)
{
    struct look look = {place, bucket, name, data, length, NULL};

    if (!kit_await(is_as_wanted, &look, KIT_DEADLINE_MS))
        kit_fail(kit_text("the object %s in the bucket %s, %s", name, bucket,
                          kit_quote(data, length)),
                 why, "%s", look.seen);
}

void kit_assert_no_object_at(struct kit_place *place, const char *bucket,
                             const char *name, const char *why)
{
    struct kit_object object = object_at(place, bucket, name);

    if (object.exists)
        kit_fail(kit_text("no object %s in the bucket %s", name, bucket), why,
                 "one of %llu bytes", (unsigned long long)object.size);
}

void kit_assert_described_at(struct kit_place *place, const char *bucket,
                             const char *name, const char *description,
                             const char *why)
{
    struct kit_object object = object_at(place, bucket, name);

    if (!object.exists || strcmp(object.description, description) != 0)
        kit_fail(kit_text("the object %s in the bucket %s, described as %s",
                          name, bucket,
                          kit_quote(description, strlen(description))),
                 why, "%s",
                 object.exists
                     ? kit_quote(object.description, strlen(object.description))
                     : "no such object");
}
