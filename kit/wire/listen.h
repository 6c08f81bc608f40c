/* What the kit hears: subscriptions that keep every message. */
#ifndef KIT_WIRE_LISTEN_H
#define KIT_WIRE_LISTEN_H

#include "kit/wire/message.h"

#define KIT_SENTINEL "_INBOX.kit.settle."

/* Sentinels (wire/settle.h): those of an earlier round do not count. */
struct kit_round {
    char subject[64];
    int number;
};

/* A subscription and all that it heard. Guarded by kit_lock. */
struct kit_listener {
    const struct kit_round *round; /* whose sentinels it counts */
    const bool *up;                /* of the server it hears, NULL: any */
    natsSubscription *sub;         /* NULL when it has ended */
    struct kit_message *items;
    size_t count, capacity;
    int sentinels; /* of the round under way */
    bool complete; /* its callback will not run again */
};

/* Begins with an empty one. */
void kit_listen(struct kit_listener *listener, natsConnection *nc,
                const char *subject, const struct kit_round *round);

/* Ends it, and waits until its callback has. Keeps what it heard. */
void kit_listen_end(struct kit_listener *listener);

/* Ends it, and keeps nothing. */
void kit_listen_forget(struct kit_listener *listener);

#endif
