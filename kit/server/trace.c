#include "kit/server/trace.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/server/ask.h"

#include <string.h>

#define HOPS 128

struct way {
    struct kit_hop hops[HOPS];
    size_t count;
};

static const char *kind_name(const cJSON *event)
{
    static const char *const names[] = {"client",  "router", "gateway",
                                        "system",  "leaf",   "jetstream",
                                        "internal"};
    const cJSON *kind = cJSON_GetObjectItem(event, "kind");
    int number = cJSON_IsNumber(kind) ? kind->valueint : -1;

    return number >= 0 && number < 7 ? names[number] : "";
}

/* The server's short names of events, and ours. */
static const char *event_name(const char *type)
{
    static const char *const names[][2] = {{"in", "in"},      {"eg", "out"},
                                           {"sm", "mapping"}, {"se", "export"},
                                           {"si", "import"},  {"js", "stream"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i][0], type) == 0)
            return names[i][1];
    }
    return type;
}

/* Events name the same thing by one key or another. */
static const char *first_of(const cJSON *event, const char *key,
                            const char *other, const char *last)
{
    const char *text = kit_json_text(event, key);

    if (text[0] == '\0')
        text = kit_json_text(event, other);
    return text[0] != '\0' ? text : kit_json_text(event, last);
}

static void take_event(struct way *way, const cJSON *server, const cJSON *event)
{
    if (way->count == HOPS)
        return;
    way->hops[way->count++] = (struct kit_hop){
        .server = kit_json_text(server, "name"),
        .cluster = kit_json_text(server, "cluster"),
        .event = event_name(kit_json_text(event, "type")),
        .kind = kind_name(event),
        .name = kit_json_text(event, "name"),
        .account = first_of(event, "acc", "account", ""),
        .subject = first_of(event, "to", "sub", "subj"),
        .queue = kit_json_text(event, "queue"),
        .stream = kit_json_text(event, "stream"),
        .error = kit_json_text(event, "error"),
    };
}

/* Takes one server's report. Returns to how many servers it went on. */
static int take_report(struct way *way, natsMsg *msg)
{
    cJSON *report = cJSON_ParseWithLength(natsMsg_GetData(msg),
                                          (size_t)natsMsg_GetDataLength(msg));
    const cJSON *server = cJSON_GetObjectItem(report, "server");
    const cJSON *hops = cJSON_GetObjectItem(report, "hops");
    const cJSON *event;

    cJSON_ArrayForEach(event, cJSON_GetObjectItem(report, "events"))
        take_event(way, server, event);
    int more = cJSON_IsNumber(hops) ? hops->valueint : 0;
    cJSON_Delete(report);
    return more;
}

static void send(struct kit_place *place, const char *subject, const char *text,
                 const char *inbox)
{
    natsMsg *msg = NULL;

    kit_must(natsMsg_Create(&msg, subject, NULL, text, (int)strlen(text)),
             "message");
    kit_must(natsMsgHeader_Set(msg, "Nats-Trace-Dest", inbox), "header");
    kit_must(natsMsgHeader_Set(msg, "Nats-Trace-Only", "true"), "header");
    natsStatus s = natsConnection_PublishMsg(place->main, msg);
    natsMsg_Destroy(msg);
    kit_must(s, "publish");
}

/* A server that passes it on says to how many: so many reports follow. */
static void gather(struct way *way, natsSubscription *sub)
{
    for (int awaited = 1; awaited > 0; awaited--) {
        natsMsg *msg = NULL;
        natsStatus s = natsSubscription_NextMsg(&msg, sub, KIT_DEADLINE_MS);
        if (s != NATS_OK)
            kit_undecided("a server does not report the trace: %s",
                          natsStatus_GetText(s));
        awaited += take_report(way, msg);
        natsMsg_Destroy(msg);
    }
}

struct kit_trace kit_trace_at(struct kit_place *place, const char *subject,
                              const char *text)
{
    struct way *way = kit_allocate(sizeof(*way));
    const char *prefix = place->login.inbox_prefix;
    const char *inbox =
        kit_text("%s.kit.trace.%d", prefix != NULL ? prefix : "_INBOX",
                 ++place->wire->asked);
    natsSubscription *sub = NULL;

    kit_must(natsConnection_SubscribeSync(&sub, place->main, inbox), "trace");
    send(place, subject, text, inbox);
    gather(way, sub);
    natsSubscription_Destroy(sub);
    return (struct kit_trace){way->count, way->hops};
}

/* ---- what it says -------------------------------------------------------- */

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

const char *kit_trace_describe(const struct kit_trace *trace)
{
    struct kit_string text = {0};

    for (size_t i = 0; i < trace->count; i++) {
        const struct kit_hop *hop = &trace->hops[i];
        kit_string_add(&text, "%s%s%s%s at %s", i > 0 ? ", " : "", hop->event,
                       hop->kind[0] != '\0' ? " " : "", hop->kind, hop->server);
    }
    return text.length > 0 ? text.text : "nowhere";
}

static bool leaves_for_client_of(const struct kit_hop *hop, const char *server)
{
    return is_like(hop, "out", "client") && strcmp(hop->server, server) == 0;
}

void kit_expect_delivery(struct kit_place *place, const char *subject,
                         const char *server, size_t count, const char *why)
{
    struct kit_trace trace = kit_trace_at(place, subject, "");
    size_t there = 0;

    for (size_t i = 0; i < trace.count; i++)
        there += leaves_for_client_of(&trace.hops[i], server);
    if (there != count || kit_trace_count(&trace, "out", "client") != count)
        kit_fail(kit_text("a message on %s goes to %s of %s", subject,
                          kit_count(count, "client", "clients"), server),
                 why, "its way: %s", kit_trace_describe(&trace));
}
