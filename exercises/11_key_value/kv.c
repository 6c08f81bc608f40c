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
    /* TODO 1: open the bucket. If there's none, create it instead. Look up
     * js_KeyValue, what it returns then, kvConfig and js_CreateKeyValue. */
    (void)store;
    (void)js;
    (void)name;
    return NATS_OK;
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
    /* TODO 2: get the key's entry, write its value on stdout, byte for byte,
     * and destroy the entry. Look up kvStore_Get, kvEntry_Value,
     * kvEntry_ValueLen and fwrite. */
    (void)store;
    (void)order;
    return NATS_OK;
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
    /* TODO 3: until workshop_is_stopped(), take the next entry, waiting
     * NEXT_MS at most: that none comes is no failure. Print it with
     * kv_print_change, or -- for the entry that is NULL; skip a key that was
     * deleted before that. Destroy each entry. Look up kvWatcher_Next. */
    (void)watcher;
    return NATS_OK;
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

    int length = snprintf(text, sizeof(text), "%" PRId64, number);
    /* TODO 4: publish the text, with the id, and only if revision is still the
     * last; 0 means that there's none. Wait STORE_MS for the ack. Look up
     * js_Publish and jsPubOptions: MaxWait, MsgId, ExpectLastSubjectSeq and
     * ExpectNoMessage. */
    (void)code;
    (void)counter;
    (void)revision;
    (void)id;
    (void)length;
    return NATS_OK;
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
    /* TODO 5: as long as it fails for another reason than that revision is
     * outdated, and the deadline isn't over, and we aren't stopped, kv_pause()
     * and try again. Set code to 0 before each attempt. */
    (void)deadline;
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
