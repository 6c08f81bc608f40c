/* orders create: makes the stream that keeps the room's orders.
 * orders publish FRANCHISE SKU COUNT: places the orders 1 to COUNT.
 * orders process FRANCHISE SKU [BATCH]: prints each order, until none is left.
 * Each may be interrupted at any time, and given again. */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    STORE_MS = 250,     /* one attempt to get an order stored */
    RETRY_MS = 15000,   /* all of them: a new leader may take 8 s */
    PAUSE_MS = 100,     /* between two */
    FETCH_MS = 200,     /* how long a fetch waits for orders, */
    INFO_MS = 500,      /* and a question for its answer */
    ACK_WAIT_MS = 1000, /* more than any batch takes */
    MAX_TEXT = 256
};

/* Makes the stream. If it is there and just like it, that is fine. */
static natsStatus create(jsCtx *js)
{
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    /* TODO 1: say what stream it shall be, and add it: `orders` keeps what is
     * published to orders.>, in files, in three copies on three servers.
     * Look up jsStreamConfig and js_AddStream. */
    (void)js;
    return NATS_OK;
}

/* Publishes the order until the stream says that it has it, and prints that.
 * While the stream is without a leader nobody answers, or too late; nothing
 * tells of a new one, hence a pause. If only the answer was lost, the id tells
 * that the order is there. */
static natsStatus store(jsCtx *js, const char *subject, const char *id,
                        const char *order)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int64_t deadline = nats_Now() + RETRY_MS;
    jsPubAck *ack = NULL;
    jsPubOptions opts;

    jsPubOptions_Init(&opts);
    /* TODO 2: publish the order so that the stream answers, and wait STORE_MS
     * for that. Give it its id: what the stream gets twice it stores once, and
     * the answer says so. Print `stored ID` or `duplicate ID`.
     * Look up jsPubOptions, js_Publish and jsPubAck. */
    (void)js;
    (void)subject;
    (void)id;
    (void)order;
    natsStatus s = NATS_OK;

    /* TODO 3: the stream has one leader. When that dies it takes a while until
     * there is another, and js_Publish fails with NATS_NO_RESPONDERS or
     * NATS_TIMEOUT. Then pause, and try again, until the deadline.
     * Look up nats_Now and nanosleep. */
    (void)pause;
    (void)deadline;

    jsPubAck_Destroy(ack); /* NULL is fine */
    return s;
}

static natsStatus publish(jsCtx *js, const char *franchise, const char *sku,
                          int count)
{
    char subject[MAX_TEXT], id[MAX_TEXT], order[2 * MAX_TEXT];
    natsStatus s = NATS_OK;

    snprintf(subject, sizeof(subject), "orders.%s.%s", franchise, sku);
    for (int n = 1; n <= count && s == NATS_OK; n++) {
        snprintf(id, sizeof(id), "%s.%s.%d", franchise, sku, n);
        snprintf(order, sizeof(order),
                 "{\"id\":\"%s\",\"sku\":\"%s\",\"quantity\":1}", id, sku);
        s = store(js, subject, id, order);
    }
    return s;
}

/* Makes the consumer, if it is not there yet, and binds *sub to it. */
static natsStatus open_consumer(natsSubscription **sub, jsCtx *js,
                                const char *subject, const char *durable)
{
    jsConsumerConfig config;
    jsSubOptions opts;

    jsConsumerConfig_Init(&config);
    /* TODO 4: say what consumer it shall be, and add it to the stream: durable
     * under that name, only for the subject, each order acknowledged by itself,
     * and given out again after ACK_WAIT_MS (in nanoseconds!) without.
     * Look up jsConsumerConfig and js_AddConsumer. */
    natsStatus s = NATS_OK;
    if (s != NATS_OK)
        return s;

    jsSubOptions_Init(&opts);
    opts.Stream = "orders";
    opts.Consumer = durable;
    return js_PullSubscribe(sub, js, subject, NULL, NULL, &opts, NULL);
}

/* Prints the order's id, and tells the server that the order is done. What is
 * no order will never be: the server need not give it out again. */
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
         * the server knows: whatever kills us later, it does not come again.
         * Look up natsMsg_AckSync. What if the two were the other way round? */
    } else {
        fprintf(stderr, "orders: not an order: %.*s\n", length, data);
        /* TODO 5: tell the server that this message will never be processed.
         * Look up natsMsg_Term. */
    }
    cJSON_Delete(order);
    return s;
}

/* Processes the orders that come, a batch at most; perhaps none does. */
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

/* Until no order is left: one that nobody has yet, or one that somebody has
 * who may die before it is acknowledged. */
static natsStatus process(jsCtx *js, const char *franchise, const char *sku,
                          int batch)
{
    char subject[MAX_TEXT], durable[MAX_TEXT];
    natsSubscription *sub = NULL;
    jsOptions opts;
    bool more = true;

    jsOptions_Init(&opts);
    opts.Wait = INFO_MS;
    snprintf(subject, sizeof(subject), "orders.%s.%s", franchise, sku);
    snprintf(durable, sizeof(durable), "%s_%s_processor", franchise, sku);
    natsStatus s = open_consumer(&sub, js, subject, durable);
    while (s == NATS_OK && more) {
        jsConsumerInfo *info = NULL;
        s = process_batch(sub, batch);
        if (s == NATS_OK)
            s = js_GetConsumerInfo(&info, js, "orders", durable, &opts, NULL);
        if (s == NATS_OK)
            more = info->NumPending > 0 || info->NumAckPending > 0;
        else if (s == NATS_TIMEOUT) /* while it has no leader: ask again */
            s = NATS_OK;
        jsConsumerInfo_Destroy(info);
    }
    natsSubscription_Destroy(sub);
    return s;
}

/* One word, which can stand in a subject and in a consumer's name. */
static bool is_token(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_");
    return length > 0 && length <= 64 && text[length] == '\0';
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    bool creating = argc == 2 && strcmp(command, "create") == 0;
    bool publishing = argc == 5 && strcmp(command, "publish") == 0;
    bool processing = argc >= 4 && strcmp(command, "process") == 0;
    int number = argc == 5 ? (int)strtol(argv[4], NULL, 10) : 10;
    natsConnection *nc = NULL;
    jsCtx *js = NULL;

    if (!creating && !((publishing || processing) && is_token(argv[2]) &&
                       is_token(argv[3]) && number > 0)) {
        fprintf(stderr, "usage: orders create\n"
                        "       orders publish FRANCHISE SKU COUNT\n"
                        "       orders process FRANCHISE SKU [BATCH]\n");
        return 2;
    }
    const char *url = getenv("NATS_URL");
    setvbuf(stdout, NULL, _IOLBF, 0); /* show each line at once */

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
        fprintf(stderr, "orders: %s %s\n", natsStatus_GetText(s),
                nats_GetLastError(NULL));

    jsCtx_Destroy(js); /* NULL is fine */
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
