/* A message as the kit keeps it, until the test ends. */
#ifndef KIT_WIRE_MESSAGE_H
#define KIT_WIRE_MESSAGE_H

#include "kit/base/json.h"

#include <nats/nats.h>
#include <stdbool.h>
#include <stddef.h>

struct kit_message {
    double at; /* kit_clock() when it arrived here */
    const char *subject;
    const char *reply;   /* "" where there is none */
    const char *headers; /* "Key: value\n" for each, "" where there are none */
    const void *data;    /* followed by a NUL that is not part of it */
    size_t length;
};

/* The value of the first header of this name, "" where there is none. */
const char *kit_header(const struct kit_message *message, const char *key);

/* Whether the payload is this text, byte for byte. */
bool kit_message_is(const struct kit_message *message, const char *text);

/* Its payload is JSON and nothing else, with each of these values
 * (base/json.h); the first that differs is named:
 *     kit_assert_json(order, {"sku", "tea", NULL}, {"count", ">= 1", why}); */
#define kit_assert_json(message, ...)                                          \
    kit_assert_values(message, kit_values(__VA_ARGS__))
void kit_assert_values(const struct kit_message *message,
                       const struct kit_value *values);

/* A copy of msg, which stays the caller's. data is NULL where it says that
 * there are no responders. */
struct kit_message kit_message_of(natsMsg *msg);

/* Ends the test, undecided, where a call of the kit's own has failed. */
void kit_must(natsStatus s, const char *what);

#endif
