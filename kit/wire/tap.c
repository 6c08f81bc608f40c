#include "kit/wire/tap.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/wire/ask.h"
#include "kit/wire/settle.h"
#include "kit/wire/subject.h"

#include <string.h>

void kit_tap_at(struct kit_place *place)
{
    kit_listen_forget(&place->tap);
    kit_listen(&place->tap, place->main, ">", &place->wire->round);
    kit_wire_settle(place->wire);

    /* What came meanwhile is the end of emptying the account. */
    pthread_mutex_lock(&kit_lock);
    place->tap.count = 0;
    pthread_mutex_unlock(&kit_lock);
}

void kit_untap_at(struct kit_place *place)
{
    kit_listen_end(&place->tap);
    kit_wire_settle(place->wire);
}

size_t kit_tapped_at(struct kit_place *place, const char *filter)
{
    size_t count = 0;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < place->tap.count; i++)
        count += kit_subject_matches(filter, place->tap.items[i].subject);
    pthread_mutex_unlock(&kit_lock);
    return count;
}

const struct kit_message *kit_tapped_message_at(struct kit_place *place,
                                                const char *filter, size_t nth)
{
    const struct kit_listener *tap = &place->tap;
    struct kit_message *copy = NULL;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < tap->count && copy == NULL; i++) {
        if (kit_subject_matches(filter, tap->items[i].subject) && nth-- == 0) {
            copy = kit_allocate(sizeof(*copy));
            *copy = tap->items[i];
        }
    }
    pthread_mutex_unlock(&kit_lock);
    return copy;
}

size_t kit_tapped_list_at(struct kit_place *place, const char *filter,
                          struct kit_message **list)
{
    const struct kit_listener *tap = &place->tap;
    size_t count = 0;

    pthread_mutex_lock(&kit_lock);
    *list = kit_allocate((tap->count + 1) * sizeof(**list));
    for (size_t i = 0; i < tap->count; i++) {
        if (kit_subject_matches(filter, tap->items[i].subject))
            (*list)[count++] = tap->items[i];
    }
    pthread_mutex_unlock(&kit_lock);
    return count;
}

struct expected_message {
    struct kit_place *place;
    const char *filter;
    const void *data;
    size_t length;
    size_t looked; /* so many messages were compared already */
    const struct kit_message *found;
};

static bool message_came(void *argument)
{
    struct expected_message *expected = argument;
    const struct kit_message *message;

    while (expected->found == NULL) {
        message = kit_tapped_message_at(expected->place, expected->filter,
                                        expected->looked);
        if (message == NULL)
            return false;
        expected->looked++;
        if (message->length == expected->length &&
            memcmp(message->data, expected->data, expected->length) == 0)
            expected->found = message;
    }
    return true;
}

const struct kit_message *kit_expect_message_at(struct kit_place *place,
                                                const char *filter,
                                                const void *data, size_t length,
                                                const char *why)
{
    struct expected_message expected = {
        .place = place, .filter = filter, .data = data, .length = length};

    if (kit_await(message_came, &expected, KIT_DEADLINE_MS))
        return expected.found;

    const char *wanted = kit_text("on %s: %s (%zu bytes)", filter,
                                  kit_quote(data, length), length);
    if (expected.looked == 0)
        kit_fail(wanted, why, "no message on %s", filter);
    const struct kit_message *last =
        kit_tapped_message_at(place, filter, expected.looked - 1);
    kit_fail(wanted, why, "%s; the last on %s: %s (%zu bytes)",
             kit_count(expected.looked, "other", "others"), last->subject,
             kit_quote(last->data, last->length), last->length);
}

struct expected_count {
    struct kit_place *place;
    const char *filter;
    size_t count;
};

static bool messages_came(void *argument)
{
    struct expected_count *expected = argument;

    return kit_tapped_at(expected->place, expected->filter) >= expected->count;
}

void kit_expect_messages_at(struct kit_place *place, const char *filter,
                            size_t count, const char *why)
{
    struct expected_count expected = {place, filter, count};

    if (!kit_await(messages_came, &expected, KIT_DEADLINE_MS))
        kit_fail(kit_text("%s on %s", kit_count(count, "message", "messages"),
                          filter),
                 why, "%zu", kit_tapped_at(place, filter));
}

void kit_expect_more_messages_at(struct kit_place *place, const char *filter,
                                 size_t count, const char *why)
{
    kit_wire_settle(place->wire);
    size_t before = kit_tapped_at(place, filter);
    struct expected_count expected = {place, filter, before + count};

    if (!kit_await(messages_came, &expected, KIT_DEADLINE_MS))
        kit_fail(kit_text("%zu more message%s on %s", count,
                          count == 1 ? "" : "s", filter),
                 why, "%zu", kit_tapped_at(place, filter) - before);
}

void kit_expect_question_at(struct kit_place *place, const char *filter,
                            const char *why)
{
    kit_expect_messages_at(place, filter, 1, why);
    if (kit_tapped_message_at(place, filter, 0)->reply[0] == '\0')
        kit_fail(kit_text("a message on %s that asks for an answer", filter),
                 why, "one without a reply subject");
}

/* Whether the tap's nth message on filter was there before. With kit_lock. */
static bool locked_is_again(const struct kit_listener *tap, const char *filter,
                            size_t nth)
{
    const struct kit_message *message = &tap->items[nth];

    for (size_t i = 0; i < nth; i++) {
        const struct kit_message *earlier = &tap->items[i];
        if (earlier->length == message->length &&
            kit_subject_matches(filter, earlier->subject) &&
            memcmp(earlier->data, message->data, message->length) == 0)
            return true;
    }
    return false;
}

static bool came_again(void *argument)
{
    struct expected_message *expected = argument;
    const struct kit_listener *tap = &expected->place->tap;
    bool again = false;

    pthread_mutex_lock(&kit_lock);
    for (; expected->looked < tap->count && !again; expected->looked++)
        again = kit_subject_matches(expected->filter,
                                    tap->items[expected->looked].subject) &&
                locked_is_again(tap, expected->filter, expected->looked);
    pthread_mutex_unlock(&kit_lock);
    return again;
}

void kit_expect_again_at(struct kit_place *place, const char *filter,
                         const char *why)
{
    struct expected_message expected = {.place = place, .filter = filter};
    size_t count;

    if (kit_await(came_again, &expected, KIT_DEADLINE_MS))
        return;
    count = kit_tapped_at(place, filter);
    kit_fail(kit_text("a message on %s that is sent again", filter), why,
             "%s%s", kit_count(count, "message", "messages"),
             count > 1 ? ", no two alike" : "");
}

void kit_assert_unheard_at(struct kit_place *from, struct kit_place *to,
                           const char *subject, const char *why)
{
    size_t before = kit_tapped_at(to, subject);

    kit_publish_at(from, subject, "x", 1);
    kit_wire_settle(to->wire);
    if (kit_tapped_at(to, subject) > before)
        kit_fail(kit_text("%s, published at %s, isn't heard at %s", subject,
                          from->name, to->name),
                 why, "it is");
}
