/* What the kit hears: subscriptions that keep every message. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define SENTINEL "_INBOX.kit.settle."

static struct {
    char subject[64]; /* of this test's sentinels */
    int round;        /* older ones do not count */
} sentinel;

void kit_must(natsStatus s, const char *what)
{
    if (s != NATS_OK)
        kit_undecided("%s: %s", what, natsStatus_GetText(s));
}

/* A reply that says `no responders` is kept without data. */
static void keep(struct kit_listener *listener, natsMsg *msg)
{
    const char *reply = natsMsg_GetReply(msg);
    const char *subject = natsMsg_GetSubject(msg);
    size_t length = (size_t)natsMsg_GetDataLength(msg);

    if (listener->count == listener->capacity) {
        listener->capacity = 2 * listener->capacity + 256;
        listener->items = realloc(
            listener->items, listener->capacity * sizeof(*listener->items));
        if (listener->items == NULL)
            abort();
    }
    listener->items[listener->count++] = (struct kit_message){
        .at = kit_clock(),
        .subject = kit_keep(subject, strlen(subject)),
        .reply = reply != NULL ? kit_keep(reply, strlen(reply)) : "",
        .data = natsMsg_IsNoResponders(msg)
                    ? NULL
                    : kit_keep(natsMsg_GetData(msg), length),
        .length = length,
    };
}

static bool is_sentinel(natsMsg *msg)
{
    return strncmp(natsMsg_GetSubject(msg), SENTINEL, strlen(SENTINEL)) == 0;
}

static bool is_of_this_round(natsMsg *msg)
{
    return strcmp(natsMsg_GetSubject(msg), sentinel.subject) == 0 &&
           strtol(natsMsg_GetData(msg), NULL, 10) == sentinel.round;
}

static void on_message(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                       void *closure)
{
    struct kit_listener *listener = closure;

    (void)nc;
    (void)sub;
    pthread_mutex_lock(&kit_lock);
    if (!is_sentinel(msg))
        keep(listener, msg);
    else if (is_of_this_round(msg))
        listener->sentinels++;
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    natsMsg_Destroy(msg);
}

const char *kit_sentinel_subject(const char *test)
{
    snprintf(sentinel.subject, sizeof(sentinel.subject), SENTINEL "%s.all",
             test);
    return sentinel.subject;
}

int kit_locked_next_round(void)
{
    return ++sentinel.round;
}

void kit_listen(struct kit_listener *listener, natsConnection *nc,
                const char *subject)
{
    memset(listener, 0, sizeof(*listener));
    kit_must(natsConnection_Subscribe(&listener->sub, nc, subject, on_message,
                                      listener),
             subject);
    kit_must(natsSubscription_SetPendingLimits(listener->sub, -1, -1),
             "pending limits");
}

void kit_listen_end(struct kit_listener *listener)
{
    natsSubscription_Destroy(listener->sub);
    listener->sub = NULL;
}

void kit_listen_forget(struct kit_listener *listener)
{
    kit_listen_end(listener);
    free(listener->items);
    memset(listener, 0, sizeof(*listener));
}
