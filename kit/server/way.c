#include "kit/server/way.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <string.h>

static bool is_like(const struct kit_hop *hop, const char *event,
                    const char *kind)
{
    return (event == NULL || strcmp(hop->event, event) == 0) &&
           (kind == NULL || strcmp(hop->kind, kind) == 0);
}

size_t kit_trace_count(const struct kit_trace *trace, const char *event,
                       const char *kind)
{
    size_t count = 0;

    for (size_t i = 0; i < trace->count; i++)
        count += is_like(&trace->hops[i], event, kind);
    return count;
}

const struct kit_hop *kit_trace_find(const struct kit_trace *trace,
                                     const char *event, const char *kind)
{
    for (size_t i = 0; i < trace->count; i++) {
        if (is_like(&trace->hops[i], event, kind))
            return &trace->hops[i];
    }
    return NULL;
}

/* ---- expectations -------------------------------------------------------- */

struct expected {
    struct kit_place *place;
    const char *subject;
    const char *event, *kind; /* or: */
    const char *server;
    size_t count;
    struct kit_trace trace; /* as last seen */
};

static bool has_hops(void *argument)
{
    struct expected *e = argument;

    e->trace = kit_trace_at(e->place, e->subject, "");
    return kit_trace_count(&e->trace, e->event, e->kind) == e->count;
}

void kit_expect_hops(struct kit_place *place, const char *subject,
                     const char *event, const char *kind, size_t count,
                     const char *why)
{
    struct expected e = {.place = place,
                         .subject = subject,
                         .event = event,
                         .kind = kind,
                         .count = count};

    if (!kit_wait(has_hops, &e, KIT_DEADLINE_MS))
        kit_fail(kit_text("a message on %s has %zu times '%s%s%s' on its way",
                          subject, count, event, kind != NULL ? " " : "",
                          kind != NULL ? kind : ""),
                 why, "%s", kit_trace_describe(&e.trace));
}

static bool is_of(const struct kit_hop *hop, const char *server)
{
    return strcmp(hop->server, server) == 0 ||
           strcmp(hop->cluster, server) == 0;
}

static bool is_delivered(void *argument)
{
    struct expected *e = argument;
    size_t there = 0;

    e->trace = kit_trace_at(e->place, e->subject, "");
    for (size_t i = 0; i < e->trace.count; i++) {
        const struct kit_hop *hop = &e->trace.hops[i];
        there += is_like(hop, "out", "client") && is_of(hop, e->server);
    }
    return there == e->count &&
           kit_trace_count(&e->trace, "out", "client") == e->count;
}

void kit_expect_delivery(struct kit_place *place, const char *subject,
                         const char *server, size_t count, const char *why)
{
    struct expected e = {
        .place = place, .subject = subject, .server = server, .count = count};

    if (!kit_wait(is_delivered, &e, KIT_DEADLINE_MS))
        kit_fail(kit_text("a message on %s goes to %s of %s", subject,
                          kit_count(count, "client", "clients"), server),
                 why, "its way: %s", kit_trace_describe(&e.trace));
}
