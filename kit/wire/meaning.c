#include "kit/wire/meaning.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ACK "$JS.ACK."
#define TOKENS 16

/* ---- acks: $JS.ACK.STREAM.CONSUMER.DELIVERED.SEQUENCE.... -----------------
 */

struct delivery {
    const char *stream, *consumer, *sequence;
    long times; /* that it has been delivered */
};

static size_t split(const char *subject, const char *tokens[TOKENS])
{
    size_t count = 0;

    for (const char *end = subject; *end != '\0' && count < TOKENS;) {
        end = subject + strcspn(subject, ".");
        tokens[count++] = kit_keep(subject, (size_t)(end - subject));
        subject = end + 1;
    }
    return count;
}

/* The reply subject of a message that a consumer delivers, and where its ack is
 * published: nine tokens, or eleven and more with a domain and an account. */
static bool is_delivery(const char *subject, struct delivery *delivery)
{
    const char *tokens[TOKENS];

    if (strncmp(subject, ACK, strlen(ACK)) != 0)
        return false;
    size_t count = split(subject, tokens), at = count >= 11 ? 4 : 2;
    if (count < 9)
        return false;
    *delivery = (struct delivery){tokens[at], tokens[at + 1], tokens[at + 3],
                                  strtol(tokens[at + 2], NULL, 10)};
    return true;
}

bool kit_is_ack(const struct kit_message *message)
{
    struct delivery delivery;

    return is_delivery(message->subject, &delivery);
}

static const char *kind_of_ack(const struct kit_message *message)
{
    static const char *const kinds[][2] = {{"+ACK", "ack"},
                                           {"-NAK", "nak"},
                                           {"+WPI", "in progress"},
                                           {"+TERM", "term"},
                                           {"+NXT", "ack and next"}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t length = strlen(kinds[i][0]);
        if (message->length >= length &&
            memcmp(message->data, kinds[i][0], length) == 0)
            return kinds[i][1];
    }
    return message->length == 0 ? "ack" : "reply";
}

/* ---- requests ------------------------------------------------------------ */

static const char next[] = "$JS.API.CONSUMER.MSG.NEXT.";

bool kit_is_next(const struct kit_message *message)
{
    return strncmp(message->subject, next, strlen(next)) == 0;
}

const char *kit_subject_meaning(const struct kit_message *message)
{
    struct delivery delivery;
    const char *subject = message->subject;

    if (is_delivery(subject, &delivery))
        return kit_text("%s of %s in %s", kind_of_ack(message),
                        delivery.sequence, delivery.stream);
    if (!kit_is_next(message))
        return subject;
    const char *stream = subject + strlen(next);
    size_t length = strcspn(stream, ".");
    return kit_text("next of %s", stream + length + (stream[length] == '.'));
}

static const char *batch_meaning(const struct kit_message *message)
{
    const char *batch = kit_is_next(message) && message->length > 0
                            ? kit_json_value(message->data, "batch")
                            : NULL;

    return batch != NULL ? kit_text("batch %s", batch) : NULL;
}

/* ---- answers ------------------------------------------------------------- */

static const char *error_meaning(const char *json)
{
    const char *code = kit_json_value(json, "error.err_code|error.code");
    const char *text = kit_json_value(json, "error.description");

    return code != NULL && text != NULL ? kit_text("error %s: %s", code, text)
                                        : NULL;
}

/* {"stream":"orders","seq":3,"duplicate":true} */
static const char *stored_meaning(const char *json)
{
    const char *stream = kit_json_value(json, "stream");
    const char *sequence = kit_json_value(json, "seq");
    const char *duplicate = kit_json_value(json, "duplicate");

    if (stream == NULL || sequence == NULL)
        return NULL;
    return kit_text("%s %s in %s",
                    duplicate != NULL && strcmp(duplicate, "true") == 0
                        ? "duplicate of"
                        : "stored as",
                    sequence, stream);
}

/* {"type":"io.nats.jetstream.api.v1.stream_create_response",...} */
static const char *type_meaning(const char *json)
{
    static const char prefix[] = "io.nats.jetstream.api.v1.";
    const char *type = kit_json_value(json, "type");

    if (type == NULL || strncmp(type, prefix, strlen(prefix)) != 0)
        return NULL;
    return kit_text("%s: ok", type + strlen(prefix));
}

/* "delivers 3: " in front of what a consumer delivers. */
static const char *delivery_meaning(const struct kit_message *message)
{
    struct delivery delivery;

    if (!is_delivery(message->reply, &delivery))
        return "";
    return delivery.times < 2
               ? kit_text("delivers %s: ", delivery.sequence)
               : kit_text("delivers %s again (%ld): ", delivery.sequence,
                          delivery.times);
}

/* JSON has quotes of its own, and none of them needs a backslash here. */
static const char *short_text(const struct kit_message *message)
{
    const char *quoted = kit_quote_short(message->data, message->length);
    struct kit_string text = {0};

    if (message->length == 0 || ((const char *)message->data)[0] != '{')
        return quoted;
    for (const char *c = quoted; *c != '\0'; c++) {
        if (strncmp(c, "\\\"", 2) == 0)
            kit_string_add_bytes(&text, ++c, 1);
        else if (*c != '"')
            kit_string_add_bytes(&text, c, 1);
    }
    return kit_string_text(&text);
}

static const char *json_meaning(const char *json)
{
    const char *meaning = error_meaning(json);

    if (meaning == NULL)
        meaning = type_meaning(json);
    return meaning != NULL ? meaning : stored_meaning(json);
}

const char *kit_payload_meaning(const struct kit_message *message)
{
    const char *status = kit_header(message, "Status"), *meaning;
    const char *text = message->data;

    if (message->data == NULL)
        return "no responders";
    if (status[0] != '\0')
        return kit_text("%s %s", status, kit_header(message, "Description"));
    if (kit_is_ack(message))
        return "";
    meaning = batch_meaning(message);
    if (meaning == NULL && message->length > 0 && text[0] == '{')
        meaning = json_meaning(text);
    return kit_text("%s%s", delivery_meaning(message),
                    meaning != NULL ? meaning : short_text(message));
}

/* What a status says is said in the payload's place. */
const char *kit_headers_meaning(const struct kit_message *message)
{
    if (message->headers[0] == '\0' || kit_header(message, "Status")[0] != '\0')
        return "";
    size_t length = strcspn(message->headers, "\n");
    bool more = message->headers[length] == '\n' &&
                message->headers[length + 1] != '\0';
    const char *first = kit_quote(message->headers, length);
    return kit_text("  [%.*s%s]", (int)strlen(first) - 2, first + 1,
                    more ? ", ..." : "");
}
