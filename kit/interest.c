/* Who is subscribed to what, and in which queue group. */
#include "internal.h"

#include <string.h>

/* What is awaited of subscriptions. queue NULL: any. */
struct expected_subscribers {
    const char *subject, *queue;
    size_t count, seen;
};

static size_t count_subscribers(const struct kit_connections *all,
                                const char *subject, const char *queue)
{
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++) {
        const struct kit_connection *connection = &all->list[i];
        for (size_t k = 0; k < connection->subscription_count; k++) {
            const struct kit_subscription *sub = &connection->subscriptions[k];
            count += strcmp(sub->subject, subject) == 0 &&
                     (queue == NULL || strcmp(sub->queue, queue) == 0);
        }
    }
    return count;
}

static bool subscribers_there(void *argument)
{
    struct expected_subscribers *expected = argument;
    struct kit_connections all;

    if (!kit_look(&all))
        return false;
    expected->seen =
        count_subscribers(&all, expected->subject, expected->queue);
    return expected->seen == expected->count || kit_early_end() != NULL;
}

/* "room.lotery (queue group lottery) by 'Ada' on n2, ..." */
static const char *list_subscriptions(const struct kit_connections *all)
{
    const char *text = "";

    for (size_t i = 0; i < all->count; i++) {
        const struct kit_connection *connection = &all->list[i];
        for (size_t k = 0; k < connection->subscription_count; k++) {
            const struct kit_subscription *sub = &connection->subscriptions[k];
            text = kit_text("%s%s%s%s%s%s", text, text[0] ? ", " : "",
                            sub->subject, sub->queue[0] ? " (queue group " : "",
                            sub->queue, sub->queue[0] ? ")" : "");
        }
    }
    return text[0] != '\0' ? text : "none";
}

static const char *what_there_is(void)
{
    struct kit_connections all = kit_connections();

    return kit_text("%zu connection%s; subscriptions: %s", all.count,
                    all.count == 1 ? "" : "s", list_subscriptions(&all));
}

/* What is wrong where the number is: for who has no better idea. */
static const char *subscribers_why(const struct expected_subscribers *expected)
{
    if (expected->seen > expected->count)
        return "does a program subscribe more than once?";
    return "is the subject spelled exactly so, and is the connection still "
           "open?";
}

static void expect_subscribers(struct expected_subscribers *expected,
                               const char *what, const char *why)
{
    kit_wait(subscribers_there, expected, KIT_DEADLINE_MS);
    if (expected->seen != expected->count)
        kit_fail(what, why != NULL ? why : subscribers_why(expected), "%s",
                 what_there_is());
    kit_settle();
}

static const char *describe_subscriptions(const char *subject, size_t count)
{
    return kit_text("%zu subscription%s to %s", count, count == 1 ? "" : "s",
                    subject);
}

void kit_expect_subscribers(const char *subject, size_t count)
{
    struct expected_subscribers expected = {.subject = subject, .count = count};

    expect_subscribers(&expected, describe_subscriptions(subject, count), NULL);
}

void kit_expect_queue(const char *subject, const char *queue, size_t count,
                      const char *why)
{
    struct expected_subscribers expected = {
        .subject = subject, .queue = queue, .count = count};

    expect_subscribers(&expected,
                       kit_text("%zu subscription%s to %s in %s%s", count,
                                count == 1 ? "" : "s", subject,
                                queue[0] ? "queue group " : "no queue group",
                                queue),
                       why);
}
