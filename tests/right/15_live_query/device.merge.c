/* device, otherwise: one callback for both subjects, a mutex instead of atomic
 * numbers, and a filter is a part of the facts if merging it into them changes
 * nothing. The facts are kept as text. */
#define _POSIX_C_SOURCE 200809L

#include "fleet.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t stopped;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long queries, answers;
static char *facts_text;

static void on_signal(int sig)
{
    (void)sig;
    sem_post(&stopped);
}

static void merge(cJSON *into, const cJSON *from)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, from)
    {
        cJSON *old = cJSON_GetObjectItemCaseSensitive(into, item->string);
        if (cJSON_IsObject(old) && cJSON_IsObject(item)) {
            merge(old, item);
            continue;
        }
        cJSON_DeleteItemFromObjectCaseSensitive(into, item->string);
        cJSON_AddItemToObject(into, item->string, cJSON_Duplicate(item, true));
    }
}

/* Takes the filter. */
static void answer_query(natsConnection *nc, natsMsg *msg, cJSON *filter)
{
    cJSON *facts = cJSON_Parse(facts_text), *merged = cJSON_Parse(facts_text);

    merge(merged, filter);
    bool meant = cJSON_Compare(facts, merged, true);
    cJSON_Delete(facts);
    cJSON_Delete(merged);
    cJSON_Delete(filter);
    if (meant && natsMsg_GetReply(msg) != NULL) {
        natsConnection_PublishString(nc, natsMsg_GetReply(msg), facts_text);
        answers++;
    }
}

static void answer_stats(natsConnection *nc, natsMsg *msg, const char *id)
{
    char text[256];

    snprintf(text, sizeof(text),
             "{ \"answers\": %ld,\n  \"queries\": %ld, \"id\": \"%s\" }\n",
             answers, queries, id);
    if (natsMsg_GetReply(msg) != NULL)
        natsConnection_PublishString(nc, natsMsg_GetReply(msg), text);
}

static void on_question(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                        void *id)
{
    (void)sub;
    pthread_mutex_lock(&lock);
    if (strcmp(natsMsg_GetSubject(msg), "fleet.query") != 0) {
        answer_stats(nc, msg, id);
    } else {
        const char *data = natsMsg_GetData(msg);
        int length = natsMsg_GetDataLength(msg);
        cJSON *filter = length == 0 ? cJSON_CreateObject()
                                    : fleet_parse(data, (size_t)length);
        queries++;
        if (filter == NULL)
            fleet_complain("device", msg);
        else
            answer_query(nc, msg, filter);
    }
    pthread_mutex_unlock(&lock);
    natsMsg_Destroy(msg);
}

static natsStatus run(struct workshop *ws, natsSubscription *subs[2],
                      char **argv, const char *stats)
{
    natsStatus s = workshop_connect(ws, "device");
    if (s == NATS_OK)
        s = natsConnection_Subscribe(&subs[0], ws->nc, stats, on_question,
                                     argv[1]);
    if (s == NATS_OK)
        s = natsConnection_Subscribe(&subs[1], ws->nc, "fleet.query",
                                     on_question, argv[1]);
    if (s == NATS_OK)
        s = natsConnection_Flush(ws->nc);
    if (s != NATS_OK)
        return s;
    printf("%s is online\n", argv[1]);
    fflush(stdout);
    while (sem_wait(&stopped) != 0)
        ;
    return workshop_drain(ws);
}

int main(int argc, char **argv)
{
    struct workshop ws = {0};
    natsSubscription *subs[2] = {NULL, NULL};
    char stats[256];

    cJSON *facts = fleet_facts(argc, argv);
    if (facts == NULL)
        return 2;
    sem_init(&stopped, 0, 0);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_signal}, NULL);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_signal}, NULL);
    snprintf(stats, sizeof(stats), "fleet.stats.%s.%s",
             fleet_text(facts, "group"), fleet_text(facts, "region"));
    facts_text = cJSON_Print(facts); /* in several lines: JSON all the same */
    cJSON_Delete(facts);

    natsStatus s = run(&ws, subs, argv, stats);
    natsSubscription_Destroy(subs[0]);
    natsSubscription_Destroy(subs[1]);
    int status = workshop_close(&ws, s);
    cJSON_free(facts_text);
    return status;
}
