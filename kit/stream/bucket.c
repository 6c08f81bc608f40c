#include "kit/stream/bucket.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/stream/state.h"
#include "kit/wire/jetstream.h"
#include "kit/wire/message.h"
#include "kit/wire/settle.h"

struct wanted {
    jsCtx *js;
    const char *bucket;
    int history;
    int64_t begun; /* whatever is older is another test's */
    kvStore *store;
};

static bool is_new(struct wanted *wanted)
{
    const char *stream = kit_text("KV_%s", wanted->bucket);
    jsStreamInfo *info = NULL;

    if (js_GetStreamInfo(&info, wanted->js, stream, NULL, NULL) != NATS_OK)
        return false;
    bool new = info->Created >= wanted->begun;
    jsStreamInfo_Destroy(info);
    if (!new)
        js_DeleteStream(wanted->js, stream, NULL, NULL);
    return new;
}

static bool is_made(void *argument)
{
    struct wanted *wanted = argument;
    kvConfig config;

    kit_must(kvConfig_Init(&config), "bucket");
    config.Bucket = wanted->bucket;
    config.History = (uint8_t)wanted->history;
    config.StorageType = js_MemoryStorage;
    if (js_CreateKeyValue(&wanted->store, wanted->js, &config) != NATS_OK)
        return false;
    if (is_new(wanted))
        return true;
    kvStore_Destroy(wanted->store);
    wanted->store = NULL;
    return false;
}

void kit_add_bucket_at(struct kit_place *place, const char *bucket, int history,
                       const char *const values[])
{
    struct wanted wanted = {kit_jetstream_at(place), bucket, history,
                            place->wire->begun, NULL};

    if (!kit_wait(is_made, &wanted, KIT_ELECTION_MS))
        kit_undecided("%s does not make the bucket %s", place->name, bucket);
    kit_wire_settle(place->wire); /* so that what is put is not lost */
    for (size_t i = 0; values != NULL && values[i] != NULL; i += 2)
        kit_must(
            kvStore_PutString(NULL, wanted.store, values[i], values[i + 1]),
            "value");
    kvStore_Destroy(wanted.store);
    jsCtx_Destroy(wanted.js);
}

void kit_empty_bucket_at(struct kit_place *place, const char *bucket)
{
    jsCtx *js = kit_jetstream_at(place);

    kit_must(js_PurgeStream(js, kit_text("KV_%s", bucket), NULL, NULL),
             "purging a bucket");
    jsCtx_Destroy(js);
}

void kit_delete_bucket_at(struct kit_place *place, const char *bucket)
{
    jsCtx *js = kit_jetstream_at(place);

    kit_must(js_DeleteKeyValue(js, bucket), "deleting a bucket");
    jsCtx_Destroy(js);
}
