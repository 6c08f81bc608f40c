/* Attempts: what a login may do, and what it may not. A refusal is a result,
 * not a failure of the test; a server that is not there, or that says nothing,
 * leaves the test undecided.
 *
 * A place has a connection for its attempts, beside what else it has: a
 * server's refusal is only found as the last error of a connection
 * (wire/login.h). A login whose password is a bcrypt hash of the usual cost
 * takes the server some 60 ms each time. */
#ifndef KIT_WIRE_ATTEMPT_H
#define KIT_WIRE_ATTEMPT_H

#include "kit/base/json.h"
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

/* Whether what speaker publishes on subject is heard by a subscription to
 * filter: KIT_UNANSWERED where it is not, KIT_REFUSED where the subscription
 * is. text of the attempt is what was heard. The speaker may publish it. */
struct kit_attempt kit_try_hear_at(struct kit_place *place, const char *filter,
                                   struct kit_place *speaker,
                                   const char *subject, const char *text);

/* Replying so many times to one request of asker on subject, which place
 * subscribes to. KIT_UNANSWERED where the request does not arrive. */
struct kit_attempt kit_try_reply_at(struct kit_place *place,
                                    const char *subject,
                                    struct kit_place *asker, int times);

/* Fails the test where it ended in any other way. */
void kit_assert_outcome(struct kit_attempt attempt, enum kit_outcome outcome,
                        const char *why);
void kit_assert_allowed(struct kit_attempt attempt, const char *why);
void kit_assert_refused(struct kit_attempt attempt, const char *why);

/* kit_assert_publish_refused(place, why, "a", "b"): each of these subjects. */
#define kit_assert_publish_refused(place, why, ...)                            \
    kit_assert_publish_refused_of(place, why,                                  \
                                  (const char *const[]){__VA_ARGS__, NULL})
#define kit_assert_subscribe_refused(place, why, ...)                          \
    kit_assert_subscribe_refused_of(place, why,                                \
                                    (const char *const[]){__VA_ARGS__, NULL})
void kit_assert_publish_refused_of(struct kit_place *place, const char *why,
                                   const char *const subjects[]);
void kit_assert_subscribe_refused_of(struct kit_place *place, const char *why,
                                     const char *const subjects[]);

/* The attempt was a request; it was allowed, and the reply has these values
 * (base/json.h). */
#define kit_assert_reply(attempt, ...)                                         \
    kit_assert_reply_of(attempt, kit_values(__VA_ARGS__))
void kit_assert_reply_of(struct kit_attempt attempt,
                         const struct kit_value *values);

#endif
