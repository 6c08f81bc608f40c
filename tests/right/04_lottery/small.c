/* lottery NAME, with workshop.h: the connection, the signals and leaving are
 * given, and the draws are what is left to write. */
#include "workshop.h"

/* Runs on a nats.c thread, once per draw that we won. We own msg. */
static void on_draw(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                    void *name)
{
    (void)sub;

    const char *reply = natsMsg_GetReply(msg);
    if (reply != NULL) {
        natsStatus s = natsConnection_PublishString(nc, reply, name);
        if (s != NATS_OK)
            workshop_complain("lottery", s);
    }
    natsMsg_Destroy(msg);
}

int main(int argc, char **argv)
{
    struct workshop ws;
    natsSubscription *sub = NULL;
    sigset_t stop;

    if (argc != 2 || argv[1][0] == '\0') {
        fprintf(stderr, "usage: lottery NAME\n");
        return 2;
    }

    workshop_block_signals(&stop); /* before it connects */
    natsStatus s = workshop_connect(&ws, "lottery");
    if (s != NATS_OK)
        goto done;

    s = natsConnection_QueueSubscribe(&sub, ws.nc, "room.lottery", "lottery",
                                      on_draw, argv[1]);
    if (s != NATS_OK)
        goto done;

    s = natsConnection_FlushTimeout(ws.nc, WORKSHOP_MS); /* the server knows */
    if (s != NATS_OK)
        goto done;

    workshop_await_signal(&stop);
    s = workshop_drain(&ws);

done:
    natsSubscription_Destroy(sub);
    return workshop_close(&ws, s);
}
