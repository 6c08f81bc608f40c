/* device ID --group GROUP --region REGION [--set KEY=VALUE]...
 *
 * A device of a fleet, until SIGINT or SIGTERM. It answers
 *
 *   fleet.query                  with its facts, if the JSON object that it is
 *                                asked with is a part of them
 *   fleet.stats.GROUP.REGION     with its figures: how often it was asked, and
 *                                how often that was for it
 */
#define _POSIX_C_SOURCE 200809L

#include "fleet.h"
#include "workshop.h"

enum { MAX_SUBJECT = 256 };

/* The two callbacks run on threads of their own: facts are only read, and
 * numbers are atomic. */
struct device {
    const cJSON *facts;
    atomic_int queries, answers;
};

/* Is the filter a part of the facts? Each key of an object has to be there,
 * with a value of which the filter's is a part; all else has to be equal. */
static bool matches(const cJSON *facts, const cJSON *filter)
{
    /* TODO 3: where one of the two is no object, they have to be equal. Else
     * each item of the filter has to match the item of the facts that has its
     * name: call this function for the two. Look up cJSON_IsObject,
     * cJSON_Compare, cJSON_ArrayForEach and cJSON_GetObjectItemCaseSensitive.
     */
    (void)facts;
    (void)filter;
    return true;
}

static void on_query(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                     void *closure)
{
    struct device *device = closure;
    size_t length = (size_t)natsMsg_GetDataLength(msg);
    (void)sub;

    atomic_fetch_add(&device->queries, 1);
    /* TODO 2: parse the filter; an empty question has an empty one. If it's no
     * JSON object, complain. If it matches the facts, reply with them, and
     * count one more answer. If it doesn't, say nothing. Delete the filter.
     * Look up fleet_parse, fleet_complain and fleet_reply in fleet.h. */
    (void)matches;
    (void)nc;
    (void)length;
    natsMsg_Destroy(msg);
}

static void on_stats(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                     void *closure)
{
    struct device *device = closure;
    cJSON *figures = cJSON_CreateObject();
    (void)sub;

    cJSON_AddStringToObject(figures, "id", fleet_text(device->facts, "id"));
    cJSON_AddNumberToObject(figures, "queries", atomic_load(&device->queries));
    cJSON_AddNumberToObject(figures, "answers", atomic_load(&device->answers));
    fleet_reply(nc, msg, figures);
    cJSON_Delete(figures);
    natsMsg_Destroy(msg);
}

/* Subscribes to both questions. The caller destroys what was subscribed, even
 * after a failure. */
static natsStatus listen_to(natsSubscription *subs[2], natsConnection *nc,
                            struct device *device)
{
    char stats[MAX_SUBJECT];

    snprintf(stats, sizeof(stats), "fleet.stats.%s.%s",
             fleet_text(device->facts, "group"),
             fleet_text(device->facts, "region"));

    /* TODO 1: subscribe to fleet.query, with on_query, and to the subject in
     * stats, with on_stats. Every device has to hear every question: no queue
     * group. Look up natsConnection_Subscribe. */
    (void)on_query;
    (void)on_stats;
    (void)subs;
    (void)nc;
    return NATS_OK;
}

static natsStatus run(struct workshop *ws, natsSubscription *subs[2],
                      struct device *device, const sigset_t *stop)
{
    natsStatus s = workshop_connect(ws, "device");
    if (s != NATS_OK)
        return s;

    s = listen_to(subs, ws->nc, device);
    if (s != NATS_OK)
        return s;

    s = natsConnection_FlushTimeout(ws->nc, WORKSHOP_MS);
    if (s != NATS_OK)
        return s;

    printf("%s is online\n", fleet_text(device->facts, "id"));
    workshop_await_signal(stop);
    return workshop_drain(ws);
}

int main(int argc, char **argv)
{
    struct workshop ws = {0};
    struct device device = {0};
    natsSubscription *subs[2] = {NULL, NULL};
    sigset_t stop;

    cJSON *facts = fleet_facts(argc, argv);
    if (facts == NULL)
        return 2;

    /* Show each line at once, even if stdout isn't a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    workshop_block_signals(&stop);

    device.facts = facts;
    natsStatus s = run(&ws, subs, &device, &stop);
    natsSubscription_Destroy(subs[0]); /* NULL is fine */
    natsSubscription_Destroy(subs[1]);
    int status = workshop_close(&ws, s);
    cJSON_Delete(facts);
    return status;
}
