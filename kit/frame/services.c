#include "kit/frame/services.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/requests.h"
#include "kit/frame/room.h"
#include "kit/frame/start.h"
#include "kit/frame/usage.h"
#include "kit/proc/output.h"
#include "kit/proc/printed.h"
#include "kit/say/fail.h"
#include "kit/say/run.h"
#include "kit/say/witness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define IN_FLIGHT 500

/* ---- what it says about itself ------------------------------------------- */

struct question {
    const char *verb, *name;
    const struct kit_value *values;
    struct kit_services services;
    const struct kit_value *different;
    const char *seen;
};

static bool has_values(void *argument)
{
    struct question *q = argument;

    q->services = kit_discover(q->verb, q->name, 1);
    if (q->services.count != 1)
        return false;
    const char *json = q->services.list[0].json;
    q->different = kit_json_difference(json, strlen(json), q->values, &q->seen);
    return q->different == NULL;
}

void kit_expect_service_of(const char *verb, const char *name,
                           const struct kit_value *values)
{
    struct question q = {.verb = verb, .name = name, .values = values};

    kit_expect_services(name, 1, values->why);
    if (kit_await(has_values, &q, KIT_DEADLINE_MS))
        return;
    if (q.services.count != 1)
        kit_fail(kit_text("one service %s answers $SRV.%s", name, verb),
                 values->why, "%s",
                 kit_count(q.services.count, "answer", "answers"));
    kit_fail(kit_text("$SRV.%s.%s says: %s", verb, name,
                      kit_value_text(q.different)),
             q.different->why, "%s", q.seen);
}

/* ---- how it answers ------------------------------------------------------ */

static const char as_error[] =
    "does the handler return micro_ErrorfCode(404, ...)? Then the library "
    "replies with it, in headers, and counts it";

static void assert_error(const struct kit_message *reply, const char *expected,
                         const char *code, const char *text)
{
    const char *seen_code = kit_header(reply, "Nats-Service-Error-Code");
    const char *seen_text = kit_header(reply, "Nats-Service-Error");

    if (seen_code[0] == '\0')
        kit_fail(expected, as_error, "a reply without these headers: %s",
                 kit_quote(reply->data, reply->length));
    if (strcmp(seen_code, code) != 0 || strcmp(seen_text, text) != 0)
        kit_fail(expected, "are the code and the text exactly so?",
                 "the service error %s, %s", seen_code,
                 kit_quote(seen_text, strlen(seen_text)));
}

void kit_expect_service_error(const char *subject, const char *payload,
                              const char *code, const char *text)
{
    struct kit_request request = kit_ask(subject, payload);
    const char *expected =
        kit_text("the service error %s, %s, in the reply on %s", code,
                 kit_quote(text, strlen(text)), subject);
    struct kit_replies replies = kit_expect_replies(request, 1, as_error);

    if (replies.count == 0) /* nobody */
        kit_fail(expected, "is the endpoint's subject spelled so?",
                 "the server says: no responders");
    assert_error(&replies.list[0], expected, code, text);
    kit_settle();
    kit_assert_answered_once(&request, 1,
                             "is there a reply besides the error? The error is "
                             "one already");
}

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

void kit_expect_none_lost(struct kit_program *leaving, const char *subject,
                          const char *text, const char *why)
{
    struct kit_request requests[IN_FLIGHT];

    kit_signal(leaving, SIGSTOP);
    for (int i = 0; i < IN_FLIGHT; i++)
        requests[i] = kit_ask(subject, text);
    kit_settle();
    kit_signal(leaving, SIGTERM);
    kit_signal(leaving, SIGCONT);
    kit_finish();
    kit_assert_answered_once(requests, IN_FLIGHT, why);
}

static void assert_own_ids(const struct kit_services *services)
{
    for (size_t i = 1; i < services->count; i++)
        if (strcmp(services->list[0].id, services->list[i].id) == 0)
            kit_fail("each instance has an id of its own",
                     "is it invented? The library chooses one at random",
                     "two with the id %s", services->list[0].id);
}

void kit_expect_shared(const char *name, const char *endpoint, const char *why)
{
    struct kit_services all = kit_discover("STATS", name, 2);
    const char *path = kit_text("endpoints.%s.num_requests", endpoint);

    assert_own_ids(&all);
    for (size_t i = 0; i < all.count; i++) {
        const char *requests = kit_service_value(&all.list[i], path);
        if (strtol(requests, NULL, 10) == 0)
            kit_fail(kit_text("each of %zu instances has had some of the "
                              "requests at %s",
                              all.count, endpoint),
                     why, "one has had none");
    }
}

/* ---- files that programs read -------------------------------------------- */

const char *kit_file(const char *name, const char *text)
{
    FILE *out = kit_run_file(name);

    if (fputs(text, out) == EOF || fclose(out) != 0)
        kit_undecided("%s cannot be written", name);
    return kit_text("%s/%s", kit_run_folder(), name);
}

void kit_expect_unusable_files_of(const char *const contents[], const char *why,
                                  const char *const args[])
{
    struct kit_program *programs[16];
    size_t count = 0;

    for (; contents[count] != NULL; count++) {
        const char *file =
            kit_file(kit_text("file-%zu", count + 1), contents[count]);
        programs[count] = kit_brief(kit_start_with(args, file));
    }
    for (size_t i = 0; i < count; i++)
        kit_expect_failure(
            programs[i], 1, "«reason»",
            kit_text("the file is %s: %s",
                     contents[i][0] != '\0' ? contents[i] : "empty", why));
}
