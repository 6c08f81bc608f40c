/* Payloads, byte for byte: what is sent, and what is replied. A failure shows
 * what came instead and, where it is plain, the mistake (base/difference.h).
 *
 * All of these look once: at what has come (kit_expect_messages,
 * kit_expect_replies, kit_settle). */
#ifndef KIT_WIRE_PAYLOAD_H
#define KIT_WIRE_PAYLOAD_H

#include "kit/wire/ask.h"
#include "kit/wire/message.h"

#include <stddef.h>

/* The message carries this text, without a final NUL. */
void kit_assert_payload(const struct kit_message *message, const char *text,
                        const char *why);
void kit_assert_payload_bytes(const struct kit_message *message,
                              const void *data, size_t length, const char *why);

/* Of the replies to the request, from one or many, exactly one is this text.
 * why NULL: the usual mistake. */
void kit_assert_one_reply(struct kit_request request, const char *text,
                          const char *why);

/* The messages on filter are these lines, a message each, in their order, and
 * no others. The last line need not have a newline. */
void kit_assert_messages_at(struct kit_place *place, const char *filter,
                            const char *lines, const char *why);

#endif
