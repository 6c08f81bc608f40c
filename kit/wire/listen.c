#include "kit/wire/listen.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <stdlib.h>
#include <string.h>

static void keep(struct kit_listener *listener, natsMsg *msg)
{
    if (listener->count == listener->capacity) {
        listener->capacity = 2 * listener->capacity + 256;
        listener->items = realloc(
            listener->items, listener->capacity * sizeof(*listener->items));
        if (listener->items == NULL)
            abort();
    }
    listener->items[listener->count++] = kit_message_of(msg);
}

static bool is_sentinel(natsMsg *msg)
{
    return strncmp(natsMsg_GetSubject(msg), KIT_SENTINEL,
                   strlen(KIT_SENTINEL)) == 0;
}

static bool is_of_round(natsMsg *msg, const struct kit_round *round)
{
    return strcmp(natsMsg_GetSubject(msg), round->subject) == 0 &&
           strtol(natsMsg_GetData(msg), NULL, 10) == round->number;
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
    else if (is_of_round(msg, listener->round))
        listener->sentinels++;
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    natsMsg_Destroy(msg);
}

static void on_complete(void *closure)
{
    struct kit_listener *listener = closure;

    pthread_mutex_lock(&kit_lock);
    listener->complete = true;
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
}

void kit_listen(struct kit_listener *listener, natsConnection *nc,
                const char *subject, const struct kit_round *round)
{
    memset(listener, 0, sizeof(*listener));
    listener->round = round;
    kit_must(natsConnection_Subscribe(&listener->sub, nc, subject, on_message,
                                      listener),
             subject);
    kit_must(natsSubscription_SetPendingLimits(listener->sub, -1, -1),
             "pending limits");
    kit_must(
        natsSubscription_SetOnCompleteCB(listener->sub, on_complete, listener),
        "on complete");
}

static bool is_complete(void *argument)
{
    struct kit_listener *listener = argument;

    pthread_mutex_lock(&kit_lock);
    bool complete = listener->complete;
    pthread_mutex_unlock(&kit_lock);
    return complete;
}

/* Destroying a subscription does not wait for its callback, which may be in
 * the middle of keeping a message. */
void kit_listen_end(struct kit_listener *listener)
{
    if (listener->sub == NULL)
        return;
    natsSubscription *sub = listener->sub;
    natsSubscription_Unsubscribe(sub);
    bool complete = kit_wait(is_complete, listener, KIT_DEADLINE_MS);
    pthread_mutex_lock(&kit_lock);
    listener->sub = NULL;
    pthread_mutex_unlock(&kit_lock);
    natsSubscription_Destroy(sub);
    if (!complete)
        kit_undecided("a subscription of the check's own does not end");
}

void kit_listen_forget(struct kit_listener *listener)
{
    kit_listen_end(listener);
    free(listener->items);
    memset(listener, 0, sizeof(*listener));
}
