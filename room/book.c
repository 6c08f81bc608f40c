#include "book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#define BUCKET "guestbook"

#define WRITE_MS 1000  /* an entry that nobody takes is offered so long */
#define ANSWER_MS 1000 /* for one answer from JetStream */

/* Not changed once it is open. */
struct book {
    jsCtx *js;
    kvStore *bucket;
    int replicas;
};

bool book_is_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= BOOK_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz"
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-_/=") == len;
}

/* True if the bytes are UTF-8 without control characters (NUL, newline,
 * escape...). */
static bool is_line_of_text(const char *data, size_t len)
{
    mbstate_t state;
    wchar_t c;

    memset(&state, 0, sizeof state);
    while (len > 0) {
        size_t n = mbrtowc(&c, data, len, &state);
        if (n == 0 || n > len || iswcntrl((wint_t)c))
            return false;
        data += n;
        len -= n;
    }
    return true;
}

const char *book_message_fault(const char *data, size_t len)
{
    if (len == 0)
        return "the message is empty";
    if (len > BOOK_MESSAGE_MAX)
        return "the message is too long: at most 1000 bytes fit";
    if (data[len - 1] == '\0')
        return "the message ends in a NUL byte: send the text without it";
    if (!is_line_of_text(data, len))
        return "the message is not one line of UTF-8 text";
    return NULL;
}

/* Finds the bucket or makes it. On success *bucket is the caller's, for
 * kvStore_Destroy. */
static natsStatus bucket_make(kvStore **bucket, struct book *book)
{
    kvConfig config;

    natsStatus s = js_KeyValue(bucket, book->js, BUCKET);
    if (s != NATS_NOT_FOUND)
        return s;

    kvConfig_Init(&config);
    config.Bucket = BUCKET;
    config.Description = "who was in the room";
    config.History = BOOK_HISTORY;
    config.Replicas = book->replicas;
    return js_CreateKeyValue(bucket, book->js, &config);
}

natsStatus book_open(struct book **book, natsConnection *nc, int replicas)
{
    jsOptions options;

    struct book *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NATS_NO_MEMORY;

    b->replicas = replicas;
    jsOptions_Init(&options);
    options.Wait = ANSWER_MS;
    natsStatus s = natsConnection_JetStream(&b->js, nc, &options);
    if (s == NATS_OK)
        s = bucket_make(&b->bucket, b);
    if (s != NATS_OK) {
        book_close(b);
        return s;
    }
    *book = b;
    return NATS_OK;
}

void book_close(struct book *book)
{
    if (book == NULL)
        return;
    kvStore_Destroy(book->bucket);
    jsCtx_Destroy(book->js);
    free(book);
}

/* Nobody takes an entry while the bucket has no leader, which passes, or when
 * it was removed by hand: so make sure that it is there and offer it again. */
natsStatus book_sign(struct book *book, uint64_t *number, const char *name,
                     const char *data, int len)
{
    int64_t give_up = nats_Now() + WRITE_MS;
    natsStatus s = kvStore_Put(number, book->bucket, name, data, len);

    while (s == NATS_NO_RESPONDERS && nats_Now() < give_up) {
        kvStore *same = NULL;
        bucket_make(&same, book); /* waits for the leader */
        kvStore_Destroy(same);
        s = kvStore_Put(number, book->bucket, name, data, len);
    }
    return s;
}

/* Revision of the newest entry of key, which may be ">" for all keys. The
 * leader of the bucket answers this. NATS_NOT_FOUND if there is none. */
static natsStatus bucket_newest(struct book *book, uint64_t *newest,
                                const char *key)
{
    natsMsg *msg = NULL;
    jsErrCode code = 0;
    char subject[128];

    snprintf(subject, sizeof subject, "$KV." BUCKET ".%s", key);
    natsStatus s =
        js_GetLastMsg(&msg, book->js, "KV_" BUCKET, subject, NULL, &code);
    if (s == NATS_OK)
        *newest = natsMsg_GetSequence(msg);
    else if (code == JSStreamNotFoundErr) /* removed by hand */
        s = NATS_NOT_FOUND;
    natsMsg_Destroy(msg);
    return s;
}

/* Puts an entry, in the form that is asked for, into a list. False if out of
 * memory. */
typedef bool (*take_entry)(cJSON *list, const kvEntry *entry);

/* Hands the entries of key to take, oldest first. */
static natsStatus bucket_scan(struct book *book, const char *key,
                              kvWatchOptions *options, take_entry take,
                              cJSON *list, uint64_t *newest)
{
    kvWatcher *watcher = NULL;
    bool more = true;

    natsStatus s = kvStore_Watch(&watcher, book->bucket, key, options);
    while (s == NATS_OK && more) {
        kvEntry *entry = NULL;
        s = kvWatcher_Next(&entry, watcher, ANSWER_MS);
        more = entry != NULL; /* NULL comes after the last */
        if (s == NATS_OK && more) {
            *newest = kvEntry_Revision(entry);
            s = take(list, entry) ? NATS_OK : NATS_NO_MEMORY;
        }
        kvEntry_Destroy(entry);
    }
    kvWatcher_Destroy(watcher);
    return s;
}

/* Fills list with the entries of key. Any replica of the bucket may be the one
 * that is read, and it can be behind: what was thanked for must be in the list,
 * so it is read until it has the entry that the leader calls the newest. */
static natsStatus bucket_read(struct book *book, const char *key,
                              kvWatchOptions *options, take_entry take,
                              cJSON *list)
{
    int64_t give_up = nats_Now() + ANSWER_MS;
    uint64_t wanted = 0;
    uint64_t newest = 0;

    natsStatus s = bucket_newest(book, &wanted, key);
    while (s == NATS_OK && newest < wanted) {
        while (cJSON_GetArraySize(list) > 0)
            cJSON_DeleteItemFromArray(list, 0);
        s = bucket_scan(book, key, options, take, list, &newest);
        if (s == NATS_OK && newest < wanted && nats_Now() > give_up)
            s = NATS_TIMEOUT;
    }
    return s;
}

/* Appends {"message":...,"time":...}. */
static bool take_message(cJSON *list, const kvEntry *entry)
{
    const char *text = kvEntry_ValueString(entry);
    time_t seconds = (time_t)(kvEntry_Created(entry) / 1000000000);
    struct tm utc;
    char when[32];

    if (kvEntry_Operation(entry) != kvOp_Put) { /* deleted by hand */
        while (cJSON_GetArraySize(list) > 0)
            cJSON_DeleteItemFromArray(list, 0);
        return true;
    }

    /* The bucket is open to all: somebody may have put anything into it. */
    if (book_message_fault(text, (size_t)kvEntry_ValueLen(entry)) != NULL)
        text = "(not a message)";
    gmtime_r(&seconds, &utc);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);

    cJSON *json = cJSON_CreateObject();
    if (cJSON_AddStringToObject(json, "message", text) != NULL &&
        cJSON_AddStringToObject(json, "time", when) != NULL &&
        cJSON_AddItemToArray(list, json))
        return true;
    cJSON_Delete(json);
    return false;
}

/* Appends the name of the guest. */
static bool take_name(cJSON *list, const kvEntry *entry)
{
    const char *name = kvEntry_Key(entry);

    if (kvEntry_Operation(entry) != kvOp_Put || !book_is_name(name))
        return true; /* deleted, or put there, by hand */

    cJSON *json = cJSON_CreateString(name);
    if (cJSON_AddItemToArray(list, json))
        return true;
    cJSON_Delete(json);
    return false;
}

natsStatus book_entries(struct book *book, cJSON *list, const char *name)
{
    kvWatchOptions options;

    kvWatchOptions_Init(&options);
    options.IncludeHistory = true;
    natsStatus s = bucket_read(book, name, &options, take_message, list);
    if (s == NATS_OK && cJSON_GetArraySize(list) == 0)
        return NATS_NOT_FOUND;
    return s;
}

natsStatus book_names(struct book *book, cJSON *list)
{
    kvWatchOptions options;

    kvWatchOptions_Init(&options);
    options.MetaOnly = true;
    natsStatus s = bucket_read(book, ">", &options, take_name, list);
    return s == NATS_NOT_FOUND ? NATS_OK : s; /* nobody yet */
}
