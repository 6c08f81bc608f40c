#include "kit/stream/bucket.h"

#include "kit/base/text.h"
#include "kit/wire/jetstream.h"
#include "kit/wire/message.h"

void kit_add_bucket_at(struct kit_place *place, const char *bucket, int history)
{
    jsCtx *js = kit_jetstream_at(place);
    kvStore *store = NULL;
    kvConfig config;

    kit_must(kvConfig_Init(&config), "bucket");
    config.Bucket = bucket;
    config.History = (uint8_t)history;
    config.StorageType = js_MemoryStorage;
    kit_must(js_CreateKeyValue(&store, js, &config), "bucket");
    kvStore_Destroy(store);
    jsCtx_Destroy(js);
}

void kit_put_at(struct kit_place *place, const char *bucket, const char *key,
                const char *value)
{
    jsCtx *js = kit_jetstream_at(place);
    kvStore *store = NULL;

    kit_must(js_KeyValue(&store, js, bucket), "bucket");
    kit_must(kvStore_PutString(NULL, store, key, value), "value");
    kvStore_Destroy(store);
    jsCtx_Destroy(js);
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
