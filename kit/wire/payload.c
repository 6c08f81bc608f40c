#include "kit/wire/payload.h"

#include "kit/base/difference.h"
#include "kit/base/lines.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/wire/tap.h"

#include <string.h>

void kit_assert_payload_bytes(const struct kit_message *message,
                              const void *data, size_t length, const char *why)
{
    if (!kit_same(data, length, message->data, message->length))
        kit_fail(kit_text("on %s the payload %s", message->subject,
                          kit_quote(data, length)),
                 why, "%s",
                 kit_difference(data, length, message->data, message->length));
}

void kit_assert_payload(const struct kit_message *message, const char *text,
                        const char *why)
{
    kit_assert_payload_bytes(message, text, strlen(text), why);
}

void kit_assert_one_reply(struct kit_request request, const char *text,
                          const char *why)
{
    struct kit_replies replies = kit_replies_to(request);
    const char *quoted = kit_quote(text, strlen(text));
    size_t seen = 0;

    for (size_t i = 0; i < replies.count; i++)
        seen += kit_message_is(&replies.list[i], text);
    if (seen > 1)
        kit_fail(kit_text("one reply %s", quoted),
                 "does the callback reply more than once?", "%zu of them",
                 seen);
    if (seen == 1)
        return;
    const struct kit_message *last = &replies.list[replies.count - 1];
    kit_fail(kit_text("the reply %s", quoted),
             why != NULL
                 ? why
                 : "is it this alone, byte for byte, without its final NUL?",
             "%s",
             replies.count > 0
                 ? kit_difference(text, strlen(text), last->data, last->length)
                 : "no reply");
}

/* The nth message is this line, NULL: there is none. */
static void assert_message(const struct kit_message *message,
                           const struct kit_line *line, size_t nth,
                           const char *why)
{
    bool same = message == NULL || line == NULL
                    ? message == NULL && line == NULL
                    : kit_same(line->start, line->length, message->data,
                               message->length);

    if (same)
        return;
    const char *seen = message == NULL ? "none"
                       : line == NULL
                           ? kit_quote(message->data, message->length)
                           : kit_difference(line->start, line->length,
                                            message->data, message->length);
    kit_fail(
        kit_text("message %zu: %s", nth + 1,
                 line != NULL ? kit_quote(line->start, line->length) : "none"),
        why, "%s", seen);
}

void kit_assert_messages_at(struct kit_place *place, const char *filter,
                            const char *lines, const char *why)
{
    struct kit_lines rest = {lines, strlen(lines)};
    struct kit_message *list;
    struct kit_line line;
    size_t count = kit_tapped_list_at(place, filter, &list), nth = 0;

    while (kit_next_line(&rest, &line)) {
        assert_message(nth < count ? &list[nth] : NULL, &line, nth, why);
        nth++;
    }
    assert_message(nth < count ? &list[nth] : NULL, NULL, nth, why);
}
