/* orders, with what nats.c does in the background: js_PublishAsync, whose acks
 * are seen by a handler, and a pull subscription with a callback. */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ATTEMPT_MS = 200, RETRY_MS = 15000, LOOK_MS = 50, MAX_TEXT = 256 };

static atomic_bool stopping;

static void on_signal(int sig)
{
    (void)sig;
    atomic_store(&stopping, true);
}

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

static natsStatus create(jsCtx *js)
{
    const char *subjects[] = {"orders.>"};
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    config.Name = "orders";
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Replicas = 3;
    return js_AddStream(NULL, js, &config, NULL, NULL);
}

/* ---- publish: one order under way at a time, its answer by a callback -----
 */

struct order {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    char id[MAX_TEXT];
    bool stored, duplicate;
};

/* Answers to earlier attempts come here, too: the id tells whose it is. */
static void on_ack(jsCtx *js, natsMsg *msg, jsPubAck *ack, jsPubAckErr *error,
                   void *closure)
{
    struct order *order = closure;
    const char *id = NULL;
    (void)js;
    (void)error;

    natsMsgHeader_Get(msg, "Nats-Msg-Id", &id);
    pthread_mutex_lock(&order->lock);
    if (ack != NULL && id != NULL && strcmp(id, order->id) == 0 &&
        !order->stored) {
        order->stored = true;
        order->duplicate = ack->Duplicate;
        pthread_cond_signal(&order->answered);
    }
    pthread_mutex_unlock(&order->lock);
    natsMsg_Destroy(msg);
}

static bool await_answer(struct order *order)
{
    struct timespec end;
    int error = 0;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += ATTEMPT_MS * 1000000L;
    end.tv_sec += end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;

    pthread_mutex_lock(&order->lock);
    while (!order->stored && error == 0)
        error = pthread_cond_timedwait(&order->answered, &order->lock, &end);
    bool stored = order->stored;
    pthread_mutex_unlock(&order->lock);
    return stored;
}

static natsStatus store(jsCtx *js, struct order *order, const char *subject,
                        const char *sku)
{
    int64_t end = nats_Now() + RETRY_MS;
    char text[3 * MAX_TEXT];
    jsPubOptions opts;

    snprintf(text, sizeof(text),
             "{\"id\":\"%s\",\"sku\":\"%s\",\"quantity\":2}", order->id, sku);
    jsPubOptions_Init(&opts);
    opts.MsgId = order->id;
    opts.MaxWait = 10 * ATTEMPT_MS;
    while (nats_Now() < end && !atomic_load(&stopping)) {
        natsStatus s =
            js_PublishAsync(js, subject, text, (int)strlen(text), &opts);
        if (s == NATS_OK && await_answer(order)) {
            printf("%s %s\n", order->duplicate ? "duplicate" : "stored",
                   order->id);
            fflush(stdout);
            return NATS_OK;
        }
        if (s != NATS_OK)
            pause_ms(LOOK_MS);
    }
    return atomic_load(&stopping) ? NATS_OK : NATS_TIMEOUT;
}

static natsStatus publish(jsCtx *js, struct order *order,
                          const char *const words[], int count)
{
    natsStatus s = NATS_OK;
    char subject[MAX_TEXT];

    snprintf(subject, sizeof(subject), "orders.%s.%s", words[0], words[1]);
    for (int i = 1; i <= count && s == NATS_OK && !atomic_load(&stopping);
         i++) {
        pthread_mutex_lock(&order->lock);
        snprintf(order->id, sizeof(order->id), "%s.%s.%d", words[0], words[1],
                 i);
        order->stored = false;
        pthread_mutex_unlock(&order->lock);
        s = store(js, order, subject, words[1]);
    }
    return s;
}

/* ---- process --------------------------------------------------------------
 */

static void on_order(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                     void *closure)
{
    (void)nc;
    (void)sub;
    (void)closure;

    cJSON *json = cJSON_ParseWithLength(natsMsg_GetData(msg),
                                        (size_t)natsMsg_GetDataLength(msg));
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(json, "id"));
    if (id == NULL) {
        fprintf(stderr, "orders: this is no order\n");
        natsMsg_Term(msg, NULL);
    } else if (!atomic_load(&stopping)) {
        printf("%s\n", id);
        fflush(stdout);
        natsMsg_AckSync(msg, NULL, NULL);
    }
    cJSON_Delete(json);
    natsMsg_Destroy(msg);
}

/* Until nothing is left, or a signal. */
static natsStatus await_none(jsCtx *js, const char *durable)
{
    uint64_t left = 1;

    while (left > 0 && !atomic_load(&stopping)) {
        jsConsumerInfo *info = NULL;

        natsStatus s =
            js_GetConsumerInfo(&info, js, "orders", durable, NULL, NULL);
        if (s != NATS_OK)
            return s;
        left = info->NumPending + (uint64_t)info->NumAckPending;
        jsConsumerInfo_Destroy(info);
        if (left > 0)
            pause_ms(LOOK_MS);
    }
    return NATS_OK;
}

static natsStatus process(jsCtx *js, const char *const words[], int batch)
{
    char subject[MAX_TEXT], durable[MAX_TEXT];
    natsSubscription *sub = NULL;
    jsConsumerConfig config;
    jsSubOptions opts;
    jsOptions js_opts;

    snprintf(subject, sizeof(subject), "orders.%s.%s", words[0], words[1]);
    snprintf(durable, sizeof(durable), "%s_%s_processor", words[0], words[1]);

    /* Made by hand: one that the subscription makes ends with it. */
    jsConsumerConfig_Init(&config);
    config.Durable = durable;
    config.FilterSubject = subject;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = 4000000000;
    natsStatus s = js_AddConsumer(NULL, js, "orders", &config, NULL, NULL);
    if (s != NATS_OK)
        return s;

    jsSubOptions_Init(&opts);
    opts.Stream = "orders";
    opts.Consumer = durable;
    opts.ManualAck = true;

    jsOptions_Init(&js_opts);
    js_opts.PullSubscribeAsync.FetchSize = batch;
    js_opts.PullSubscribeAsync.Timeout = 5000;
    s = js_PullSubscribeAsync(&sub, js, subject, durable, on_order, NULL,
                              &js_opts, &opts, NULL);
    if (s != NATS_OK)
        return s;

    s = await_none(js, durable);
    natsSubscription_Drain(sub);
    natsSubscription_WaitForDrainCompletion(sub, 1000);
    natsSubscription_Destroy(sub);
    return s;
}

static bool is_word(const char *text)
{
    return text[0] != '\0' && strlen(text) <= 64 &&
           strpbrk(text, ".*>/\\\" \t\n\v\f\r") == NULL;
}

/* The handler runs on main's thread only: nats.c's own inherit a mask that
 * keeps signals out, for its reads and writes do not go on after EINTR. */
static void catch_signals(sigset_t *caught)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(caught);
    sigaddset(caught, SIGINT);
    sigaddset(caught, SIGTERM);
    pthread_sigmask(SIG_BLOCK, caught, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static natsStatus run(const char *command, const char *const words[],
                      int number)
{
    sigset_t caught;
    static struct order order = {PTHREAD_MUTEX_INITIALIZER,
                                 PTHREAD_COND_INITIALIZER, "", false, false};
    const char *urls = getenv("NATS_URL");
    natsConnection *nc = NULL;
    jsCtx *js = NULL;
    jsOptions opts;

    catch_signals(&caught);
    jsOptions_Init(&opts);
    opts.PublishAsync.AckHandler = on_ack;
    opts.PublishAsync.AckHandlerClosure = &order;
    natsStatus s =
        natsConnection_ConnectTo(&nc, urls != NULL ? urls : NATS_DEFAULT_URL);
    if (s == NATS_OK)
        s = natsConnection_JetStream(&js, nc, &opts);
    pthread_sigmask(SIG_UNBLOCK, &caught, NULL);
    if (s == NATS_OK && *command == 'c')
        s = create(js);
    else if (s == NATS_OK && command[1] == 'u')
        s = publish(js, &order, words, number);
    else if (s == NATS_OK)
        s = process(js, words, number);
    jsCtx_Destroy(js);
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s;
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    bool creating = argc == 2 && strcmp(command, "create") == 0;
    bool publishing = argc == 5 && strcmp(command, "publish") == 0;
    bool processing = (argc == 4 || argc == 5) && !strcmp(command, "process");
    char *end = "";
    long number = argc == 5 ? strtol(argv[4], &end, 10) : 10;

    if (!creating &&
        (!(publishing || processing) || !is_word(argv[2]) ||
         !is_word(argv[3]) || *end != '\0' || number < 1 || number > 1000000)) {
        fprintf(stderr, "usage: orders create\n"
                        "       orders publish FRANCHISE SKU COUNT\n"
                        "       orders process FRANCHISE SKU [BATCH]\n");
        return 2;
    }

    natsStatus s = run(command, (const char *const *)argv + 2, (int)number);
    if (s != NATS_OK)
        fprintf(stderr, "orders: %s\n", natsStatus_GetText(s));
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
