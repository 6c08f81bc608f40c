/* Attempts: what a login may do, and what it may not. A refusal is a result,
 * not a failure of the test; a server that is not there, or that says nothing,
 * leaves the test undecided.
 *
 * Each attempt has a connection of its own, made for it and closed after it,
 * since a server's refusal is only found as the connection's last error. It is
 * certain, not a matter of waiting: the server says no before it answers the
 * ping that is sent after. A login whose password is a bcrypt hash of the usual
 * cost takes the server some 60 ms each time. */
#ifndef KIT_WIRE_ATTEMPT_H
#define KIT_WIRE_ATTEMPT_H

#include "kit/wire/place.h"

#include <stddef.h>

enum kit_outcome {
    KIT_ALLOWED,
    KIT_REFUSED,    /* by the server (or by nats.c, for a payload's size) */
    KIT_NOBODY,     /* allowed, but the server says: no responders */
    KIT_UNANSWERED, /* allowed, but no reply within a second */
};

struct kit_attempt {
    enum kit_outcome outcome;
    const char *what; /* "as a, publishing orders.x" */
    const char *text; /* the reply, or the words of the refusal */
};

/* Logging in at a server. */
struct kit_attempt kit_try_login(const char *url, struct kit_login login);

/* How many connections of this login, of most, the server has at a time; all of
 * them are closed again. */
size_t kit_count_logins(const char *url, struct kit_login login, size_t most);

/* The functions below log in as the place did; that login must succeed. queue
 * may be NULL. A request is
 * refused, too, where its inbox is: text says what was. */
struct kit_attempt kit_try_publish_at(struct kit_place *place,
                                      const char *subject, const void *data,
                                      size_t length);
struct kit_attempt kit_try_subscribe_at(struct kit_place *place,
                                        const char *subject, const char *queue);
struct kit_attempt kit_try_request_at(struct kit_place *place,
                                      const char *subject, const char *text);

/* Fails the test where it ended in any other way. */
void kit_assert_outcome(struct kit_attempt attempt, enum kit_outcome outcome,
                        const char *why);
void kit_assert_allowed(struct kit_attempt attempt, const char *why);
void kit_assert_refused(struct kit_attempt attempt, const char *why);

#endif
