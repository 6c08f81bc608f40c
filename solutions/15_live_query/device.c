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
    const cJSON *wanted;

    if (!cJSON_IsObject(filter) || !cJSON_IsObject(facts))
        return cJSON_Compare(facts, filter, true);

    cJSON_ArrayForEach(wanted, filter)
    {
        const cJSON *fact =
            cJSON_GetObjectItemCaseSensitive(facts, wanted->string);
        if (fact == NULL || !matches(fact, wanted))
            return false;
    }
    return true;
}

static void on_query(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                     void *closure)
{
    struct device *device = closure;
    size_t length = (size_t)natsMsg_GetDataLength(msg);
    (void)sub;

    atomic_fetch_add(&device->queries, 1);
    cJSON *filter = length > 0 ? fleet_parse(natsMsg_GetData(msg), length)
                               : cJSON_CreateObject();
    if (filter == NULL)
        fleet_complain("device", msg);
    else if (matches(device->facts, filter) &&
             fleet_reply(nc, msg, device->facts))
        atomic_fetch_add(&device->answers, 1);
    cJSON_Delete(filter);
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

    natsStatus s =
        natsConnection_Subscribe(&subs[0], nc, "fleet.query", on_query, device);
    if (s != NATS_OK)
        return s;

    return natsConnection_Subscribe(&subs[1], nc, stats, on_stats, device);
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
