/* orders create: creates the stream that keeps the room's orders.
 * orders publish FRANCHISE SKU COUNT: places the orders 1 to COUNT.
 * orders process FRANCHISE SKU [BATCH]: prints each order, until none is left.
 * You can interrupt each of them at any time, and run it again. */
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
    STORE_MS = 200,     /* one attempt to store an order */
    RETRY_MS = 15000,   /* all attempts: a new leader may take 8 s */
    PAUSE_MS = 50,      /* between two attempts */
    FETCH_MS = 100,     /* how long a fetch waits for orders */
    ACK_WAIT_MS = 5000, /* more than any batch takes */
    MAX_NUMBER = 1000000,
    MAX_TEXT = 256
};

/* Has SIGINT or SIGTERM arrived? They are blocked, so they stay pending until
 * we have finished what we are doing. */
static bool is_stopping(void)
{
    sigset_t waiting;

    sigpending(&waiting);
    return sigismember(&waiting, SIGINT) || sigismember(&waiting, SIGTERM);
}

/* Call it before nats.c starts threads: they inherit the mask. */
static void block_signals(void)
{
    sigset_t stop;

    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
}

/* Creates the stream. If there is one just like it already, that's fine. */
static natsStatus create(jsCtx *js)
{
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    /* TODO 1: describe the stream, and add it: `orders` stores everything that
     * is published to orders.>, in files, with three replicas.
     * Look up jsStreamConfig and js_AddStream. */
    (void)js;
    return NATS_OK;
}

/* Publishes the order, waits for the stream's ack, and prints the result. */
static natsStatus try_to_store(jsCtx *js, const char *subject, const char *id,
                               const char *order)
{
    jsPubAck *ack = NULL;
    jsPubOptions opts;

    jsPubOptions_Init(&opts);
    /* TODO 2: publish the order, and wait for the stream's ack, STORE_MS at
     * most. Set the message id, so that the stream stores the order only once,
     * even if it gets it twice. Print `stored ID` or, if the ack says so,
     * `duplicate ID`.
     * Look up jsPubOptions, js_Publish and jsPubAck. */
    (void)ack;
    (void)js;
    (void)subject;
    (void)id;
    (void)order;
    return NATS_OK;
}

/* Tries until the order is stored. While the stream has no leader, nobody
 * answers, or the answer is late, or says that the server is busy with this id.
 * Nobody tells us when there is a new leader, so we pause and try again. If
 * only the ack was lost, the stream knows the id, and doesn't store it twice.
 */
static natsStatus store(jsCtx *js, const char *subject, const char *id,
                        const char *order)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int64_t deadline = nats_Now() + RETRY_MS;

    natsStatus s = try_to_store(js, subject, id, order);
    /* TODO 3: when the leader of the stream dies, it takes a while to elect
     * another one, and until then publishing fails. So pause, and try again,
     * until the deadline, or until the program should stop.
     * Look up nats_Now and nanosleep. */
    (void)pause;
    (void)deadline;
    return s;
}

static natsStatus publish(jsCtx *js, const char *franchise, const char *sku,
                          int count)
{
    char subject[MAX_TEXT], id[MAX_TEXT], order[2 * MAX_TEXT];
    natsStatus s = NATS_OK;

    snprintf(subject, sizeof(subject), "orders.%s.%s", franchise, sku);
    for (int n = 1; n <= count && s == NATS_OK && !is_stopping(); n++) {
        snprintf(id, sizeof(id), "%s.%s.%d", franchise, sku, n);
        snprintf(order, sizeof(order),
                 "{\"id\":\"%s\",\"sku\":\"%s\",\"quantity\":1}", id, sku);
        s = store(js, subject, id, order);
    }
    return is_stopping() ? NATS_OK : s; /* told to end, it need not store it */
}

/* Creates the consumer if it isn't there yet, and binds *sub to it. */
static natsStatus open_consumer(natsSubscription **sub, jsCtx *js,
                                const char *subject, const char *durable)
{
    jsConsumerConfig config;
    jsSubOptions opts;

    jsConsumerConfig_Init(&config);
    /* TODO 4: describe the consumer, and add it to the stream: durable, with
     * that name, only for that subject, with explicit acks, and redelivering
     * what isn't acknowledged within ACK_WAIT_MS (in nanoseconds!).
     * Look up jsConsumerConfig and js_AddConsumer. */
    natsStatus s = NATS_OK;
    if (s != NATS_OK)
        return s;

    jsSubOptions_Init(&opts);
    opts.Stream = "orders";
    opts.Consumer = durable;
    return js_PullSubscribe(sub, js, subject, NULL, NULL, &opts, NULL);
}

/* Prints the order's id, and acknowledges the order. A message that isn't an
 * order never will be, so there is no point in redelivering it. */
static natsStatus process_order(natsMsg *msg)
{
    const char *data = natsMsg_GetData(msg);
    int length = natsMsg_GetDataLength(msg);
    natsStatus s = NATS_OK;

    cJSON *order = cJSON_ParseWithLength(data, (size_t)length);
    const char *id =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(order, "id"));
    if (id != NULL) {
        /* TODO 5: print the id as a line, acknowledge the order, and wait until
         * the server has the ack: then it won't be redelivered, even if we die.
         * Look up natsMsg_AckSync. What if you did it the other way round? */
    } else {
        fprintf(stderr, "orders: not an order: %.*s\n", length, data);
        /* TODO 5: tell the server never to redeliver this message.
         * Look up natsMsg_Term. */
    }
    cJSON_Delete(order);
    return s;
}

/* Processes the orders that arrive: at most a batch, perhaps none at all. */
static natsStatus process_batch(natsSubscription *sub, int batch)
{
    natsMsgList list = {0};

    natsStatus s = natsSubscription_Fetch(&list, sub, batch, FETCH_MS, NULL);
    if (s == NATS_TIMEOUT)
        return NATS_OK;

    for (int i = 0; i < list.Count && s == NATS_OK; i++)
        s = process_order(list.Msgs[i]);
    natsMsgList_Destroy(&list);
    return s;
}

/* Is an order left? Either it hasn't been delivered yet, or it was delivered
 * to somebody who may still die before acknowledging it. */
static natsStatus look(bool *is_left, jsCtx *js, const char *durable)
{
    jsConsumerInfo *info = NULL;

    natsStatus s = js_GetConsumerInfo(&info, js, "orders", durable, NULL, NULL);
    if (s != NATS_OK)
        return s;

    *is_left = info->NumPending > 0 || info->NumAckPending > 0;
    jsConsumerInfo_Destroy(info);
    return NATS_OK;
}

static natsStatus process(jsCtx *js, const char *franchise, const char *sku,
                          int batch)
{
    char subject[MAX_TEXT], durable[MAX_TEXT];
    natsSubscription *sub = NULL;
    bool is_left = true;

    snprintf(subject, sizeof(subject), "orders.%s.%s", franchise, sku);
    snprintf(durable, sizeof(durable), "%s_%s_processor", franchise, sku);
    natsStatus s = open_consumer(&sub, js, subject, durable);
    while (s == NATS_OK && is_left && !is_stopping()) {
        s = look(&is_left, js, durable);
        if (s == NATS_OK && is_left)
            s = process_batch(sub, batch);
    }
    natsSubscription_Destroy(sub); /* NULL is fine */
    return s;
}

/* Is it one word, fit for a subject, a consumer's name and JSON? */
static bool is_word(const char *text)
{
    return text[0] != '\0' && strlen(text) <= 64 &&
           strpbrk(text, ".*>/\\\" \t\n\v\f\r") == NULL;
}

/* A number from 1 to MAX_NUMBER; 0 where the text is none. */
static int number_in(const char *text)
{
    char *end = NULL;
    long number = strtol(text, &end, 10);

    return *end == '\0' && number >= 1 && number <= MAX_NUMBER ? (int)number
                                                               : 0;
}

/* Says why it failed, as nats.c knows it. */
static void complain(natsStatus s)
{
    const char *text =
        nats_GetLastError(NULL); /* NULL where it knows nothing */

    fprintf(stderr, "orders: %s %s\n", natsStatus_GetText(s),
            text != NULL ? text : "");
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    bool creating = argc == 2 && strcmp(command, "create") == 0;
    bool publishing = argc == 5 && strcmp(command, "publish") == 0;
    bool processing =
        (argc == 4 || argc == 5) && strcmp(command, "process") == 0;
    int number = argc == 5 ? number_in(argv[4]) : 10;
    natsConnection *nc = NULL;
    jsCtx *js = NULL;

    if (!creating && !((publishing || processing) && is_word(argv[2]) &&
                       is_word(argv[3]) && number > 0)) {
        fprintf(stderr, "usage: orders create\n"
                        "       orders publish FRANCHISE SKU COUNT\n"
                        "       orders process FRANCHISE SKU [BATCH]\n");
        return 2;
    }
    const char *url = getenv("NATS_URL");
    setvbuf(stdout, NULL, _IOLBF, 0); /* show each line at once */
    block_signals();

    natsStatus s = natsConnection_ConnectTo(
        &nc, url != NULL ? url : "nats://127.0.0.1:4222");
    if (s == NATS_OK)
        s = natsConnection_JetStream(&js, nc, NULL);
    if (s == NATS_OK && creating)
        s = create(js);
    else if (s == NATS_OK && publishing)
        s = publish(js, argv[2], argv[3], number);
    else if (s == NATS_OK)
        s = process(js, argv[2], argv[3], number);
    if (s != NATS_OK)
        complain(s);

    jsCtx_Destroy(js); /* NULL is fine */
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
