/* orders create: makes the stream that keeps the room's orders.
 *     orders publish FRANCHISE SKU COUNT     places the orders 1 to COUNT
 *     orders process FRANCHISE SKU [BATCH]   processes all there are, and ends
 *
 * An order is a message on orders.FRANCHISE.SKU: {"id":TEXT,"sku":TEXT,
 * "quantity":NUMBER}. */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TIMEOUT_MS = 2000, /* of each answer of the server */
    STORE_MS = 500,    /* how long one attempt waits to be stored, */
    RETRY_MS = 15000,  /* and how long it is tried again: a new leader may */
    PAUSE_MS = 100,    /* take 8 s */
    FETCH_MS = 250,
    ACK_WAIT_MS = 2000, /* more than any batch takes */
    MAX_BATCH = 100,
    MAX_COUNT = 1000000,
    MAX_TOKEN = 64,
    MAX_NAME = 256 /* two tokens and something more */
};

/* What the arguments ask for. */
struct task {
    natsStatus (*run)(struct task *task, jsCtx *js);
    const char *franchise;
    const char *sku;
    char subject[MAX_NAME];
    char durable[MAX_NAME];
    int number; /* COUNT or BATCH */
    sigset_t signals;
    bool stopped;
};

/* Call it before nats.c starts threads: they inherit the mask, and the signals
 * wait for is_stopped(). */
static void block_signals(struct task *task)
{
    sigemptyset(&task->signals);
    sigaddset(&task->signals, SIGINT);
    sigaddset(&task->signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &task->signals, NULL);
}

/* Whether SIGINT or SIGTERM has come, or comes within ms (below 1000). */
static bool is_stopped(struct task *task, int ms)
{
    struct timespec wait = {.tv_nsec = ms * 1000000L};

    if (!task->stopped)
        task->stopped = sigtimedwait(&task->signals, NULL, &wait) != -1;
    return task->stopped;
}

/* Makes the stream. One that is there and just like it will do; one that is
 * there and different is left alone, and an error. */
static natsStatus create(struct task *task, jsCtx *js)
{
    jsStreamConfig config;
    (void)task;

    natsStatus s = jsStreamConfig_Init(&config);
    if (s != NATS_OK)
        return s;

    const char *subjects[] = {"orders.>"};
    config.Name = "orders";
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    config.Replicas = 3;
    return js_AddStream(NULL, js, &config, NULL, NULL);
}

/* Returns the order as JSON, which the caller frees; NULL if memory ends. */
static char *make_order(const char *id, const char *sku)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "id", id);
    cJSON_AddStringToObject(json, "sku", sku);
    cJSON_AddNumberToObject(json, "quantity", 1);
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    return text;
}

/* Publishes the order and waits until the stream has stored it. Prints `stored
 * ID`, or `duplicate ID` where the stream had that id already. */
static natsStatus store(jsCtx *js, const char *subject, const char *id,
                        const char *order)
{
    jsPubOptions opts;
    jsPubAck *ack = NULL;

    natsStatus s = jsPubOptions_Init(&opts);
    if (s != NATS_OK)
        return s;

    opts.MsgId = id;
    opts.MaxWait = STORE_MS;
    s = js_Publish(&ack, js, subject, order, (int)strlen(order), &opts, NULL);
    if (s != NATS_OK)
        return s;

    printf("%s %s\n", ack->Duplicate ? "duplicate" : "stored", id);
    jsPubAck_Destroy(ack);
    return NATS_OK;
}

/* Places order n, the same at every call. Until a dead leader of the stream is
 * replaced nobody answers, or too late: then it tries again. Perhaps only the
 * answer was lost; thanks to the id that does no harm. */
static natsStatus place(struct task *task, jsCtx *js, int n)
{
    char id[MAX_NAME];

    snprintf(id, sizeof(id), "%s-%s-%d", task->franchise, task->sku, n);
    char *order = make_order(id, task->sku);
    if (order == NULL)
        return NATS_NO_MEMORY;

    natsStatus s = store(js, task->subject, id, order);
    int64_t deadline = nats_Now() + RETRY_MS;
    while ((s == NATS_NO_RESPONDERS || s == NATS_TIMEOUT) &&
           nats_Now() < deadline) {
        /* Nothing tells of a new leader, hence a pause. A signal ends it. */
        if (is_stopped(task, PAUSE_MS))
            break;
        s = store(js, task->subject, id, order);
    }

    free(order);
    return s;
}

static natsStatus publish(struct task *task, jsCtx *js)
{
    jsStreamInfo *info = NULL;

    /* Where there is no stream nobody answers either, and never will. */
    natsStatus s = js_GetStreamInfo(&info, js, "orders", NULL, NULL);
    jsStreamInfo_Destroy(info);
    if (s == NATS_NOT_FOUND)
        return s;

    s = NATS_OK;
    for (int n = 1; n <= task->number && s == NATS_OK; n++) {
        if (is_stopped(task, 0))
            break;
        s = place(task, js, n);
    }
    return task->stopped ? NATS_OK : s;
}

/* Makes the durable consumer if it is not there yet: a name under which the
 * server keeps what is acknowledged, also when we are gone. Then binds *sub to
 * it, which the caller destroys. */
static natsStatus open_consumer(natsSubscription **sub, jsCtx *js,
                                const struct task *task)
{
    jsConsumerConfig config;
    jsSubOptions opts;

    natsStatus s = jsConsumerConfig_Init(&config);
    if (s != NATS_OK)
        return s;

    config.Durable = task->durable;
    config.FilterSubject = task->subject;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = ACK_WAIT_MS * 1000000LL; /* in nanoseconds */
    s = js_AddConsumer(NULL, js, "orders", &config, NULL, NULL);
    if (s != NATS_OK)
        return s;

    s = jsSubOptions_Init(&opts);
    if (s != NATS_OK)
        return s;

    opts.Stream = "orders";
    opts.Consumer = task->durable;
    return js_PullSubscribe(sub, js, task->subject, NULL, NULL, &opts, NULL);
}

/* Prints `ID: QUANTITY SKU`. False, and nothing, where msg is no order. */
static bool print_order(natsMsg *msg)
{
    cJSON *json = cJSON_ParseWithLength(natsMsg_GetData(msg),
                                        (size_t)natsMsg_GetDataLength(msg));
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(json, "id");
    const cJSON *sku = cJSON_GetObjectItemCaseSensitive(json, "sku");
    const cJSON *quantity = cJSON_GetObjectItemCaseSensitive(json, "quantity");

    bool ok =
        cJSON_IsString(id) && cJSON_IsString(sku) && cJSON_IsNumber(quantity);
    if (ok)
        printf("%s: %g %s\n", id->valuestring, quantity->valuedouble,
               sku->valuestring);
    cJSON_Delete(json); /* NULL is fine */
    return ok;
}

/* Says which message is no order, and that it shall not come again. */
static natsStatus discard(natsMsg *msg)
{
    jsMsgMetaData *meta = NULL;

    natsStatus s = natsMsg_GetMetaData(&meta, msg);
    if (s != NATS_OK)
        return s;

    fprintf(stderr, "orders: message %llu is not an order\n",
            (unsigned long long)meta->Sequence.Stream);
    jsMsgMetaData_Destroy(meta);
    return natsMsg_Term(msg, NULL);
}

/* Processes one order; on success it never comes again. */
static natsStatus process_order(natsMsg *msg)
{
    if (!print_order(msg))
        return discard(msg);

    if (ferror(stdout)) /* it could not be printed */
        return NATS_IO_ERROR;

    /* After printing, or a crash between the two would lose the order. Wait
     * for the answer, or it could bring back more orders than this one. */
    return natsMsg_AckSync(msg, NULL, NULL);
}

/* Processes the orders that come, a batch at most. None may come in time. */
static natsStatus process_batch(struct task *task, natsSubscription *sub)
{
    natsMsgList list = {0};

    natsStatus s =
        natsSubscription_Fetch(&list, sub, task->number, FETCH_MS, NULL);
    if (s == NATS_NO_RESPONDERS) /* the consumer's leader is being chosen */
        is_stopped(task, PAUSE_MS);
    if (s == NATS_NO_RESPONDERS || s == NATS_TIMEOUT)
        return NATS_OK;

    for (int i = 0; s == NATS_OK && i < list.Count; i++)
        s = process_order(list.Msgs[i]);
    natsMsgList_Destroy(&list);
    return s;
}

/* Whether an order is left, also one in the hands of another who may have died.
 * The consumer may not have heard of the latest orders yet; the stream has. */
static natsStatus look_for_more(bool *more, jsCtx *js, const struct task *task)
{
    natsMsg *last = NULL;
    jsConsumerInfo *info = NULL;

    *more = false;
    natsStatus s =
        js_GetLastMsg(&last, js, "orders", task->subject, NULL, NULL);
    if (s == NATS_NOT_FOUND) /* not one order */
        return NATS_OK;
    if (s != NATS_OK)
        return s;

    uint64_t end = natsMsg_GetSequence(last);
    natsMsg_Destroy(last);
    s = js_GetConsumerInfo(&info, js, "orders", task->durable, NULL, NULL);
    if (s != NATS_OK)
        return s;

    *more = info->Delivered.Stream < end || info->NumAckPending > 0;
    jsConsumerInfo_Destroy(info);
    return NATS_OK;
}

/* A fetch that brings nothing proves nothing: it asks the server whether there
 * is more. A signal lets the batch be finished. */
static natsStatus process(struct task *task, jsCtx *js)
{
    natsSubscription *sub = NULL;
    bool more = false;

    natsStatus s = open_consumer(&sub, js, task);
    if (s != NATS_OK)
        return s;

    s = look_for_more(&more, js, task);
    while (s == NATS_OK && more && !is_stopped(task, 0)) {
        s = process_batch(task, sub);
        if (s == NATS_OK)
            s = look_for_more(&more, js, task);
    }

    natsSubscription_Destroy(sub);
    return s;
}

static bool is_token(const char *text)
{
    return text[0] != '\0' && strlen(text) <= MAX_TOKEN &&
           strpbrk(text, ".*> \t\n\v\f\r") == NULL;
}

/* Whether text is a number from 1 to max, which *number is then. */
static bool parse_number(int *number, const char *text, int max)
{
    char *end;
    long value = strtol(text, &end, 10);

    *number = value < 1 || value > max ? 0 : (int)value;
    return *end == '\0' && *number > 0;
}

/* Whether the arguments make a task. */
static bool parse(struct task *task, int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    *task = (struct task){.run = create, .number = 10};
    if (argc == 2)
        return strcmp(command, "create") == 0;
    if (argc < 4 || argc > 5 || !is_token(argv[2]) || !is_token(argv[3]))
        return false;

    task->franchise = argv[2];
    task->sku = argv[3];
    snprintf(task->subject, MAX_NAME, "orders.%s.%s", argv[2], argv[3]);
    snprintf(task->durable, MAX_NAME, "%s_%s_processor", argv[2], argv[3]);

    if (strcmp(command, "publish") == 0) {
        task->run = publish;
        return argc == 5 && parse_number(&task->number, argv[4], MAX_COUNT);
    }
    task->run = process;
    return strcmp(command, "process") == 0 &&
           (argc == 4 || parse_number(&task->number, argv[4], MAX_BATCH));
}

/* Says what went wrong, in the words of the stream where it gave a reason. */
static void complain(natsStatus s)
{
    natsStatus last = NATS_OK;
    const char *error = nats_GetLastError(&last); /* "(FILE:LINE): TEXT" */
    const char *text = error == NULL ? NULL : strstr(error, "): ");

    if (last == s && text != NULL)
        text += strlen("): ");
    else if (s == NATS_NOT_FOUND)
        text = "stream or consumer not found";
    else
        text = natsStatus_GetText(s);
    fprintf(stderr, "orders: %s\n", text);
}

int main(int argc, char **argv)
{
    natsConnection *nc = NULL;
    jsCtx *js = NULL;
    jsOptions opts;
    struct task task;

    if (!parse(&task, argc, argv)) {
        fprintf(stderr, "usage: orders create\n"
                        "       orders publish FRANCHISE SKU COUNT\n"
                        "       orders process FRANCHISE SKU [BATCH]\n"
                        "FRANCHISE and SKU are one word each, none of .*> in "
                        "it; BATCH is 1 to 100\n");
        return 2;
    }
    const char *url = getenv("NATS_URL");
    if (url == NULL)
        url = "nats://127.0.0.1:4222";

    /* Show each line at once, also where stdout is no terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    block_signals(&task);

    natsStatus s = natsConnection_ConnectTo(&nc, url);
    if (s != NATS_OK)
        goto done;

    s = jsOptions_Init(&opts);
    if (s != NATS_OK)
        goto done;

    opts.Wait = TIMEOUT_MS;
    s = natsConnection_JetStream(&js, nc, &opts);
    if (s != NATS_OK)
        goto done;

    s = task.run(&task, js);

done:
    if (s != NATS_OK)
        complain(s);
    jsCtx_Destroy(js); /* NULL is fine */
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
