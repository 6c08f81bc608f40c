#include "kit/stream/service.h"

#include "kit/base/clock.h"
#include "kit/base/json.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/wire/ask.h"

#include <string.h>

#define QUIET_MS 30

/* Whoever was not there yet when it was asked does not answer later: it is
 * asked again, with more patience each time. */
#define FIRST_MS 50
#define LONGEST_MS 1500

/* A question that is answered by many. */
struct discovery {
    struct kit_request request;
    size_t expected, seen;
    double last; /* when the newest answer came */
};

static bool is_quiet(void *argument)
{
    struct discovery *discovery = argument;
    struct kit_replies replies = kit_replies_to(discovery->request);

    if (replies.nobody)
        return true;
    if (replies.count != discovery->seen) {
        discovery->seen = replies.count;
        discovery->last = kit_clock();
    }
    return discovery->seen >= discovery->expected &&
           kit_clock() - discovery->last >= QUIET_MS;
}

static void take(struct kit_services *services, struct kit_service *list,
                 const struct kit_message *message)
{
    const char *json = message->data;

    if (kit_json_value(json, "") == NULL) {
        if (services->broken++ == 0)
            services->broken_text = json;
        return;
    }
    struct kit_service *service = &list[services->count++];
    service->json = json;
    service->name = kit_service_value(service, "name");
    service->id = kit_service_value(service, "id");
    service->version = kit_service_value(service, "version");
    service->description = kit_service_value(service, "description");
}

static struct kit_services ask_once(struct kit_place *place,
                                    const char *subject, size_t expected,
                                    int patience_ms)
{
    struct discovery discovery = {.expected = expected, .last = kit_clock()};
    struct kit_services services = {.broken_text = ""};

    discovery.request = kit_ask_at(place, subject, "", 0);
    kit_await(is_quiet, &discovery, patience_ms);
    struct kit_replies replies = kit_replies_to(discovery.request);
    struct kit_service *list =
        kit_allocate((replies.count + 1) * sizeof(*list));
    for (size_t i = 0; i < replies.count; i++)
        take(&services, list, &replies.list[i]);
    services.list = list;
    return services;
}

static int longer(int patience_ms)
{
    return 2 * patience_ms < LONGEST_MS ? 2 * patience_ms : LONGEST_MS;
}

static const char *subject_of(const char *verb, const char *name)
{
    return name == NULL ? kit_text("$SRV.%s", verb)
                        : kit_text("$SRV.%s.%s", verb, name);
}

struct kit_services kit_discover_at(struct kit_place *place, const char *verb,
                                    const char *name, size_t expected)
{
    const char *subject = subject_of(verb, name);
    double end = kit_clock() + KIT_DEADLINE_MS;

    for (int patience = FIRST_MS;; patience = longer(patience)) {
        struct kit_services services =
            ask_once(place, subject, expected, patience);
        if (services.count + services.broken >= expected ||
            kit_clock() >= end || kit_alibi() != NULL)
            return services;
    }
}

static const char *describe(const struct kit_services *services)
{
    struct kit_string text = {0};

    kit_string_add(&text, "%s",
                   kit_count(services->count, "service", "services"));
    if (services->broken == 0)
        return text.text;
    const char *part = kit_json_break(services->broken_text);
    kit_string_add(&text, ", and JSON that does not parse at %s",
                   kit_quote(part, strlen(part)));
    return text.text;
}

static const char broken[] =
    "nats.c escapes nothing, and writes no JSON for an endpoint with "
    "NoQueueGroup: has a text a quote in it, or is that set?";

struct expected {
    struct kit_place *place;
    const char *name;
    size_t count;
    int patience;
    struct kit_services seen;
};

static bool as_many(void *argument)
{
    struct expected *e = argument;

    e->seen =
        ask_once(e->place, subject_of("INFO", e->name), e->count, e->patience);
    e->patience = longer(e->patience);
    return e->seen.count == e->count;
}

struct kit_services kit_expect_services_at(struct kit_place *place,
                                           const char *name, size_t count,
                                           const char *why)
{
    struct expected e = {
        .place = place, .name = name, .count = count, .patience = FIRST_MS};

    if (!kit_await(as_many, &e, KIT_DEADLINE_MS))
        kit_fail(kit_text("%s named %s",
                          kit_count(count, "service", "services"), name),
                 e.seen.broken > 0 ? broken : why, "%s", describe(&e.seen));
    return e.seen;
}

const char *kit_service_value(const struct kit_service *service,
                              const char *path)
{
    const char *value = kit_json_value(service->json, path);

    return value != NULL ? value : "";
}
