#include "kit/stream/content.h"

#include "kit/base/clock.h"
#include "kit/base/json.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/stream/state.h"
#include "kit/wire/ask.h"
#include "kit/wire/message.h"

#include <string.h>

/* A stream that is read, from its first message on, as it grows. */
struct reading {
    struct kit_place *place;
    const char *stream;
    const char *const *texts;
    size_t found;      /* so many of the texts are there, each once, in order */
    uint64_t read;     /* the number of the last message that was read */
    const char *fault; /* what is there twice, or too early; NULL: nothing */
};

static const char *quoted(const char *text)
{
    return kit_quote_short(text, strlen(text));
}

static void take(struct reading *reading, const struct kit_message *message)
{
    const char *wanted = reading->texts[reading->found];
    size_t i = 0;

    while (reading->texts[i] != NULL &&
           !kit_message_is(message, reading->texts[i]))
        i++;
    const char *text = reading->texts[i];
    if (text == NULL)
        return;
    if (i == reading->found)
        reading->found++;
    else if (i < reading->found)
        reading->fault =
            kit_text("message %llu is %s a second time",
                     (unsigned long long)reading->read, quoted(text));
    else
        reading->fault = kit_text("message %llu is %s, before %s",
                                  (unsigned long long)reading->read,
                                  quoted(text), quoted(wanted));
}

static bool is_complete(void *argument)
{
    struct reading *reading = argument;
    uint64_t last = kit_stream_state_at(reading->place, reading->stream).last;

    while (reading->read < last && reading->fault == NULL) {
        struct kit_message message = kit_stream_message_at(
            reading->place, reading->stream, ++reading->read);
        if (message.data != NULL)
            take(reading, &message);
    }
    return reading->fault != NULL || reading->texts[reading->found] == NULL;
}

void kit_store_at(struct kit_place *place, const char *subject,
                  const char *const texts[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct kit_replies acks = kit_request_at(place, subject, texts[i]);
        if (acks.nobody || kit_json_value(acks.list->data, "seq") == NULL)
            kit_undecided("%s has no stream for %s", place->name, subject);
    }
}

void kit_expect_in_order_at(struct kit_place *place, const char *stream,
                            const char *const texts[], const char *why)
{
    struct reading reading = {.place = place, .stream = stream, .texts = texts};
    size_t count = 0;

    while (texts[count] != NULL)
        count++;
    if (kit_await(is_complete, &reading, KIT_DEADLINE_MS) &&
        reading.fault == NULL)
        return;
    const char *expected =
        kit_text("%s in the stream %s, each once, in their order",
                 kit_count(count, "message", "messages"), stream);
    if (reading.fault != NULL)
        kit_fail(expected, why, "%s", reading.fault);
    kit_fail(expected, why, "%zu of them; %s isn't there", reading.found,
             quoted(texts[reading.found]));
}
