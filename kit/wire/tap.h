/* The tap: every message of a place's account, requests, inboxes and all, in
 * order of arrival. A filter is a subject with wildcards. */
#ifndef KIT_WIRE_TAP_H
#define KIT_WIRE_TAP_H

#include "kit/wire/place.h"

#include <stddef.h>

/* From now on every message is recorded; what was before is forgotten. */
void kit_tap_at(struct kit_place *place);

/* Ends it; what it heard is kept. A tap is a subscriber: while it listens, no
 * request is without responders. */
void kit_untap_at(struct kit_place *place);

/* How many messages there are on filter; the nth, counted from 0, or NULL. */
size_t kit_tapped_at(struct kit_place *place, const char *filter);
const struct kit_message *kit_tapped_message_at(struct kit_place *place,
                                                const char *filter, size_t nth);

/* All of them, in *list; returns how many there are. */
size_t kit_tapped_list_at(struct kit_place *place, const char *filter,
                          struct kit_message **list);

/* A message on filter with this payload arrives. */
const struct kit_message *kit_expect_message_at(struct kit_place *place,
                                                const char *filter,
                                                const void *data, size_t length,
                                                const char *why);

/* At least count messages on filter arrive. */
void kit_expect_messages_at(struct kit_place *place, const char *filter,
                            size_t count, const char *why);

/* The same, of those that are sent after this call. */
void kit_expect_more_messages_at(struct kit_place *place, const char *filter,
                                 size_t count, const char *why);

/* A message on filter arrives, and it asks for an answer: the first of them has
 * a reply subject. */
void kit_expect_question_at(struct kit_place *place, const char *filter,
                            const char *why);

/* One of the messages on filter arrives a second time, byte for byte. */
void kit_expect_again_at(struct kit_place *place, const char *filter,
                         const char *why);

/* What is published at from, which may be the same account elsewhere, is not
 * heard at to, which is tapped. Both are joined: sentinels do get there. */
void kit_assert_unheard_at(struct kit_place *from, struct kit_place *to,
                           const char *subject, const char *why);

#endif
