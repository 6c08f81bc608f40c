#include "kit/frame/answers.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/room.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"

#include <signal.h>
#include <string.h>

static void assert_value(const struct kit_replies *replies, const char *answer,
                         const char *why)
{
    const struct kit_message *first = &replies->list[0];
    const char *expected =
        kit_text("the reply %s", kit_quote(answer, strlen(answer)));

    if (replies->count == 0)
        kit_fail(expected, why, "the server says: no responders");
    const char *error = kit_header(first, "Nats-Service-Error");
    if (error[0] != '\0')
        kit_fail(expected, why, "the service error %s",
                 kit_quote(error, strlen(error)));
    kit_assert_payload(first, answer, why);
}

void kit_expect_each_answered(const struct kit_request requests[], size_t count,
                              const char *answer, const char *why)
{
    for (size_t i = 0; i < count; i++) {
        struct kit_replies replies = kit_expect_replies(requests[i], 1, why);
        assert_value(&replies, answer, why);
    }
}

void kit_assert_answered_once(const struct kit_request requests[], size_t count,
                              const char *why)
{
    size_t without = 0, many = 0;

    for (size_t i = 0; i < count; i++) {
        size_t replies = kit_replies_to(requests[i]).count;
        without += replies == 0;
        many += replies > 1;
    }
    if (many > 0)
        kit_fail("each request is answered once",
                 "is it replied to twice, or by several who are not in one "
                 "queue group?",
                 "%zu of %zu got more than one reply", many, count);
    if (without > 0)
        kit_fail("each request is answered once", why,
                 "%zu of %zu got no reply", without, count);
}

struct asked {
    const struct kit_question *question;
    const char *text;
    struct kit_request request;
};

static bool is_answered(void *argument)
{
    const struct asked *asked = argument;

    return kit_replies_to(asked->request).count >= asked->question->replies;
}

static void assert_reply_count(const struct asked *asked)
{
    const struct kit_question *question = asked->question;
    struct kit_replies replies = kit_replies_to(asked->request);
    const char *expected =
        kit_text("%s to %s", kit_count(question->replies, "reply", "replies"),
                 kit_quote(asked->text, strlen(asked->text)));

    if (replies.count == question->replies)
        return;
    if (replies.count == 0)
        kit_fail(expected, question->why, "none");
    const struct kit_message *last = &replies.list[replies.count - 1];
    kit_fail(expected, question->why, "%zu, the last is %s", replies.count,
             kit_quote(last->data, last->length));
}

void kit_expect_reply_counts_of(const char *subject,
                                const struct kit_question *questions)
{
    size_t count = 0;

    while (questions[count].text != NULL)
        count++;
    struct asked *all = kit_allocate(count * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        const char *text = kit_as_json(questions[i].text);
        all[i] = (struct asked){&questions[i], text, kit_ask(subject, text)};
    }
    for (size_t i = 0; i < count; i++) {
        if (kit_await(is_answered, &all[i], KIT_DEADLINE_MS))
            continue;
        for (size_t j = 0; j <= i; j++) /* the first that is wrong */
            assert_reply_count(&all[j]);
    }
    kit_finish();
    for (size_t i = 0; i < count; i++)
        assert_reply_count(&all[i]);
}

struct answer {
    const char *subject;
    const struct kit_value *values;
    struct kit_message seen;
};

static bool has_values(void *argument)
{
    struct answer *answer = argument;
    const char *unused;
    struct kit_request request = kit_ask(answer->subject, "");

    answer->seen = kit_expect_replies(request, 1, answer->values->why).list[0];
    return kit_json_difference(answer->seen.data, answer->seen.length,
                               answer->values, &unused) == NULL;
}

void kit_expect_json_answer_of(const char *subject,
                               const struct kit_value *values)
{
    struct answer answer = {.subject = subject, .values = values};

    if (!kit_await(has_values, &answer, KIT_DEADLINE_MS))
        kit_assert_values(&answer.seen, values);
}

const struct kit_request *kit_expect_none_lost(struct kit_program *leaving,
                                               const char *subject,
                                               const char *text, size_t count,
                                               const char *why)
{
    struct kit_request *requests = kit_allocate(count * sizeof(*requests));

    kit_signal(leaving, SIGSTOP);
    for (size_t i = 0; i < count; i++)
        requests[i] = kit_ask(subject, text);
    kit_settle();
    kit_signal(leaving, SIGTERM);
    kit_signal(leaving, SIGCONT);
    kit_finish();
    kit_assert_answered_once(requests, count, why);
    return requests;
}
