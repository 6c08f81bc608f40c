/* fleet query [FILTER] [--by KEY]   asks all devices that are online, or those
 *                                   whose facts FILTER, a JSON object, is a
 *                                   part of
 * fleet stats GROUP REGION          asks those of a group in a region how often
 *                                   they were asked
 *
 * Prints a table of the answers, or how many there are of each value of KEY:
 * VALUE  DEVICES. Then how many devices have answered. Between two columns is a
 * tab; what a device doesn't have is a -. */
#define _POSIX_C_SOURCE 200809L

#include "fleet.h"
#include "table.h"
#include "workshop.h"

enum {
    QUIET_MS = 500, /* without an answer: nobody else is online */
    MAX_SUBJECT = 256
};

struct question {
    char subject[MAX_SUBJECT];
    const char *filter; /* JSON */
    const char *by;     /* the key to count by; NULL: a table */
};

/* ---- asking -------------------------------------------------------------- */

/* Asks the question, and adds what is answered to inbox, JSON objects, to the
 * array, until no answer has come for QUIET_MS. */
static natsStatus ask(natsConnection *nc, const struct question *question,
                      const char *inbox, natsSubscription *sub, cJSON *answers)
{
    natsMsg *msg = NULL;

    natsStatus s = natsConnection_PublishRequestString(nc, question->subject,
                                                       inbox, question->filter);
    if (s != NATS_OK)
        return s;

    while (s == NATS_OK) {
        s = natsSubscription_NextMsg(&msg, sub, QUIET_MS);
        if (s != NATS_OK)
            break;
        cJSON *answer = fleet_parse(natsMsg_GetData(msg),
                                    (size_t)natsMsg_GetDataLength(msg));
        if (answer != NULL)
            cJSON_AddItemToArray(answers, answer);
        else
            fleet_complain("fleet", msg);
        natsMsg_Destroy(msg);
    }
    return s == NATS_TIMEOUT || s == NATS_NO_RESPONDERS ? NATS_OK : s;
}

/* The same, with an inbox that is made for it, and nobody else knows. */
static natsStatus gather(natsConnection *nc, const struct question *question,
                         cJSON *answers)
{
    natsInbox *inbox = NULL;
    natsSubscription *sub = NULL;

    natsStatus s = natsInbox_Create(&inbox);
    if (s == NATS_OK)
        s = natsConnection_SubscribeSync(&sub, nc, inbox);
    if (s == NATS_OK)
        s = ask(nc, question, inbox, sub, answers);
    natsSubscription_Destroy(sub); /* NULL is fine */
    natsInbox_Destroy(inbox);
    return s;
}

/* ---- what is printed ----------------------------------------------------- */

/* Counts the answers by the value of a key: {"north": 2, "south": 1}. The
 * caller deletes the object. */
static cJSON *count_by(const cJSON *answers, const char *key)
{
    cJSON *counts = cJSON_CreateObject();

    const cJSON *answer;
    cJSON_ArrayForEach(answer, answers)
    {
        char *value = table_text(answer, key);
        cJSON *count = cJSON_GetObjectItemCaseSensitive(counts, value);
        if (count == NULL)
            count = cJSON_AddNumberToObject(counts, value, 0);
        if (count != NULL)
            cJSON_SetNumberValue(count, count->valuedouble + 1);
        free(value);
    }
    return counts;
}

static void print_counts(const cJSON *answers, const char *key)
{
    const cJSON *count;
    struct rows rows = {0};
    cJSON *counts = count_by(answers, key);

    cJSON_ArrayForEach(count, counts)
    {
        FILE *row = rows_begin(&rows);
        rows_put(row, "", count->string);
        fprintf(row, "\t%.0f", count->valuedouble);
        rows_end(&rows);
    }
    rows_print(&rows);
    cJSON_Delete(counts);
}

/* ---- the program --------------------------------------------------------- */

static natsStatus run(struct workshop *ws, const struct question *question)
{
    natsStatus s = workshop_connect(ws, "fleet");
    if (s != NATS_OK)
        return s;

    cJSON *answers = cJSON_CreateArray();
    s = gather(ws->nc, question, answers);
    if (s == NATS_OK) {
        if (question->by == NULL)
            table_print(answers);
        else
            print_counts(answers, question->by);
        printf("%d answered\n", cJSON_GetArraySize(answers));
    }
    cJSON_Delete(answers);
    return s;
}

/* query [FILTER] [--by KEY] */
static bool parse_query(struct question *question, int argc, char **argv)
{
    int i = 0;

    snprintf(question->subject, sizeof(question->subject), "fleet.query");
    if (i < argc && strcmp(argv[i], "--by") != 0)
        question->filter = argv[i++];
    if (i + 1 < argc && strcmp(argv[i], "--by") == 0) {
        question->by = argv[i + 1];
        i += 2;
    }
    cJSON *filter = fleet_parse(question->filter, strlen(question->filter));
    cJSON_Delete(filter);
    return filter != NULL && i == argc;
}

/* stats GROUP REGION */
static bool parse_stats(struct question *question, int argc, char **argv)
{
    if (argc != 2 || !fleet_is_token(argv[0]) || !fleet_is_token(argv[1]))
        return false;

    snprintf(question->subject, sizeof(question->subject), "fleet.stats.%s.%s",
             argv[0], argv[1]);
    return true;
}

int main(int argc, char **argv)
{
    struct workshop ws = {0};
    struct question question = {.filter = "{}"};
    bool ok = false;

    if (argc >= 2 && strcmp(argv[1], "query") == 0)
        ok = parse_query(&question, argc - 2, argv + 2);
    if (argc >= 2 && strcmp(argv[1], "stats") == 0)
        ok = parse_stats(&question, argc - 2, argv + 2);
    if (!ok) {
        fprintf(stderr, "usage: fleet query [FILTER] [--by KEY]\n"
                        "       fleet stats GROUP REGION\n"
                        "FILTER is a JSON object; GROUP and REGION are one "
                        "token of a subject each.\n");
        return 2;
    }
    return workshop_close(&ws, run(&ws, &question));
}
