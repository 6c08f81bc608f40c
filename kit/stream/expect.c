#include "kit/stream/expect.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/stream/state.h"
#include "kit/wire/ask.h"

#include <string.h>

#define REFRESH_MS 10 /* from one answer to the next question */
#define REPEAT_MS 100 /* without an answer */
#define RECENT 16     /* questions that may still be answered */

/* A question to JetStream, asked until the answer is as wanted. It is not
 * answered while its stream or consumer is being made, and late where there is
 * none, so that it is repeated, and the newest answer counts. */
struct inquiry {
    struct kit_place *place;
    const char *subject;
    const struct kit_value *values;
    struct kit_request asked[RECENT];
    size_t count, answered; /* the number of the one answered last */
    double last;            /* when it was asked last */
    struct kit_message answer;
    const struct kit_value *different;
    const char *seen;
};

static const char *api(const struct kit_place *place, const char *request)
{
    return place->domain != NULL
               ? kit_text("$JS.%s.API.%s", place->domain, request)
               : kit_text("$JS.API.%s", request);
}

static void ask(struct inquiry *inquiry)
{
    inquiry->asked[inquiry->count++ % RECENT] =
        kit_ask_at(inquiry->place, inquiry->subject, "", 0);
    inquiry->last = kit_clock();
}

/* Whether there is an answer newer than the last. */
static bool take_answer(struct inquiry *inquiry)
{
    for (size_t i = inquiry->count;
         i > inquiry->answered && i + RECENT > inquiry->count; i--) {
        struct kit_replies replies =
            kit_replies_to(inquiry->asked[(i - 1) % RECENT]);
        if (replies.count > 0) {
            inquiry->answer = replies.list[0];
            inquiry->answered = i;
            return true;
        }
    }
    return false;
}

static bool is_answered(void *argument)
{
    struct inquiry *inquiry = argument;
    bool pending = inquiry->answered < inquiry->count;

    if (take_answer(inquiry))
        return true;
    if (inquiry->count == 0 ||
        kit_clock() - inquiry->last >= (pending ? REPEAT_MS : REFRESH_MS))
        ask(inquiry);
    return false;
}

static bool is_as_wanted(void *argument)
{
    struct inquiry *inquiry = argument;

    if (is_answered(inquiry))
        inquiry->different =
            kit_json_difference(inquiry->answer.data, inquiry->answer.length,
                                inquiry->values, &inquiry->seen);
    return inquiry->different == NULL;
}

/* The list at path in the answer to this request: "[\"orders\"]". */
static const char *list_at(struct kit_place *place, const char *request,
                           const char *path)
{
    struct inquiry inquiry = {.place = place, .subject = api(place, request)};

    if (!kit_wait(is_answered, &inquiry, KIT_DEADLINE_MS))
        return "";
    const char *list = kit_json_value(inquiry.answer.data, path);
    return list != NULL && strcmp(list, "null") != 0 && strcmp(list, "[]") != 0
               ? list
               : "";
}

static bool is_there(const struct inquiry *inquiry)
{
    return kit_json_value(inquiry->answer.data, "error") == NULL;
}

/* Asks until all values are as wanted; whether they are. */
static bool inquire(struct inquiry *inquiry, const char *what)
{
    inquiry->different = inquiry->values;
    if (!kit_wait(is_answered, inquiry, KIT_ELECTION_MS))
        kit_undecided("JetStream does not tell about %s", what);
    inquiry->answered--; /* this one is to be looked at */
    return kit_await(is_as_wanted, inquiry, KIT_DEADLINE_MS);
}

static _Noreturn void fail(const struct inquiry *inquiry, const char *what,
                           const char *kind, const char *others)
{
    const char *expected =
        kit_text("%s, with %s", what, kit_value_text(inquiry->different));

    if (is_there(inquiry))
        kit_fail(expected, inquiry->different->why, "%s", inquiry->seen);
    if (others[0] == '\0')
        kit_fail(expected, inquiry->different->why, "no %s at all", kind);
    kit_fail(expected, inquiry->different->why,
             "no %s of this name; there is %s", kind, others);
}

void kit_expect_stream_at(struct kit_place *place, const char *stream,
                          const struct kit_value *values)
{
    const char *what = kit_text("the stream %s", stream);
    struct inquiry inquiry = {
        .place = place,
        .subject = api(place, kit_text("STREAM.INFO.%s", stream)),
        .values = values};

    if (!inquire(&inquiry, what))
        fail(&inquiry, what, "stream",
             is_there(&inquiry) ? ""
                                : list_at(place, "STREAM.NAMES", "streams"));
}

void kit_expect_consumer_at(struct kit_place *place, const char *stream,
                            const char *consumer,
                            const struct kit_value *values)
{
    const char *what =
        kit_text("the consumer %s of the stream %s", consumer, stream);
    struct inquiry inquiry = {
        .place = place,
        .subject =
            api(place, kit_text("CONSUMER.INFO.%s.%s", stream, consumer)),
        .values = values};

    if (!inquire(&inquiry, what))
        fail(&inquiry, what, "consumer",
             is_there(&inquiry)
                 ? ""
                 : list_at(place, kit_text("CONSUMER.NAMES.%s", stream),
                           "consumers"));
}

void kit_assert_stored_json_at(struct kit_place *place, const char *stream,
                               uint64_t sequence,
                               const struct kit_value *values)
{
    struct kit_message message = kit_stream_message_at(place, stream, sequence);

    if (message.data == NULL)
        kit_fail(kit_text("message %llu of the stream %s",
                          (unsigned long long)sequence, stream),
                 NULL, "the stream has none of this number");
    kit_assert_values(&message, values);
}

const char *const *kit_fill_stream_at(struct kit_place *place,
                                      const char *stream, const char *subject,
                                      const char *format,
                                      const char *const lines[])
{
    uint64_t count = kit_stream_state_at(place, stream).messages;

    for (const char *const *line = lines; *line != NULL; line++, count++) {
        const char *text = kit_text(format, *line);
        kit_publish_at(place, subject, text, strlen(text));
    }
    kit_expect_stored_at(place, stream, count, NULL);
    return lines;
}
