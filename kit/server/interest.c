#include "kit/server/interest.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/wire/settle.h"

#include <string.h>

/* What is awaited of subscriptions. queue NULL: any. */
struct expected {
    struct kit_hub *hub;
    const char *subject, *queue;
    size_t count, seen;
};

static size_t count_in(const struct kit_connection *connection,
                       const char *subject, const char *queue)
{
    size_t count = 0;

    for (size_t i = 0; i < connection->subscription_count; i++) {
        const struct kit_subscription *sub = &connection->subscriptions[i];
        count += strcmp(sub->subject, subject) == 0 &&
                 (queue == NULL || strcmp(sub->queue, queue) == 0);
    }
    return count;
}

static bool subscribers_there(void *argument)
{
    struct expected *expected = argument;
    struct kit_connections all;

    if (!kit_look(expected->hub, &all))
        return false;
    expected->seen = 0;
    for (size_t i = 0; i < all.count; i++)
        expected->seen +=
            count_in(&all.list[i], expected->subject, expected->queue);
    return expected->seen == expected->count;
}

/* "room.lotery (queue group lottery), ..." */
static const char *list_subscriptions(const struct kit_connections *all)
{
    struct kit_string text = {0};

    for (size_t i = 0; i < all->count; i++) {
        const struct kit_connection *connection = &all->list[i];
        for (size_t k = 0; k < connection->subscription_count; k++) {
            const struct kit_subscription *sub = &connection->subscriptions[k];
            kit_string_add(&text, "%s%s%s%s%s", text.length > 0 ? ", " : "",
                           sub->subject, sub->queue[0] ? " (queue group " : "",
                           sub->queue, sub->queue[0] ? ")" : "");
        }
    }
    return text.length > 0 ? text.text : "none";
}

static const char *what_there_is(struct kit_hub *hub)
{
    struct kit_connections all = kit_connections_of(hub);

    return kit_text("%s; subscriptions: %s",
                    kit_count(all.count, "connection", "connections"),
                    list_subscriptions(&all));
}

/* Whether somebody is in a queue group that is called as the subject. */
static bool are_swapped(const struct expected *expected)
{
    struct kit_connections all = kit_connections_of(expected->hub);

    for (size_t i = 0; i < all.count; i++) {
        const struct kit_connection *connection = &all.list[i];
        for (size_t k = 0; k < connection->subscription_count; k++) {
            if (strcmp(connection->subscriptions[k].queue, expected->subject) ==
                0)
                return true;
        }
    }
    return false;
}

/* What has connected to the account of those without a login just now. */
static bool somebody_came_to_the_room(const struct kit_hub *hub)
{
    struct kit_hub room = *hub;
    struct kit_connections all;

    room.account = "ROOM";
    if (kit_connections_of((struct kit_hub *)hub).count > 0 ||
        !kit_look(&room, &all))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        if (strlen(all.list[i].uptime) == 2) /* 0s to 9s */
            return true;
    }
    return false;
}

static const char *likely(const struct expected *expected, const char *why)
{
    if (are_swapped(expected))
        return "are the subject and the queue group swapped?";
    if (somebody_came_to_the_room(expected->hub))
        return "somebody has just connected without a login: does it use all "
               "of NATS_URL, with the user and the password in it?";
    if (why != NULL)
        return why;
    if (expected->seen > expected->count)
        return "does a program subscribe more than once?";
    return "is the subject spelled exactly so, and is the connection still "
           "open?";
}

static const char *describe(const struct expected *expected)
{
    const char *text = kit_text(
        "%s to %s", kit_count(expected->count, "subscription", "subscriptions"),
        expected->subject);

    if (expected->queue == NULL)
        return text;
    return expected->queue[0] != '\0'
               ? kit_text("%s in queue group %s", text, expected->queue)
               : kit_text("%s in no queue group", text);
}

void kit_expect_interest(struct kit_hub *hub, struct kit_wire *wire,
                         const char *subject, const char *queue, size_t count,
                         const char *why)
{
    struct expected expected = {
        .hub = hub, .subject = subject, .queue = queue, .count = count};

    if (!kit_await(subscribers_there, &expected, KIT_DEADLINE_MS))
        kit_fail(describe(&expected), likely(&expected, why), "%s",
                 what_there_is(hub));
    kit_wire_settle(wire);
}

static bool nobody_there(void *hub)
{
    struct kit_connections all;
    size_t count = 0;

    if (!kit_look(hub, &all))
        return false;
    for (size_t i = 0; i < all.count; i++)
        count += all.list[i].subscription_count;
    return count == 0;
}

bool kit_await_no_interest(struct kit_hub *hub, int within_ms)
{
    return kit_wait(nobody_there, hub, within_ms);
}
