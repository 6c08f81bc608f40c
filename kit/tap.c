/* The tap: every message of the account, in order of arrival. */
#include "internal.h"

#include <string.h>

#define TIMELINE_LINES 10
#define WIDTH 79

static struct kit_listener tapped;

void kit_tap(void)
{
    kit_listen(&tapped, kit_wire_main(), ">");
    kit_settle();

    /* What came meanwhile is the end of emptying the account. */
    pthread_mutex_lock(&kit_lock);
    tapped.count = 0;
    pthread_mutex_unlock(&kit_lock);
}

void kit_untap(void)
{
    kit_listen_end(&tapped);
    kit_settle();
}

void kit_tap_close(void)
{
    kit_listen_forget(&tapped);
}

struct kit_listener *kit_tapped_listener(void)
{
    return &tapped;
}

/* NATS subject matching: * is one token, > is one or more at the end. */
static bool matches(const char *filter, const char *subject)
{
    for (;;) {
        if (strcmp(filter, ">") == 0)
            return *subject != '\0';
        size_t wanted = strcspn(filter, ".");
        size_t given = strcspn(subject, ".");
        bool any = wanted == 1 && filter[0] == '*' && given > 0;
        if (!any && (wanted != given || strncmp(filter, subject, wanted) != 0))
            return false;
        filter += wanted;
        subject += given;
        if (*filter == '\0' || *subject == '\0')
            return *filter == *subject;
        filter++;
        subject++;
    }
}

size_t kit_tapped(const char *filter)
{
    size_t count = 0;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < tapped.count; i++)
        count += matches(filter, tapped.items[i].subject);
    pthread_mutex_unlock(&kit_lock);
    return count;
}

const struct kit_message *kit_tapped_message(const char *filter, size_t nth)
{
    struct kit_message *copy = NULL;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < tapped.count && copy == NULL; i++) {
        if (matches(filter, tapped.items[i].subject) && nth-- == 0) {
            copy = kit_allocate(sizeof(*copy));
            *copy = tapped.items[i];
        }
    }
    pthread_mutex_unlock(&kit_lock);
    return copy;
}

struct expected_message {
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
        message = kit_tapped_message(expected->filter, expected->looked);
        if (message == NULL)
            return kit_early_end() != NULL;
        expected->looked++;
        if (message->length == expected->length &&
            memcmp(message->data, expected->data, expected->length) == 0)
            expected->found = message;
    }
    return true;
}

const struct kit_message *kit_expect_message_bytes(const char *filter,
                                                   const void *data,
                                                   size_t length,
                                                   const char *why)
{
    struct expected_message expected = {
        .filter = filter, .data = data, .length = length};

    kit_wait(message_came, &expected, KIT_DEADLINE_MS);
    if (expected.found != NULL)
        return expected.found;

    const char *wanted = kit_text("on %s: %s (%zu bytes)", filter,
                                  kit_quote(data, length), length);
    if (expected.looked == 0)
        kit_fail(wanted, why, "no message on %s", filter);
    const struct kit_message *last =
        kit_tapped_message(filter, expected.looked - 1);
    kit_fail(wanted, why, "%zu other%s; the last on %s: %s (%zu bytes)",
             expected.looked, expected.looked == 1 ? "" : "s", last->subject,
             kit_quote(last->data, last->length), last->length);
}

const struct kit_message *kit_expect_message(const char *filter,
                                             const char *text, const char *why)
{
    return kit_expect_message_bytes(filter, text, strlen(text), why);
}

struct expected_count {
    const char *filter;
    size_t count;
};

static bool messages_came(void *argument)
{
    struct expected_count *expected = argument;

    return kit_tapped(expected->filter) >= expected->count ||
           kit_early_end() != NULL;
}

void kit_expect_messages(const char *filter, size_t count, const char *why)
{
    struct expected_count expected = {.filter = filter, .count = count};

    kit_wait(messages_came, &expected, KIT_DEADLINE_MS);
    if (kit_tapped(filter) < count)
        kit_fail(kit_text("%zu message%s on %s", count, count == 1 ? "" : "s",
                          filter),
                 why, "%zu", kit_tapped(filter));
}

/* An inbox by a short number: the same subject, the same number. */
static size_t inbox_number(const char *subject)
{
    size_t number = 1;

    for (size_t i = 0; i < tapped.count; i++) {
        const char *reply = tapped.items[i].reply;
        if (strcmp(reply, subject) == 0)
            return number;
        number += reply[0] != '\0';
    }
    return 0;
}

static void print_message(FILE *out, const struct kit_message *message)
{
    const char *subject = message->subject;
    size_t answers = inbox_number(subject);

    if (answers > 0)
        subject = kit_text("answer to #%zu", answers);
    const char *line =
        kit_text("%9.3f  %-24s %s", message->at / 1000, subject,
                 kit_quote_for_timeline(message->data, message->length));
    if (message->reply[0] != '\0')
        line = kit_text("%s  asks #%zu", line, inbox_number(message->reply));
    fprintf(out, "%.*s\n", WIDTH, line);
}

static bool starts_with(const char *text, size_t length, const char *start)
{
    return length >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* JetStream's advisories tell again what else is there; and how things are, the
 * check asks all the time. */
static bool is_worth_a_line(const struct kit_message *message)
{
    static const char *const subjects[] = {"$JS.EVENT.", "$JS.API.STREAM.INFO.",
                                           "$JS.API.CONSUMER.INFO.",
                                           "$JS.API.STREAM.MSG.GET."};
    static const char *const answers[] = {
        "{\"type\":\"io.nats.jetstream.api.v1.stream_info_",
        "{\"type\":\"io.nats.jetstream.api.v1.consumer_info_",
        "{\"type\":\"io.nats.jetstream.api.v1.stream_msg_get_"};

    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        if (starts_with(message->subject, strlen(message->subject),
                        subjects[i]))
            return false;
    }
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (starts_with(message->data, message->length, answers[i]))
            return false;
    }
    return true;
}

static size_t count_lines(size_t first, size_t last)
{
    size_t count = 0;

    for (size_t i = first; i < last; i++)
        count += is_worth_a_line(&tapped.items[i]);
    return count;
}

/* Where the last lines begin. */
static size_t first_shown(void)
{
    size_t first = tapped.count;

    for (int lines = 0; first > 0 && lines < TIMELINE_LINES; first--)
        lines += is_worth_a_line(&tapped.items[first - 1]);
    return first;
}

void kit_print_timeline(FILE *out)
{
    pthread_mutex_lock(&kit_lock);
    size_t count = tapped.count;
    size_t first = first_shown();
    size_t earlier = count_lines(0, first);
    if (earlier > 0)
        fprintf(out, "           (%zu earlier messages)\n", earlier);
    for (size_t i = first; i < count; i++) {
        if (is_worth_a_line(&tapped.items[i]))
            print_message(out, &tapped.items[i]);
    }
    if (count_lines(0, count) == 0)
        fprintf(out, "           (%s)\n",
                tapped.sub != NULL ? "nothing on the wire" : "not recorded");
    pthread_mutex_unlock(&kit_lock);
}
