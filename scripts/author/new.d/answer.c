/* @NAME@ TEXT: answers requests on room.@NAME@ with TEXT.
 * Ends on SIGINT or SIGTERM. */
#include "workshop.h"

#define SUBJECT "room.@NAME@"

/* Runs on a nats.c thread, once per request. We own msg. */
static void on_request(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                       void *closure)
{
    const char *text = closure;
    (void)sub;

@skeleton
    /* TODO 1: send text to the subject on which the caller waits. A message
     * that was published, not requested, has no such subject: leave it alone.
     * Look up natsMsg_GetReply and natsConnection_PublishString. */
    (void)nc;
    (void)text;
@solution
    /* NULL where somebody published: nobody waits for an answer. */
    const char *reply = natsMsg_GetReply(msg);
    if (reply != NULL) {
        natsStatus s = natsConnection_PublishString(nc, reply, text);
        if (s != NATS_OK)
            workshop_complain("@NAME@", s);
    }
@wrong
    /* NULL where somebody published: nobody waits for an answer. */
    const char *reply = natsMsg_GetReply(msg);
    if (reply != NULL) {
        natsStatus s = natsConnection_PublishString(nc, reply, reply);
        (void)text;
        if (s != NATS_OK)
            workshop_complain("@NAME@", s);
    }
@end

    natsMsg_Destroy(msg);
}

int main(int argc, char **argv)
{
    struct workshop ws;
    natsSubscription *sub = NULL;
    sigset_t stop;

    if (argc != 2) {
        fprintf(stderr, "usage: @NAME@ TEXT\n");
        return 2;
    }
    workshop_block_signals(&stop);
    natsStatus s = workshop_connect(&ws, "@NAME@");
    if (s != NATS_OK)
        goto done;

    s = natsConnection_Subscribe(&sub, ws.nc, SUBJECT, on_request, argv[1]);
    if (s != NATS_OK)
        goto done;

    s = natsConnection_FlushTimeout(ws.nc, WORKSHOP_MS);
    if (s != NATS_OK)
        goto done;

    workshop_await_signal(&stop);
    s = workshop_drain(&ws);

done:
    natsSubscription_Destroy(sub); /* NULL is fine */
    return workshop_close(&ws, s);
}
