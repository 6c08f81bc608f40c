#include "kit/wire/ask.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/wire/timeline.h"

#include <string.h>

static void require_open(const struct kit_place *place)
{
    if (!kit_place_is_open(place))
        kit_undecided("the check asks a place that is not open: %s",
                      place->name);
}

void kit_publish_at(struct kit_place *place, const char *subject,
                    const void *data, size_t length)
{
    require_open(place);
    kit_must(natsConnection_Publish(place->main, subject, data, (int)length),
             "publish");
}

void kit_publish_for_at(struct kit_place *place, const char *subject,
                        const char *reply, const char *text)
{
    require_open(place);
    kit_must(
        natsConnection_PublishRequestString(place->main, subject, reply, text),
        "publish");
}

/* ---- requests ------------------------------------------------------------ */

static const char *inbox_of(struct kit_request request)
{
    const struct kit_place *place = request.place;
    const char *prefix = place->login.inbox_prefix;

    return kit_text("%s.kit.%d.%s.%d", prefix != NULL ? prefix : "_INBOX",
                    place->number, place->wire->test, request.number);
}

struct kit_request kit_ask_at(struct kit_place *place, const char *subject,
                              const void *data, size_t length)
{
    require_open(place);
    struct kit_request request = {place, ++place->wire->asked};
    kit_must(natsConnection_PublishRequest(
                 place->main, subject, inbox_of(request), data, (int)length),
             "request");
    return request;
}

struct kit_replies kit_replies_to(struct kit_request request)
{
    const struct kit_listener *heard = &request.place->replies;
    const char *inbox = inbox_of(request);
    struct kit_replies found = {0};
    size_t count = 0;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < heard->count; i++)
        count += strcmp(heard->items[i].subject, inbox) == 0;
    struct kit_message *list = kit_allocate((count + 1) * sizeof(*list));
    for (size_t i = 0; count > 0; i++) {
        if (strcmp(heard->items[i].subject, inbox) != 0)
            continue;
        count--;
        if (heard->items[i].data == NULL)
            found.nobody = true;
        else
            list[found.count++] = heard->items[i];
    }
    pthread_mutex_unlock(&kit_lock);
    found.list = list;
    return found;
}

struct expected_replies {
    struct kit_request request;
    size_t count;
};

static bool have_replies(void *argument)
{
    struct expected_replies *expected = argument;
    struct kit_replies replies = kit_replies_to(expected->request);

    return replies.count >= expected->count || replies.nobody;
}

/* "request #2 on room.lottery", numbered as in the timeline. */
static const char *describe_request(struct kit_request request)
{
    const char *inbox = inbox_of(request);
    const char *text = "the request";
    size_t number = kit_timeline_number(request.place, inbox);

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < request.place->tap.count; i++) {
        const struct kit_message *message = &request.place->tap.items[i];
        if (strcmp(message->reply, inbox) == 0) {
            text = kit_text("request #%zu on %s", number, message->subject);
            break;
        }
    }
    pthread_mutex_unlock(&kit_lock);
    return text;
}

/* What was sent instead of the reply: without one, by somebody else, to the
 * question's own subject; or the reply subject as a text. why: else. */
static const char *likely(struct kit_request request, const char *why)
{
    const char *inbox = inbox_of(request), *subject = NULL;
    const struct kit_listener *tap = &request.place->tap;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < tap->count; i++) {
        const struct kit_message *message = &tap->items[i];
        if (strcmp(message->reply, inbox) == 0)
            subject = message->subject;
        else if (subject != NULL && kit_message_is(message, inbox))
            why = "are the subject and the text swapped where it publishes? "
                  "The text is the reply subject";
        else if (subject != NULL && message->reply[0] == '\0' &&
                 strcmp(message->subject, subject) == 0)
            why = "is the answer published to the question's own subject? It "
                  "belongs on the reply subject of the message";
    }
    pthread_mutex_unlock(&kit_lock);
    return why;
}

struct kit_replies kit_expect_replies(struct kit_request request, size_t count,
                                      const char *why)
{
    struct expected_replies expected = {request, count};

    kit_await(have_replies, &expected, KIT_DEADLINE_MS);
    struct kit_replies replies = kit_replies_to(request);
    if (replies.count < count)
        kit_fail(kit_text("%s to %s", kit_count(count, "reply", "replies"),
                          describe_request(request)),
                 likely(request, why), "%s%s",
                 replies.count > 0 ? kit_text("%zu", replies.count) : "none",
                 replies.nobody ? ", and the server says: no responders" : "");
    return replies;
}

struct kit_replies kit_request_at(struct kit_place *place, const char *subject,
                                  const char *text)
{
    struct expected_replies expected = {
        kit_ask_at(place, subject, text, strlen(text)), 1};

    if (!kit_await(have_replies, &expected, KIT_DEADLINE_MS))
        kit_fail(kit_text("an answer to a request on %s", subject),
                 "does the callback reply to the message's reply subject?",
                 "none within %d s", KIT_DEADLINE_MS / 1000);
    return kit_replies_to(expected.request);
}

void kit_expect_answer_at(struct kit_place *place, const char *subject,
                          const char *text, const char *answer, const char *why)
{
    struct expected_replies asked = {
        kit_ask_at(place, subject, text, strlen(text)), 1};
    const char *expected = kit_text("the reply %s to a request on %s",
                                    kit_quote(answer, strlen(answer)), subject);

    kit_await(have_replies, &asked, KIT_DEADLINE_MS);
    struct kit_replies replies = kit_replies_to(asked.request);
    if (replies.count == 0)
        kit_fail(expected, why, "%s",
                 replies.nobody ? "the server says: no responders"
                                : "no reply in time");
    if (!kit_message_is(&replies.list[0], answer))
        kit_fail(expected, why, "the reply %s",
                 kit_quote(replies.list[0].data, replies.list[0].length));
}
