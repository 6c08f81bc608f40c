/* who            every service in the room, a line each:
 *                OWNER  NAME  VERSION  ID  ENDPOINT,ENDPOINT...
 * who KEY        what everybody's favorite KEY is: OWNER: VALUE, or OWNER: -
 * who --stats    every endpoint of every service:
 *                OWNER  NAME  ENDPOINT  REQUESTS  ERRORS  MICROSECONDS
 *
 * Between two columns is a tab; what isn't known is a -. */
#define _POSIX_C_SOURCE 200809L

#include "07_discovery/services.h"
#include "workshop.h"

enum {
    QUIET_MS = 300, /* without an answer: nobody else is there */
    MAX_REPLY = 128
};

/* ---- discovery ----------------------------------------------------------- */

/* Adds a service's answer to the list. One that isn't a JSON object is told,
 * and skipped: anybody may answer anything. */
static void add_answer(cJSON *services, natsMsg *msg)
{
    size_t length = (size_t)natsMsg_GetDataLength(msg);

    /* TODO 2: parse the answer. If it's an object, add it to the array
     * services, which then owns it. If not, delete it, and print what is there
     * on stderr, after `who: not JSON: `. Look up cJSON_ParseWithLength,
     * cJSON_IsObject, cJSON_AddItemToArray. */
    (void)services;
    (void)length;
}

/* Asks everybody who listens on subject, and adds the answers to the list,
 * until none has come for QUIET_MS. */
static natsStatus gather(natsConnection *nc, const char *subject,
                         cJSON *services)
{
    /* TODO 1: create an inbox, subscribe to it, and publish an empty request on
     * subject whose replies go there. Call add_answer for each message, until
     * none has come for QUIET_MS. That is the end, and no failure; neither is
     * it that there are no responders. Destroy the subscription and the inbox.
     * Look up natsInbox_Create, natsConnection_SubscribeSync,
     * natsConnection_PublishRequestString and natsSubscription_NextMsg. */
    (void)add_answer;
    (void)nc;
    (void)subject;
    (void)services;
    return NATS_OK;
}

/* Gathers the answers on subject, and adds rows for each. */
static natsStatus list(natsConnection *nc, const char *subject,
                       void (*add)(struct rows *rows, const cJSON *service),
                       struct rows *rows)
{
    const cJSON *service;
    cJSON *services = cJSON_CreateArray();

    natsStatus s = gather(nc, subject, services);
    cJSON_ArrayForEach(service, services) add(rows, service);
    cJSON_Delete(services);
    return s;
}

/* ---- who KEY ------------------------------------------------------------- */

/* Those who are asked. Their answers come on «inbox».0, «inbox».1 and so on. */
struct survey {
    natsConnection *nc;
    const char *key;
    natsInbox *inbox;
    natsSubscription *answers;
    cJSON *owners; /* in this order; each has the name of the subject asked */
    int missing;   /* answers that are still to come */
};

/* Asks one service, and waits for nothing. Instances of the same service share
 * the subject, and one of them answers: it's asked once. */
static natsStatus ask(struct survey *survey, const cJSON *service)
{
    const char *subject = service_subject(service, "get");
    char reply[MAX_REPLY];

    if (subject == NULL ||
        cJSON_GetObjectItemCaseSensitive(survey->owners, subject) != NULL)
        return NATS_OK;

    /* TODO 3: publish the key as a request on subject; its reply goes to
     * «inbox».N, where N is how many have been asked so far: the number of
     * owners. Then add the owner, with the subject as its name, and count one
     * more that is missing.
     * Look up cJSON_GetArraySize and cJSON_AddStringToObject. */
    (void)reply;
    return NATS_OK;
}

/* Whose answer it is: the number behind the last dot of its subject says it. */
static const char *owner_of(const struct survey *survey, natsMsg *msg)
{
    const char *dot = strrchr(natsMsg_GetSubject(msg), '.');

    int number = (int)strtol(dot + 1, NULL, 10);

    return cJSON_GetStringValue(cJSON_GetArrayItem(survey->owners, number));
}

static void add_value(struct rows *rows, natsMsg *msg, const char *owner)
{
    const char *code = NULL, *text = NULL;

    natsMsgHeader_Get(msg, "Nats-Service-Error-Code", &code);
    natsMsgHeader_Get(msg, "Nats-Service-Error", &text);

    /* TODO 4: without a code, the payload is the value: it has a length, and
     * may hold anything. Code 404 means that there is no such key: a -. Any
     * other code is no value: print `who: OWNER: CODE TEXT` on stderr. Look up
     * rows_begin, rows_put, rows_put_bytes and rows_end. */
    (void)rows;
    (void)owner;
}

/* Takes the answers, until all are there, or none has come for QUIET_MS. That
 * nobody is at a subject any more is an answer, too. */
static natsStatus take_values(struct survey *survey, struct rows *rows)
{
    while (survey->missing > 0) {
        natsMsg *msg = NULL;

        natsStatus s =
            natsSubscription_NextMsg(&msg, survey->answers, QUIET_MS);
        if (s == NATS_TIMEOUT)
            break;
        if (s != NATS_OK && s != NATS_NO_RESPONDERS)
            return s;

        survey->missing--;
        const char *owner = msg != NULL ? owner_of(survey, msg) : NULL;
        if (owner != NULL)
            add_value(rows, msg, owner);
        natsMsg_Destroy(msg);
    }
    if (survey->missing > 0)
        fprintf(stderr, "who: %d did not answer\n", survey->missing);
    return NATS_OK;
}

static natsStatus open_survey(struct survey *survey)
{
    char pattern[MAX_REPLY];

    survey->owners = cJSON_CreateObject();
    natsStatus s = natsInbox_Create(&survey->inbox);
    if (s != NATS_OK)
        return s;

    snprintf(pattern, sizeof(pattern), "%s.*", survey->inbox);
    return natsConnection_SubscribeSync(&survey->answers, survey->nc, pattern);
}

static natsStatus list_values(natsConnection *nc, struct rows *rows,
                              const char *key)
{
    const cJSON *service;
    struct survey survey = {.nc = nc, .key = key};
    cJSON *services = cJSON_CreateArray();

    natsStatus s = gather(nc, "$SRV.INFO.favorites", services);
    if (s == NATS_OK)
        s = open_survey(&survey);
    cJSON_ArrayForEach(service, services)
    {
        if (s == NATS_OK)
            s = ask(&survey, service);
    }
    if (s == NATS_OK)
        s = take_values(&survey, rows);
    natsSubscription_Destroy(survey.answers);
    natsInbox_Destroy(survey.inbox);
    cJSON_Delete(survey.owners);
    cJSON_Delete(services);
    return s;
}

/* ---- the program --------------------------------------------------------- */

static natsStatus run(struct workshop *ws, struct rows *rows, const char *what)
{
    natsStatus s = workshop_connect(ws, "who");
    if (s != NATS_OK)
        return s;

    if (what == NULL)
        return list(ws->nc, "$SRV.INFO", service_add_row, rows);
    if (strcmp(what, "--stats") == 0)
        return list(ws->nc, "$SRV.STATS", service_add_statistics, rows);
    return list_values(ws->nc, rows, what);
}

int main(int argc, char **argv)
{
    struct workshop ws = {0};
    struct rows rows = {0};

    if (argc > 2) {
        fprintf(stderr, "usage: who [KEY | --stats]\n");
        return 2;
    }

    natsStatus s = run(&ws, &rows, argv[1]);
    rows_print(&rows);
    return workshop_close(&ws, s);
}
