#include "kit/frame/services.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/frame/answers.h"
#include "kit/frame/room.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"

#include <stdlib.h>
#include <string.h>

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
    if (kit_discover(verb, NULL, 1).count == 0)
        kit_fail(
            kit_text("%s answers $SRV.%s, as every service does", name, verb),
            values->why, "it answers $SRV.INFO.%s only", name);
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

static const char as_bytes[] =
    "is the payload taken with its length, byte for byte? Then it is another";

static void assert_error(const struct kit_message *reply, const char *expected,
                         const char *code, const char *text)
{
    const char *seen_code = kit_header(reply, "Nats-Service-Error-Code");
    const char *seen_text = kit_header(reply, "Nats-Service-Error");

    if (seen_code[0] == '\0')
        kit_fail(expected, text != NULL ? as_error : as_bytes,
                 "a reply without these headers: %s",
                 kit_quote(reply->data, reply->length));
    if (strcmp(seen_code, code) != 0 ||
        (text != NULL && strcmp(seen_text, text) != 0))
        kit_fail(expected, "are the code and the text exactly so?",
                 "the service error %s, %s", seen_code,
                 kit_quote(seen_text, strlen(seen_text)));
}

void kit_expect_service_error(const char *subject, const char *payload,
                              const char *code, const char *text)
{
    kit_expect_service_error_of(subject, payload, strlen(payload), code, text);
}

void kit_expect_service_error_of(const char *subject, const void *payload,
                                 size_t length, const char *code,
                                 const char *text)
{
    struct kit_request request =
        kit_ask_at(kit_room(), subject, payload, length);
    const char *said = text != NULL ? kit_quote(text, strlen(text)) : "a text";
    const char *expected =
        kit_text("the service error %s, %s, in the reply on %s to %s", code,
                 said, subject, kit_quote(payload, length));
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

const char *kit_service_info(const char *name, const char *owner,
                             const char *id)
{
    return kit_json("{'type':'io.nats.micro.v1.info_response','name':'%s',"
                    "'id':'%s','version':'1.2.3','metadata':{'owner':'%s'},"
                    "'endpoints':[{'name':'list','subject':'%s.%s.list'},"
                    "{'name':'get','subject':'%s.%s.get'}]}",
                    name, id, owner, name, owner, name, owner);
}
