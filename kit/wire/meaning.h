/* What messages mean to JetStream, in a learner's words. */
#ifndef KIT_WIRE_MEANING_H
#define KIT_WIRE_MEANING_H

#include "kit/wire/message.h"

/* In the place of a subject: "ack of 3 in orders", "next of by_hand";
 * the subject itself where it is nothing of JetStream's. */
const char *kit_subject_meaning(const struct kit_message *message);

/* Whether it asks a consumer for messages. */
bool kit_is_next(const struct kit_message *message);

/* Whether it is the ack of a message that a consumer has delivered. */
bool kit_is_ack(const struct kit_message *message);

/* In the place of a payload: nothing for an ack, "batch 4", "stored as 3 in
 * orders", "duplicate of 3 in orders", "error 10058: stream name already in
 * use", "404 No Messages"; else the payload, short, with "delivers 3: " or
 * "delivers 3 again (2): " before it where a consumer delivers it. */
const char *kit_payload_meaning(const struct kit_message *message);

/* "  [Nats-Msg-Id: rome.tea.1]", "" without headers. */
const char *kit_headers_meaning(const struct kit_message *message);

#endif
