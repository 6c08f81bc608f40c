#include "kit/frame/requests.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/room.h"
#include "kit/frame/start.h"
#include "kit/proc/lines.h"
#include "kit/proc/output.h"
#include "kit/proc/printed.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

#include <string.h>

static const char sent_as_request[] =
    "who only publishes gets no reply: is it sent as a request "
    "(natsConnection_RequestString)?";
static const char sent_at_all[] =
    "is it sent, and is the subject spelled exactly so? A client that leaves "
    "out the login in NATS_URL asks elsewhere (docs/program.md)";
static const char refused[] =
    "it did not ask at all: 2 says that its arguments are wrong, and these are "
    "right. Is too much refused?";
static const char own_inbox[] =
    "on a fixed one everybody gets everybody's replies: leave the choice to "
    "natsConnection_RequestString, or make an inbox for each request";

struct kit_program *kit_brief(struct kit_program *program)
{
    kit_type_end(program);
    return program;
}

struct kit_program *kit_let_end(struct kit_program *program)
{
    kit_type_end(program);
    kit_await_end(program, KIT_DEADLINE_MS);
    kit_settle();
    return program;
}

struct asking {
    const char *subject;
    size_t nth;
};

static bool some_program_runs(void)
{
    struct kit_program *p = NULL;

    do
        p = kit_next_program(&kit_test()->programs, p);
    while (p != NULL && !kit_running(p));
    return p != NULL;
}

/* Of several that run at once, another may be the one that asks later. */
static bool has_asked(void *argument)
{
    const struct asking *asking = argument;

    return kit_tapped(asking->subject) > asking->nth || !some_program_runs();
}

/* Nothing was sent on any subject, but for replies. */
static bool is_silent(void)
{
    return kit_tapped(">") == kit_tapped("_INBOX.>");
}

const struct kit_message *kit_expect_request(struct kit_program *program,
                                             const char *subject, size_t nth,
                                             const char *why)
{
    struct asking asking = {subject, nth};

    kit_wait(has_asked, &asking, KIT_DEADLINE_MS);
    if (!kit_running(program)) { /* what it sent may still be under way */
        kit_settle();
        if (is_silent()) /* then how it ended may explain it */
            kit_expect_exit(program, 0,
                            kit_exit_status(program) == 2 ? refused
                                                          : "it did not ask "
                                                            "at all");
    }
    const struct kit_message *request = kit_tapped_message(subject, nth);
    if (request == NULL)
        kit_fail(kit_text("'%s' sends a request on %s",
                          kit_program_name(program), subject),
                 is_silent() ? sent_at_all
                             : "is it sent, and is the subject "
                               "spelled exactly so?",
                 "no message there, and '%s' %s", kit_program_name(program),
                 kit_describe_end(program));
    if (request->reply[0] == '\0')
        kit_fail(kit_text("'%s' sends a request: a message that names a reply "
                          "subject",
                          kit_program_name(program)),
                 why != NULL ? why : sent_as_request,
                 "a message without one on %s", subject);
    return request;
}

void kit_reply_json_of(const struct kit_message *request,
                       const char *const texts[])
{
    for (size_t i = 0; texts[i] != NULL; i++)
        kit_publish(request->reply, kit_as_json(texts[i]));
}

const char *kit_expect_empty_request(struct kit_program *program,
                                     const char *subject, size_t nth,
                                     const char *why)
{
    const struct kit_message *request =
        kit_expect_request(program, subject, nth, why);

    kit_assert_payload(request, "", "this question has no payload");
    return request->reply;
}

void kit_assert_asked(const char *subject, size_t count, const char *why)
{
    size_t seen = kit_tapped(subject);

    if (seen > count)
        kit_fail(kit_text("%s on %s", kit_count(count, "request", "requests"),
                          subject),
                 why != NULL ? why : "is it asked more than once?", "%zu",
                 seen);
}

void kit_assert_served(const char *subject, size_t count, const char *why)
{
    kit_settle();
    size_t seen = kit_served_count_at(kit_room(), subject);

    if (seen > count)
        kit_fail(kit_text("%s on %s", kit_count(count, "request", "requests"),
                          subject),
                 why, "%zu", seen);
}

void kit_assert_own_inboxes(const struct kit_message *one,
                            const struct kit_message *other, const char *why)
{
    if (strcmp(one->reply, other->reply) == 0)
        kit_fail("each request names a reply subject of its own",
                 why != NULL ? why : own_inbox,
                 "two requests with the reply subject %s", one->reply);
}

void kit_publish_each_of(const char *subject, const char *const texts[])
{
    for (; *texts != NULL; texts++)
        kit_publish(subject, *texts);
}

void kit_assert_inboxes_differ(const char *subject, const char *why)
{
    kit_assert_own_inboxes(kit_tapped_message(subject, 0),
                           kit_tapped_message(subject, 1), why);
}

const struct kit_message *kit_expect_only_request(struct kit_program *program,
                                                  const char *subject,
                                                  const char *why)
{
    kit_let_end(program);
    const struct kit_message *request =
        kit_expect_request(program, subject, 0, why);
    kit_assert_asked(subject, 1, NULL);
    return request;
}

struct kit_program *kit_start_answered_of(const char *subject,
                                          const char *reply,
                                          const char *const args[])
{
    kit_serve_text(subject, reply);
    struct kit_program *program = kit_start_args(args);
    kit_expect_only_request(program, subject, NULL);
    return program;
}

static void expect_unusable(struct kit_program *program, const char *form,
                            const char *why, const char *reply)
{
    kit_expect_failure(program, 1, form,
                       kit_text("the reply is %s: %s",
                                reply[0] != '\0' ? reply : "empty", why));
}

void kit_expect_unusable_of(const char *form, const char *why,
                            const struct kit_bad_reply *cases)
{
    size_t count = 0;

    while (cases[count].subject != NULL)
        count++;
    struct kit_program **programs = kit_allocate(count * sizeof(*programs));
    for (size_t i = 0; i < count + KIT_AT_ONCE; i++) {
        if (i >= KIT_AT_ONCE)
            expect_unusable(programs[i - KIT_AT_ONCE], form, why,
                            cases[i - KIT_AT_ONCE].reply);
        if (i >= count)
            continue;
        kit_serve_text(cases[i].subject, cases[i].reply);
        programs[i] = kit_brief(kit_start_args(cases[i].args));
    }
}
