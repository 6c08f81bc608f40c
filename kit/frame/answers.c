#include "kit/frame/answers.h"

#include "kit/base/clock.h"
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

/* ---- leaving ------------------------------------------------------------- */

/* So many times the first requests, and so long at least, it may go on taking
 * new ones after it was told to end. */
enum { CROWDS = 5, LEAVING_MS = 500 };

/* Requests, and who is to leave in their midst. */
struct crowd {
    struct kit_program *leaving;
    const char *subject, *text;
    struct kit_request *requests;
    size_t size, asked, capacity; /* unanswered at a time; all of them */
    size_t heard, enough;         /* replies: before it began; waited for */
};

static size_t replies_heard(void)
{
    pthread_mutex_lock(&kit_lock);
    size_t heard = kit_room()->replies.count;
    pthread_mutex_unlock(&kit_lock);
    return heard;
}

static bool is_enough_or_gone(void *argument)
{
    const struct crowd *crowd = argument;

    return replies_heard() - crowd->heard >= crowd->enough ||
           !kit_running(crowd->leaving);
}

static size_t count_subscriptions(void)
{
    struct kit_connections all = kit_connections();
    size_t count = 0;

    for (size_t i = 0; i < all.count; i++)
        count += all.list[i].subscription_count;
    return count;
}

static void ask_one(struct crowd *crowd)
{
    if (crowd->asked == crowd->capacity) {
        size_t size = crowd->asked * sizeof(*crowd->requests);
        struct kit_request *more = kit_allocate(2 * size);
        memcpy(more, crowd->requests, size);
        crowd->requests = more;
        crowd->capacity *= 2;
    }
    crowd->requests[crowd->asked++] = kit_ask(crowd->subject, crowd->text);
}

/* While it is paused: now as many are unanswered as the crowd has. */
static void fill(struct crowd *crowd)
{
    size_t answered = replies_heard() - crowd->heard;

    while (crowd->asked < answered + crowd->size)
        ask_one(crowd);
    crowd->enough = crowd->asked - crowd->size * 3 / 4;
    kit_settle();
}

/* Paused again; whether it takes no requests any more, or has ended. */
static bool has_left(struct crowd *crowd, size_t subscriptions)
{
    kit_signal(crowd->leaving, SIGSTOP);
    kit_settle(); /* the servers know what it has told them until now */
    return !kit_running(crowd->leaving) ||
           count_subscriptions() < subscriptions;
}

/* Who does not stop taking requests never comes to the last one in its memory:
 * it gets more while most of them are still before it. */
static void see_off(struct crowd *crowd, size_t subscriptions, const char *why)
{
    double end = kit_clock() + LEAVING_MS;

    kit_signal(crowd->leaving, SIGTERM);
    do {
        if (crowd->asked > CROWDS * crowd->size && kit_clock() > end)
            kit_fail(kit_text("'%s' takes no more requests soon after SIGTERM",
                              kit_program_name(crowd->leaving)),
                     why, "it is still subscribed, and was given more of them");
        fill(crowd);
        kit_signal(crowd->leaving, SIGCONT);
        kit_wait(is_enough_or_gone, crowd, KIT_DEADLINE_MS);
    } while (!has_left(crowd, subscriptions));
    kit_signal(crowd->leaving, SIGCONT);
}

void kit_expect_none_lost(struct kit_program *leaving, const char *subject,
                          const char *text, size_t count, const char *why)
{
    struct crowd crowd = {.leaving = leaving,
                          .subject = subject,
                          .text = text,
                          .requests =
                              kit_allocate(count * sizeof(struct kit_request)),
                          .size = count,
                          .capacity = count,
                          .heard = replies_heard()};
    size_t subscriptions = count_subscriptions();

    kit_signal(leaving, SIGSTOP);
    see_off(&crowd, subscriptions, why);
    kit_finish();
    kit_assert_answered_once(crowd.requests, crowd.asked, why);
}
