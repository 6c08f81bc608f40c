#include "kit/server/trace.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/server/ask.h"

#include <string.h>

#define HOPS 128
#define REPORT_MS 500

/* Each server gives a number to what it passes on: the next one's report has
 * it, but for the first one's, which has none: "". */
struct way {
    struct kit_hop hops[HOPS];
    size_t count;
    const char *awaited[HOPS + 1], *reported[HOPS + 1];
    size_t awaited_count, reported_count;
};

static const char *kind_name(const cJSON *event)
{
    static const char *const names[] = {"client", "router", "gateway",
                                        "system", "leaf",   "jetstream",
                                        "account"};
    const cJSON *kind = cJSON_GetObjectItem(event, "kind");
    int number = cJSON_IsNumber(kind) ? kind->valueint : -1;

    return number >= 0 && number < 7 ? names[number] : "";
}

/* The server's short names of events, and ours. An egress with an error is
 * none: "Not delivered because publish denied for this subject". */
static const char *event_name(const char *type, const char *error)
{
    static const char *const names[][2] = {{"in", "in"},      {"eg", "out"},
                                           {"sm", "mapping"}, {"se", "export"},
                                           {"si", "import"},  {"js", "stream"}};

    if (strcmp(type, "eg") == 0 && error[0] != '\0')
        return "blocked";
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i][0], type) == 0)
            return names[i][1];
    }
    return type;
}

/* An event has one of these: what it came on, is mapped to, is wanted as, is
 * stored as. */
static const char *subject_of(const cJSON *event)
{
    static const char *const keys[] = {"subj", "to", "sub", "subject"};
    const char *text = "";

    for (size_t i = 0; i < 4 && text[0] == '\0'; i++)
        text = kit_json_text(event, keys[i]);
    return text;
}

/* What the check records is no part of the way: wire/tap.h. */
static bool is_tap(const struct kit_hop *hop)
{
    return strcmp(hop->name, "kit") == 0 && strcmp(hop->subject, ">") == 0;
}

/* Another server got it, and will report. */
static void await_next(struct way *way, const cJSON *event)
{
    const char *number = kit_json_text(event, "hop");

    if (number[0] != '\0' && kit_json_text(event, "error")[0] == '\0' &&
        way->awaited_count <= HOPS)
        way->awaited[way->awaited_count++] = number;
}

static const char *number_of(const cJSON *report)
{
    const cJSON *request = cJSON_GetObjectItem(report, "request");
    const cJSON *header = cJSON_GetObjectItem(request, "header");
    const cJSON *values = cJSON_GetObjectItem(header, "Nats-Trace-Hop");

    return kit_keep_text(cJSON_GetStringValue(cJSON_GetArrayItem(values, 0)));
}

static void take_event(struct way *way, const cJSON *server, const cJSON *event)
{
    const char *error = kit_json_text(event, "error");

    if (way->count == HOPS)
        kit_undecided("a trace of more than %d hops", HOPS);
    struct kit_hop hop = {
        .server = kit_json_text(server, "name"),
        .cluster = kit_json_text(server, "cluster"),
        .event = event_name(kit_json_text(event, "type"), error),
        .kind = kind_name(event),
        .name = kit_json_text(event, "name"),
        .account = kit_json_text(event, "acc"),
        .subject = subject_of(event),
        .queue = kit_json_text(event, "queue"),
        .stream = kit_json_text(event, "stream"),
        .error = error,
    };
    if (!is_tap(&hop))
        way->hops[way->count++] = hop;
}

static void take_report(struct way *way, natsMsg *msg)
{
    cJSON *report = cJSON_ParseWithLength(natsMsg_GetData(msg),
                                          (size_t)natsMsg_GetDataLength(msg));
    const cJSON *server = cJSON_GetObjectItem(report, "server");
    const cJSON *event;

    if (way->reported_count <= HOPS)
        way->reported[way->reported_count++] = number_of(report);
    cJSON_ArrayForEach(event, cJSON_GetObjectItem(report, "events"))
    {
        take_event(way, server, event);
        await_next(way, event);
    }
    cJSON_Delete(report);
}

static bool has_reported(const struct way *way, const char *number)
{
    for (size_t i = 0; i < way->reported_count; i++) {
        if (strcmp(way->reported[i], number) == 0)
            return true;
    }
    return false;
}

static bool is_complete(const struct way *way)
{
    for (size_t i = 0; i < way->awaited_count; i++) {
        if (!has_reported(way, way->awaited[i]))
            return false;
    }
    return true;
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

/* In any order: a far server's report may be the first to arrive. */
static natsStatus gather(struct way *way, natsSubscription *sub)
{
    natsStatus s = NATS_OK;

    way->awaited[way->awaited_count++] = "";
    while (s == NATS_OK && !is_complete(way)) {
        natsMsg *msg = NULL;
        s = natsSubscription_NextMsg(&msg, sub, REPORT_MS);
        if (s == NATS_OK)
            take_report(way, msg);
        natsMsg_Destroy(msg);
    }
    return s;
}

static natsStatus trace_once(struct kit_place *place, const char *subject,
                             const char *text, struct kit_trace *trace)
{
    struct way *way = kit_allocate(sizeof(*way));
    const char *prefix = place->login.inbox_prefix;
    const char *inbox =
        kit_text("%s.kit.trace.%d", prefix != NULL ? prefix : "_INBOX",
                 ++place->wire->asked);
    natsSubscription *sub = NULL;

    kit_must(natsConnection_SubscribeSync(&sub, place->main, inbox), "trace");
    send(place, subject, text, inbox);
    natsStatus s = gather(way, sub);
    natsSubscription_Destroy(sub);
    *trace = (struct kit_trace){way->count, way->hops};
    return s;
}

const char *kit_trace_describe(const struct kit_trace *trace)
{
    struct kit_string text = {0};

    for (size_t i = 0; i < trace->count; i++) {
        const struct kit_hop *hop = &trace->hops[i];
        kit_string_add(&text, "%s%s%s%s at %s", i > 0 ? ", " : "", hop->event,
                       hop->kind[0] != '\0' ? " " : "", hop->kind, hop->server);
        if (hop->error[0] != '\0')
            kit_string_add(&text, " (%s)", hop->error);
    }
    return text.length > 0 ? text.text : "nowhere";
}

/* A gateway that does not know yet what the other region wants sends it a
 * message on trial. If it is not wanted that is all the other region says, and
 * it goes there no more: the next trace is complete. */
struct kit_trace kit_trace_at(struct kit_place *place, const char *subject,
                              const char *text)
{
    double end = kit_clock() + 2 * KIT_DEADLINE_MS;
    struct kit_trace trace;
    natsStatus s;

    do {
        s = trace_once(place, subject, text, &trace);
    } while (s != NATS_OK && kit_clock() < end);
    if (s != NATS_OK)
        kit_undecided("a server does not report what it does with a message on "
                      "%s (%s); so far: %s",
                      subject, natsStatus_GetText(s),
                      kit_trace_describe(&trace));
    return trace;
}
