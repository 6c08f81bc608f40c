/* fleet, otherwise: answers are taken by a callback, which also sorts them in;
 * main looks whether it is quiet. The inbox is a subject of its own making. */
#define _POSIX_C_SOURCE 200809L

#include "fleet.h"
#include "table.h"

#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static long count; /* of messages */
static bool nobody;
static cJSON *answers;

static void on_answer(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                      void *closure)
{
    int length = natsMsg_GetDataLength(msg);
    (void)nc;
    (void)sub;
    (void)closure;

    pthread_mutex_lock(&lock);
    count++;
    if (natsMsg_IsNoResponders(msg)) {
        nobody = true;
    } else {
        cJSON *answer = fleet_parse(natsMsg_GetData(msg), (size_t)length);
        if (answer != NULL)
            cJSON_AddItemToArray(answers, answer);
        else
            fleet_complain("fleet", msg);
    }
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&lock);
    natsMsg_Destroy(msg);
}

static void await_quiet(void)
{
    int wait = 0;

    pthread_mutex_lock(&lock);
    while (wait == 0 && !nobody) {
        struct timespec end;
        long before = count;
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_nsec += 500 * 1000 * 1000;
        end.tv_sec += end.tv_nsec / 1000000000;
        end.tv_nsec %= 1000000000;
        while (wait == 0 && count == before)
            wait = pthread_cond_timedwait(&more, &lock, &end);
    }
    pthread_mutex_unlock(&lock);
}

static natsStatus ask(natsConnection *nc, const char *subject,
                      const char *filter)
{
    natsSubscription *sub = NULL;
    char inbox[64];

    snprintf(inbox, sizeof(inbox), "_INBOX.mine.%ld.%lld", (long)getpid(),
             (long long)nats_NowInNanoSeconds());
    natsStatus s = natsConnection_Subscribe(&sub, nc, inbox, on_answer, NULL);
    if (s == NATS_OK)
        s = natsConnection_PublishRequest(nc, subject, inbox, filter,
                                          (int)strlen(filter));
    if (s == NATS_OK)
        await_quiet();
    natsSubscription_Destroy(sub);
    return s;
}

static void count_by(const char *key)
{
    const cJSON *answer;
    struct rows values = {0};

    cJSON_ArrayForEach(answer, answers)
    {
        char *text = table_text(answer, key);
        FILE *row = rows_begin(&values);
        rows_put(row, "", text);
        rows_end(&values);
        free(text);
    }
    qsort(values.list, values.count, sizeof(*values.list), rows_compare);
    for (size_t i = 0, n; i < values.count; i += n) {
        for (n = 1; i + n < values.count; n++)
            if (strcmp(values.list[i], values.list[i + n]) != 0)
                break;
        printf("%s\t%zu\n", values.list[i], n);
    }
    for (size_t i = 0; i < values.count; i++)
        free(values.list[i]);
    free(values.list);
}

static bool is_query(int argc, char **argv)
{
    cJSON *filter = fleet_parse(argv[0], strlen(argv[0]));

    cJSON_Delete(filter);
    return filter != NULL &&
           (argc == 1 || (argc == 3 && strcmp(argv[1], "--by") == 0));
}

int main(int argc, char **argv)
{
    struct workshop ws = {0};
    char subject[256] = "fleet.query";
    char *query[] = {argc > 2 ? argv[2] : "{}", "--by",
                     argc > 4 ? argv[4] : NULL};
    bool ok = false;

    if (argc == 4 && strcmp(argv[1], "stats") == 0) {
        ok = fleet_is_token(argv[2]) && fleet_is_token(argv[3]);
        snprintf(subject, sizeof(subject), "fleet.stats.%s.%s", argv[2],
                 argv[3]);
        query[0] = "";
    } else if (argc >= 2 && strcmp(argv[1], "query") == 0) {
        if (argc == 4 && strcmp(argv[2], "--by") == 0) {
            query[0] = "{}";
            query[2] = argv[3];
            ok = true;
        } else {
            ok = is_query(argc > 2 ? argc - 2 : 1, query);
        }
    }
    if (!ok) {
        fprintf(stderr, "usage: fleet query [FILTER] [--by KEY] | stats G R\n");
        return 2;
    }
    answers = cJSON_CreateArray();
    natsStatus s = workshop_connect(&ws, "fleet");
    if (s == NATS_OK)
        s = ask(ws.nc, subject, query[0]);
    int status = workshop_close(&ws, s);
    if (status == EXIT_SUCCESS) {
        if (query[2] != NULL)
            count_by(query[2]);
        else
            table_print(answers);
        printf("%d answered\n", cJSON_GetArraySize(answers));
    }
    cJSON_Delete(answers);
    return status;
}
