/* kv.h: what has nothing to do with NATS: the command line, standard input,
 * numbers; and what the three commands that print have in common. Given, so
 * that you can think about buckets.
 *
 *     struct kv_order order;
 *     if (!kv_understand(&order, argc, argv))
 *         return 2;
 */
#ifndef KV_H
#define KV_H

#ifndef _POSIX_C_SOURCE
#error "define _POSIX_C_SOURCE as 200809L before the first #include"
#endif

#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <nats/nats.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    KV_MAX_VALUE = 1024 * 1024,
    KV_MAX_TIMES = 1000000,
    KV_MAX_NAME = 512 /* of a stream, a subject */
};

/* ---- the command line ---------------------------------------------------- */

struct kv_order {
    const char *verb, *bucket, *key;
    const char *value; /* NULL: it's on standard input */
    int times;         /* for incr */
};

/* Is it made of letters, digits, and these other characters? */
static inline bool kv_is_made_of(const char *text, const char *others)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    for (const char *c = text; *c != '\0'; c++) {
        if (strchr(letters, *c) == NULL && strchr(others, *c) == NULL)
            return false;
    }
    return text[0] != '\0';
}

/* NATS takes these as the name of a bucket. */
static inline bool kv_is_bucket(const char *text)
{
    return kv_is_made_of(text, "_-");
}

/* And these as a key: it becomes a subject's end, so a dot separates words. */
static inline bool kv_is_key(const char *text)
{
    size_t length = strlen(text);

    return kv_is_made_of(text, "_-/=.") && text[0] != '.' &&
           text[length - 1] != '.' && strstr(text, "..") == NULL;
}

/* A number from 1 to KV_MAX_TIMES; 0 where the text is none. */
static inline int kv_times(const char *text)
{
    char *end = NULL;
    long number = strtol(text, &end, 10);

    return *end == '\0' && number >= 1 && number <= KV_MAX_TIMES ? (int)number
                                                                 : 0;
}

/* Fills order. False, after a line on stderr, where it isn't understood. */
static inline bool kv_understand(struct kv_order *order, int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    bool put = strcmp(verb, "put") == 0, incr = strcmp(verb, "incr") == 0;
    bool watch = strcmp(verb, "watch") == 0;
    bool known = put || incr || watch || strcmp(verb, "get") == 0 ||
                 strcmp(verb, "del") == 0 || strcmp(verb, "history") == 0;
    int words = watch ? 3 : 4;
    const char *more = argc == 5 ? argv[4] : NULL;

    *order = (struct kv_order){.verb = verb, .times = 1};
    if (known && (argc == words || (argc == 5 && (put || incr)))) {
        order->bucket = argv[2];
        order->key = watch ? ">" : argv[3];
        order->value = put ? more : NULL;
        order->times = incr && more != NULL ? kv_times(more) : 1;
        if (kv_is_bucket(argv[2]) && (watch || kv_is_key(argv[3])) &&
            order->times > 0)
            return true;
    }
    fputs("usage: kv put BUCKET KEY [VALUE] | get BUCKET KEY | del BUCKET KEY "
          "| history BUCKET KEY | watch BUCKET | incr BUCKET KEY [TIMES]\n",
          stderr);
    return false;
}

/* ---- values -------------------------------------------------------------- */

/* The value of `put`: the argument, or all of standard input. free() it. NULL,
 * after a line on stderr, where it can't be read, or has more than
 * KV_MAX_VALUE bytes. */
static inline char *kv_read_value(const struct kv_order *order, int *length)
{
    char *value = malloc(KV_MAX_VALUE + 1);
    size_t size = 0;

    if (value == NULL) {
        fputs("kv: no memory\n", stderr);
        return NULL;
    }
    if (order->value == NULL)
        size = fread(value, 1, KV_MAX_VALUE + 1, stdin);
    else
        size = strlen(order->value);
    if (size > KV_MAX_VALUE || (order->value == NULL && ferror(stdin))) {
        fputs("kv: the value is too long, or can't be read\n", stderr);
        free(value);
        return NULL;
    }
    if (order->value != NULL)
        memcpy(value, order->value, size);
    *length = (int)size;
    return value;
}

static inline bool kv_is_delete(kvEntry *entry)
{
    return kvEntry_Operation(entry) != kvOp_Put; /* also kvOp_Purge */
}

/* Prints the value, as part of a line: what would steer a terminal is a '?'. */
static inline void kv_print_value(kvEntry *entry)
{
    put_text(stdout, kvEntry_Value(entry), (size_t)kvEntry_ValueLen(entry));
}

/* "3 PUT apple", "4 DEL" */
static inline void kv_print_revision(kvEntry *entry)
{
    printf("%" PRIu64, kvEntry_Revision(entry));
    if (kv_is_delete(entry)) {
        puts(" DEL");
        return;
    }
    printf(" PUT ");
    kv_print_value(entry);
    putchar('\n');
}

/* "PUT fruit apple", "DEL fruit" */
static inline void kv_print_change(kvEntry *entry)
{
    if (kv_is_delete(entry)) {
        printf("DEL %s\n", kvEntry_Key(entry));
        return;
    }
    printf("PUT %s ", kvEntry_Key(entry));
    kv_print_value(entry);
    putchar('\n');
}

/* ---- counters ------------------------------------------------------------ */

/* Where a counter is: the key, and what's behind it. */
struct kv_counter {
    jsCtx *js;
    kvStore *store;
    const char *key;
    char stream[KV_MAX_NAME], subject[KV_MAX_NAME];
};

static inline struct kv_counter kv_counter_of(jsCtx *js, kvStore *store,
                                              const struct kv_order *order)
{
    struct kv_counter counter = {.js = js, .store = store, .key = order->key};

    snprintf(counter.stream, sizeof(counter.stream), "KV_%s", order->bucket);
    snprintf(counter.subject, sizeof(counter.subject), "$KV.%s.%s",
             order->bucket, order->key);
    return counter;
}

/* The number that an entry's value is. False where it's anything else. */
static inline bool kv_parse(int64_t *number, kvEntry *entry)
{
    char text[24], *end = NULL;
    int length = kvEntry_ValueLen(entry);

    if (length < 1 || length >= (int)sizeof(text))
        return false;
    memcpy(text, kvEntry_Value(entry), (size_t)length);
    text[length] = '\0';
    errno = 0;
    *number = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && *number < INT64_MAX &&
           strlen(text) == (size_t)length;
}

/* What an entry says: a number, and the revision that it's from. A deleted key
 * counts as 0. A value that isn't a number is NATS_INVALID_ARG, after a line on
 * stderr. */
static inline natsStatus kv_read(int64_t *number, uint64_t *revision,
                                 kvEntry *entry)
{
    *number = 0;
    *revision = kvEntry_Revision(entry);
    if (kv_is_delete(entry) || kv_parse(number, entry))
        return NATS_OK;

    fprintf(stderr, "kv: %s isn't a number: ", kvEntry_Key(entry));
    put_text(stderr, kvEntry_Value(entry), (size_t)kvEntry_ValueLen(entry));
    putc('\n', stderr);
    return NATS_INVALID_ARG;
}

/* The same of the key's last entry. A key that never existed counts as 0, and
 * so does its revision. kvStore_Get doesn't tell such a key from a deleted one,
 * whose revision counts; and a server that lags behind finds neither. */
static inline natsStatus kv_look(int64_t *number, uint64_t *revision,
                                 const struct kv_counter *counter)
{
    kvEntry *entry = NULL;
    kvEntryList list = {0};

    *number = 0;
    *revision = 0;
    natsStatus s = kvStore_Get(&entry, counter->store, counter->key);
    if (s == NATS_OK)
        s = kv_read(number, revision, entry);
    else if (s == NATS_NOT_FOUND)
        s = kvStore_History(&list, counter->store, counter->key, NULL);
    if (s == NATS_OK && list.Count > 0)
        s = kv_read(number, revision, list.Entries[list.Count - 1]);
    kvEntry_Destroy(entry); /* NULL is fine */
    kvEntryList_Destroy(&list);
    return s == NATS_NOT_FOUND ? NATS_OK : s;
}

/* Has the server refused a message because the revision that it expects isn't
 * the key's last one? */
static inline bool kv_is_outdated(jsErrCode code)
{
    return code == JSStreamWrongLastSequenceErr ||
           code == JSStreamWrongLastSequenceConstantErr;
}

/* We were refused. Is the key's next revision after this one our own message,
 * with this id? With one replica, a stream looks at the revision before it
 * looks at the id, so it refuses what it has stored itself, if the ack got
 * lost. */
static inline bool kv_is_ours(const struct kv_counter *counter,
                              uint64_t revision, const char *id)
{
    jsDirectGetMsgOptions next;
    const char *its_id = NULL;
    natsMsg *msg = NULL;

    jsDirectGetMsgOptions_Init(&next);
    next.Sequence = revision + 1;
    next.NextBySubject = counter->subject;
    natsStatus s =
        js_DirectGetMsg(&msg, counter->js, counter->stream, NULL, &next);
    bool is_ours = s == NATS_OK &&
                   natsMsgHeader_Get(msg, "Nats-Msg-Id", &its_id) == NATS_OK &&
                   strcmp(its_id, id) == 0;
    natsMsg_Destroy(msg);
    return is_ours;
}

/* Some 20 ms, for somebody else to become the leader. */
static inline void kv_pause(void)
{
    const struct timespec pause = {.tv_nsec = 20 * 1000000L};

    nanosleep(&pause, NULL);
}

#endif
