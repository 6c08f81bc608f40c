/* Requests, and the replies that come for them. */
#include "internal.h"

#include <string.h>

/* Where the asker is: a client of the hub, or of the learner's server. */
enum place { HUB, ISLAND, PLACES };

static struct {
    natsConnection *nc;
    struct kit_listener heard;
} askers[PLACES];

static char test_name[16]; /* in all reply subjects: one subscription */
static int asked;          /* requests so far */

/* The sentinels' subject is matched too. */
void kit_replies_open(const char *test)
{
    asked = 0;
    snprintf(test_name, sizeof(test_name), "%s", test);
    askers[HUB].nc = kit_wire_main();
    kit_listen(&askers[HUB].heard, askers[HUB].nc,
               kit_text("_INBOX.kit.*.%s.*", test));
}

void kit_replies_open_island(natsConnection *nc)
{
    askers[ISLAND].nc = nc;
    kit_listen(&askers[ISLAND].heard, nc,
               kit_text("_INBOX.kit.%d.%s.*", ISLAND, test_name));
}

void kit_replies_close_island(void)
{
    kit_listen_forget(&askers[ISLAND].heard);
    askers[ISLAND].nc = NULL;
}

void kit_replies_close(void)
{
    kit_listen_forget(&askers[HUB].heard);
}

struct kit_listener *kit_replies_listener(void)
{
    return &askers[HUB].heard;
}

/* A request's number tells who asked. */
static enum place place_of(int request)
{
    return (enum place)(request % PLACES);
}

static const char *inbox_of(int request)
{
    return kit_text("_INBOX.kit.%d.%s.%d", place_of(request), test_name,
                    request);
}

static int ask(enum place place, const char *subject, const char *text)
{
    int request = asked++ * PLACES + (int)place;

    if (askers[place].nc == NULL)
        kit_undecided("the check asks a server that it has not started");
    kit_must(natsConnection_PublishRequestString(askers[place].nc, subject,
                                                 inbox_of(request), text),
             "request");
    return request;
}

int kit_ask(const char *subject, const char *text)
{
    return ask(HUB, subject, text);
}

int kit_ask_island(const char *subject, const char *text)
{
    return ask(ISLAND, subject, text);
}

struct kit_replies kit_replies_to(int request)
{
    const struct kit_listener *heard = &askers[place_of(request)].heard;
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
    int request;
    size_t count;
};

static bool have_replies(void *argument)
{
    struct expected_replies *expected = argument;
    struct kit_replies replies = kit_replies_to(expected->request);

    return replies.count >= expected->count || replies.nobody;
}

static bool have_replies_or_end(void *expected)
{
    return have_replies(expected) || kit_early_end() != NULL;
}

/* "request #2 on room.lottery", numbered as in the timeline. */
static const char *describe_request(int request)
{
    const char *inbox = inbox_of(request);
    const char *text = "the request";
    size_t number = 0;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < kit_tapped_listener()->count; i++) {
        const struct kit_message *message = &kit_tapped_listener()->items[i];
        number += message->reply[0] != '\0';
        if (strcmp(message->reply, inbox) == 0) {
            text = kit_text("request #%zu on %s", number, message->subject);
            break;
        }
    }
    pthread_mutex_unlock(&kit_lock);
    return text;
}

struct kit_replies kit_expect_replies(int request, size_t count,
                                      const char *why)
{
    struct expected_replies expected = {.request = request, .count = count};

    kit_wait(have_replies_or_end, &expected, KIT_DEADLINE_MS);
    struct kit_replies replies = kit_replies_to(request);
    if (replies.count < count)
        kit_fail(kit_text("%zu repl%s to %s", count, count == 1 ? "y" : "ies",
                          describe_request(request)),
                 why, "%s%s",
                 replies.count > 0 ? kit_text("%zu", replies.count) : "none",
                 replies.nobody ? ", and the server says: no responders" : "");
    return replies;
}

static struct kit_replies await_answer(int request, const char *subject)
{
    struct expected_replies expected = {.request = request, .count = 1};

    if (!kit_wait(have_replies_or_end, &expected, KIT_DEADLINE_MS) ||
        !have_replies(&expected))
        kit_fail(kit_text("an answer to a request on %s", subject),
                 "does the callback reply to the message's reply subject?",
                 "none within %d s", KIT_DEADLINE_MS / 1000);
    return kit_replies_to(request);
}

struct kit_replies kit_request(const char *subject, const char *text)
{
    return await_answer(kit_ask(subject, text), subject);
}

struct kit_replies kit_request_island(const char *subject, const char *text)
{
    return await_answer(kit_ask_island(subject, text), subject);
}
