#include "kit/stream/bucket.h"

#include "kit/base/clock.h"
#include "kit/base/difference.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/stream/state.h"
#include "kit/wire/jetstream.h"
#include "kit/wire/message.h"
#include "kit/wire/settle.h"
#include "kit/wire/tap.h"

#include <inttypes.h>
#include <string.h>

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

struct looked_for {
    kvStore *store;
    const char *key, *text;
    kvEntry *entry; /* what was seen last; NULL: nothing */
};

static bool has_value(void *argument)
{
    struct looked_for *sought = argument;

    kvEntry_Destroy(sought->entry);
    sought->entry = NULL;
    if (kvStore_Get(&sought->entry, sought->store, sought->key) != NATS_OK)
        return false;
    return kit_same(sought->text, strlen(sought->text),
                    kvEntry_Value(sought->entry),
                    (size_t)kvEntry_ValueLen(sought->entry));
}

/* Bytes and all, as the report quotes it. */
static const char *describe(struct looked_for *sought)
{
    if (sought->entry == NULL)
        return "no value";
    return kit_difference(sought->text, strlen(sought->text),
                          kvEntry_Value(sought->entry),
                          (size_t)kvEntry_ValueLen(sought->entry));
}

void kit_expect_value_at(struct kit_place *place, const char *bucket,
                         const char *key, const char *text, const char *why)
{
    struct looked_for sought = {.key = key, .text = text};
    jsCtx *js = kit_jetstream_at(place);

    if (js_KeyValue(&sought.store, js, bucket) != NATS_OK)
        kit_fail(kit_text("there is a bucket %s", bucket), why, "none");
    bool found = kit_await(has_value, &sought, KIT_DEADLINE_MS);
    const char *seen = describe(&sought);
    kvEntry_Destroy(sought.entry);
    kvStore_Destroy(sought.store);
    jsCtx_Destroy(js);
    if (!found)
        kit_fail(kit_text("key %s of bucket %s gets to be %s", key, bucket,
                          kit_quote(text, strlen(text))),
                 why, "%s", seen);
}

void kit_assert_compared_at(struct kit_place *place, const char *bucket,
                            const char *key, uint64_t revision, const char *why)
{
    const char *subject = kit_text("$KV.%s.%s", bucket, key);
    const char *wanted = kit_text("%" PRIu64, revision);
    size_t first = revision > 0; /* the message that is this revision */

    for (size_t i = first; i < kit_tapped_at(place, subject); i++) {
        const char *seen = kit_header(kit_tapped_message_at(place, subject, i),
                                      "Nats-Expected-Last-Subject-Sequence");
        if (strcmp(seen, wanted) != 0)
            kit_fail(kit_text("each attempt to store %s expects %s as its last "
                              "revision",
                              key, wanted),
                     why, "one expects %s", seen[0] == '\0' ? "none" : seen);
    }
}

struct muting {
    jsCtx *js;
    const char *stream;
    bool mute;
};

/* Asked of the stream's leader itself: it may have the new configuration later
 * than the update is answered. */
static bool is_muted(void *argument)
{
    struct muting *muting = argument;
    jsStreamInfo *info = NULL;

    if (js_GetStreamInfo(&info, muting->js, muting->stream, NULL, NULL) !=
        NATS_OK)
        return false;
    bool as_wanted = info->Config->NoAck == muting->mute;
    jsStreamInfo_Destroy(info);
    return as_wanted;
}

void kit_set_mute_at(struct kit_place *place, const char *bucket, bool mute)
{
    struct muting muting = {kit_jetstream_at(place), kit_text("KV_%s", bucket),
                            mute};
    jsStreamInfo *info = NULL;

    kit_must(js_GetStreamInfo(&info, muting.js, muting.stream, NULL, NULL),
             muting.stream);
    info->Config->NoAck = mute;
    kit_must(js_UpdateStream(NULL, muting.js, info->Config, NULL, NULL),
             muting.stream);
    jsStreamInfo_Destroy(info);
    bool done = kit_wait(is_muted, &muting, KIT_DEADLINE_MS);
    jsCtx_Destroy(muting.js);
    if (!done)
        kit_undecided("%s does not become %s", muting.stream,
                      mute ? "mute" : "loud");
}
