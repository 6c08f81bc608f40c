/* Publishing, and requests with the replies that come for them. */
#ifndef KIT_WIRE_ASK_H
#define KIT_WIRE_ASK_H

#include "kit/wire/place.h"

#include <stddef.h>

/* Replies to one request, collected as they come. */
struct kit_replies {
    size_t count;
    bool nobody; /* the server said: no responders */
    const struct kit_message *list;
};

/* A request, by its number and where it was asked. */
struct kit_request {
    struct kit_place *place;
    int number;
};

void kit_publish_at(struct kit_place *place, const char *subject,
                    const void *data, size_t length);

/* The same with a reply subject of the check's choice; no reply is collected,
 * but the tap hears it. */
void kit_publish_for_at(struct kit_place *place, const char *subject,
                        const char *reply, const char *text);

/* Sends a request without waiting. */
struct kit_request kit_ask_at(struct kit_place *place, const char *subject,
                              const void *data, size_t length);

/* What has come for a request so far, in the order of arrival. */
struct kit_replies kit_replies_to(struct kit_request request);

/* At least count replies to the request come in time. */
struct kit_replies kit_expect_replies(struct kit_request request, size_t count,
                                      const char *why);

/* One request, first answer; fails the test where none comes in time. The
 * reply is `nobody` where the server says that no one is subscribed. */
struct kit_replies kit_request_at(struct kit_place *place, const char *subject,
                                  const char *text);

/* A request is answered by this text, in one reply. */
void kit_expect_answer_at(struct kit_place *place, const char *subject,
                          const char *text, const char *answer,
                          const char *why);

#endif
