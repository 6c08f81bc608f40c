#include "kit/frame/answers.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/room.h"
#include "kit/say/fail.h"

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
