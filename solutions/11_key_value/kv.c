/* kv put BUCKET KEY [VALUE]     stores the value, or standard input; prints its
 *                               revision
 * kv get BUCKET KEY             prints the value, byte for byte
 * kv del BUCKET KEY             deletes the key
 * kv history BUCKET KEY         the last five revisions, oldest first
 * kv watch BUCKET               what's there, a line --, then every change
 * kv incr BUCKET KEY [TIMES]    adds one, and prints the result; TIMES times */
#define _POSIX_C_SOURCE 200809L

#include "11_key_value/kv.h"
#include "workshop.h"

enum {
    NEXT_MS = 100,      /* how long to wait for a change at a time */
    HEARTBEAT_MS = 500, /* a watch that misses them starts over */
    STORE_MS = 250,     /* one attempt to store a number */
    RETRY_MS = 15000,   /* all attempts: a new leader may take 8 s */
};

/* ---- the bucket ---------------------------------------------------------- */

/* Opens the bucket. If there's none, creates it: with a history of five
 * revisions for each key, on three servers. */
static natsStatus open_bucket(kvStore **store, jsCtx *js, const char *name)
{
    kvConfig config;

    natsStatus s = js_KeyValue(store, js, name);
    if (s != NATS_NOT_FOUND)
        return s;

    kvConfig_Init(&config);
    config.Bucket = name;
    config.History = 5;
    config.Replicas = 3;
    return js_CreateKeyValue(store, js, &config);
}

static natsStatus put(kvStore *store, const struct kv_order *order)
{
    uint64_t revision = 0;
    int length = 0;
    char *value = kv_read_value(order, &length);

    if (value == NULL)
        return NATS_ERR;
    natsStatus s = kvStore_Put(&revision, store, order->key, value, length);
    if (s == NATS_OK)
        printf("%" PRIu64 "\n", revision);
    free(value);
    return s;
}

static natsStatus get(kvStore *store, const struct kv_order *order)
{
    kvEntry *entry = NULL;

    natsStatus s = kvStore_Get(&entry, store, order->key);
    if (s == NATS_OK)
        fwrite(kvEntry_Value(entry), 1, (size_t)kvEntry_ValueLen(entry),
               stdout);
    kvEntry_Destroy(entry);
    return s;
}

static natsStatus history(kvStore *store, const struct kv_order *order)
{
    kvEntryList list = {0};

    natsStatus s = kvStore_History(&list, store, order->key, NULL);
    for (int i = 0; i < list.Count; i++)
        kv_print_revision(list.Entries[i]);
    kvEntryList_Destroy(&list);
    return s;
}

/* ---- watching ------------------------------------------------------------ */

/* Prints the changes that arrive, until we're stopped. First come the present
 * values, then an entry that is NULL. A key that's deleted has no present
 * value: the mark that says so is of interest only if it's a change. */
static natsStatus print_changes(kvWatcher *watcher)
{
    natsStatus s = NATS_OK;
    bool is_present = true;

    while ((s == NATS_OK || s == NATS_TIMEOUT) && !workshop_is_stopped()) {
        kvEntry *entry = NULL;
        s = kvWatcher_Next(&entry, watcher, NEXT_MS);
        if (s == NATS_OK && entry == NULL) {
            puts("--");
            is_present = false;
        } else if (s == NATS_OK && !(is_present && kv_is_delete(entry))) {
            kv_print_change(entry);
        }
        kvEntry_Destroy(entry); /* NULL is fine */
    }
    return s == NATS_TIMEOUT ? NATS_OK : s;
}

static natsStatus watch(kvStore *store)
{
    kvWatcher *watcher = NULL;
    kvWatchOptions options;

    kvWatchOptions_Init(&options);
    options.Heartbeat = HEARTBEAT_MS * 1000000LL; /* in nanoseconds */
    natsStatus s = kvStore_WatchAll(&watcher, store, &options);
    if (s == NATS_OK)
        s = print_changes(watcher);
    kvWatcher_Destroy(watcher); /* NULL is fine */
    return s;
}

/* ---- counting ------------------------------------------------------------ */

/* Sends the number to the bucket's stream, and waits for the ack. It's stored
 * only if the key's last revision is still this one. */
static natsStatus try_to_store(jsErrCode *code,
                               const struct kv_counter *counter, int64_t number,
                               uint64_t revision, const char *id)
{
    char text[24];
    jsPubOptions opts;

    int length = snprintf(text, sizeof(text), "%" PRId64, number);
    jsPubOptions_Init(&opts);
    opts.MaxWait = STORE_MS;
    opts.MsgId = id;
    opts.ExpectNoMessage = revision == 0;
    opts.ExpectLastSubjectSeq = revision;
    return js_Publish(NULL, counter->js, counter->subject, text, length, &opts,
                      code);
}

/* Tries until it's known whether the number is stored: NATS_OK, or
 * NATS_MISMATCH where somebody else was faster. Without an answer, it may be
 * stored or not. The same message again, with the same id, is harmless: if the
 * stream has it, it isn't stored twice. */
static natsStatus store(const struct kv_counter *counter, int64_t number,
                        uint64_t revision, int64_t deadline)
{
    natsInbox *id = NULL; /* a name that nobody else has */
    jsErrCode code = 0;

    natsStatus s = natsInbox_Create(&id);
    if (s != NATS_OK)
        return s;

    s = try_to_store(&code, counter, number, revision, id);
    while (s != NATS_OK && !kv_is_outdated(code) && nats_Now() < deadline &&
           !workshop_is_stopped()) {
        kv_pause();
        code = 0;
        s = try_to_store(&code, counter, number, revision, id);
    }
    if (kv_is_outdated(code))
        s = kv_is_ours(counter, revision, id) ? NATS_OK : NATS_MISMATCH;
    natsInbox_Destroy(id);
    return s;
}

/* Adds one: looks at what's there, and stores the next number, if nothing has
 * changed in the meantime. Otherwise, looks again. */
static natsStatus add_one(const struct kv_counter *counter)
{
    int64_t deadline = nats_Now() + RETRY_MS, number = 0;
    uint64_t revision = 0;
    natsStatus s = NATS_MISMATCH;

    while ((s == NATS_MISMATCH || s == NATS_TIMEOUT) && nats_Now() < deadline &&
           !workshop_is_stopped()) {
        s = kv_look(&number, &revision, counter);
        if (s == NATS_OK)
            s = store(counter, number + 1, revision, deadline);
    }
    if (s == NATS_OK)
        printf("%" PRId64 "\n", number + 1);
    return s;
}

static natsStatus incr(const struct kv_counter *counter, int times)
{
    natsStatus s = NATS_OK;

    for (int i = 0; i < times && s == NATS_OK && !workshop_is_stopped(); i++)
        s = add_one(counter);
    return s;
}

static natsStatus obey(jsCtx *js, kvStore *store, const struct kv_order *order)
{
    struct kv_counter counter = kv_counter_of(js, store, order);

    switch (order->verb[0]) { /* each begins with another letter */
    case 'p':
        return put(store, order);
    case 'g':
        return get(store, order);
    case 'd':
        return kvStore_Delete(store, order->key);
    case 'h':
        return history(store, order);
    case 'w':
        return watch(store);
    default:
        return incr(&counter, order->times);
    }
}

int main(int argc, char **argv)
{
    struct kv_order order;
    struct workshop ws;
    sigset_t stop;
    jsCtx *js = NULL;
    kvStore *store = NULL;

    if (!kv_understand(&order, argc, argv))
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0); /* show each line at once */
    workshop_block_signals(&stop);

    natsStatus s = workshop_connect(&ws, "kv");
    if (s == NATS_OK)
        s = natsConnection_JetStream(&js, ws.nc, NULL);
    if (s == NATS_OK)
        s = open_bucket(&store, js, order.bucket);
    if (s == NATS_OK)
        s = obey(js, store, &order);

    kvStore_Destroy(store); /* NULL is fine */
    jsCtx_Destroy(js);
    return workshop_close(&ws, s);
}
