/* For tests/header: a JetStream consumer by workshop.h.
 *   header_consumer fill COUNT  makes stream `header` of COUNT messages
 *   header_consumer take COUNT  prints and acknowledges messages in batches; is
 *                               stopped by SIGTERM after COUNT, or ends when
 *                               none is left */
#include "workshop.h"

#include <unistd.h>

enum { BATCH = 10 };

static natsStatus fill(jsCtx *js, int count)
{
    jsStreamConfig stream;
    jsConsumerConfig consumer;
    char number[16];

    jsStreamConfig_Init(&stream);
    stream.Name = "header";
    stream.Subjects = (const char *[]){"header.work"};
    stream.SubjectsLen = 1;
    stream.Storage = js_MemoryStorage;
    natsStatus s = js_AddStream(NULL, js, &stream, NULL, NULL);
    if (s != NATS_OK)
        return s;

    jsConsumerConfig_Init(&consumer);
    consumer.Durable = "header";
    consumer.AckPolicy = js_AckExplicit;
    s = js_AddConsumer(NULL, js, "header", &consumer, NULL, NULL);

    for (int i = 0; s == NATS_OK && i < count; i++) {
        int length = snprintf(number, sizeof(number), "%d", i);
        s = js_Publish(NULL, js, "header.work", number, length, NULL, NULL);
    }
    return s;
}

/* Prints and acknowledges a batch. */
static natsStatus work_on(natsMsgList *batch)
{
    natsStatus s = NATS_OK;

    for (int i = 0; s == NATS_OK && i < batch->Count; i++) {
        natsMsg *msg = batch->Msgs[i];
        printf("%.*s\n", natsMsg_GetDataLength(msg), natsMsg_GetData(msg));
        s = natsMsg_Ack(msg, NULL);
    }
    natsMsgList_Destroy(batch);
    return s;
}

static natsStatus take(natsSubscription *sub, int count)
{
    int taken = 0;

    while (!workshop_is_stopped()) {
        natsMsgList batch = {NULL, 0};

        natsStatus s = natsSubscription_Fetch(&batch, sub, BATCH, 500, NULL);
        if (s == NATS_TIMEOUT)
            break;
        if (s != NATS_OK)
            return s;

        taken += batch.Count;
        s = work_on(&batch);
        if (s != NATS_OK)
            return s;
        if (taken >= count)
            kill(getpid(), SIGTERM); /* as somebody else would */
    }
    return NATS_OK;
}

int main(int argc, char **argv)
{
    struct workshop ws;
    sigset_t stop;
    jsCtx *js = NULL;
    natsSubscription *sub = NULL;
    jsSubOptions opts;

    if (argc != 3)
        return 2;

    workshop_block_signals(&stop);
    natsStatus s = workshop_connect(&ws, "header_consumer");
    if (s != NATS_OK)
        goto done;

    s = natsConnection_JetStream(&js, ws.nc, NULL);
    if (s != NATS_OK)
        goto done;

    int count = (int)strtol(argv[2], NULL, 10);
    if (strcmp(argv[1], "fill") == 0) {
        s = fill(js, count);
        goto done;
    }

    jsSubOptions_Init(&opts);
    opts.Stream = "header";
    opts.Consumer = "header";
    s = js_PullSubscribe(&sub, js, "header.work", NULL, NULL, &opts, NULL);
    if (s != NATS_OK)
        goto done;

    s = take(sub, count);
    if (s != NATS_OK)
        goto done;

    natsSubscription_Destroy(sub); /* what it holds is redelivered */
    sub = NULL;
    s = workshop_drain(&ws);

done:
    natsSubscription_Destroy(sub);
    jsCtx_Destroy(js);
    return workshop_close(&ws, s);
}
