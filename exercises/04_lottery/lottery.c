/* lottery NAME: plays in the room's lottery, until SIGINT or SIGTERM.
 *
 * A draw is a request on room.lottery. All players are in one queue group, so
 * the server gives each draw to one of them. Whoever gets it has won, and
 * replies with NAME. */
#define _POSIX_C_SOURCE 200809L

#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIMEOUT_MS = 2000 };

/* Runs on a nats.c thread, once per draw that we won. We own msg. */
static void on_draw(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                    void *closure)
{
    const char *name = closure;
    (void)sub;

    /* TODO 1: answer the draw: publish name to the subject on which the sender
     * is waiting. If that fails, say so on stderr. A message that was just
     * published, without a reply subject, needs no answer.
     * Look up natsMsg_GetReply and natsConnection_PublishString. */
    (void)nc;
    (void)name;

    natsMsg_Destroy(msg);
}

/* Enters the lottery; on success, the server knows. The caller destroys *sub,
 * even after a failure. name must outlive it. */
static natsStatus join(natsSubscription **sub, natsConnection *nc, char *name)
{
    /* TODO 2: as it stands, every player gets every draw. Join the queue group
     * "lottery" instead, so that only one of us gets each draw.
     * Look up natsConnection_QueueSubscribe. */
    natsStatus s =
        natsConnection_Subscribe(sub, nc, "room.lottery", on_draw, name);
    if (s != NATS_OK)
        return s;

    /* Subscribing doesn't wait for the server. This does. */
    return natsConnection_FlushTimeout(nc, TIMEOUT_MS);
}

/* Leaves the lottery. On success, every draw that we were given is answered,
 * and the server has the answers. */
static natsStatus leave(natsConnection *nc, natsSubscription *sub)
{
    /* TODO 3: this throws away the draws that are waiting for on_draw. Drain
     * the subscription instead, wait until that's done, ask whether it went
     * well, and only then flush.
     * Look up natsSubscription_DrainTimeout, _WaitForDrainCompletion and
     * _DrainCompletionStatus. */
    natsStatus s = natsSubscription_Unsubscribe(sub);
    if (s != NATS_OK)
        return s;

    return natsConnection_FlushTimeout(nc, TIMEOUT_MS);
}

/* Call it before nats.c starts threads: they inherit the mask, so only
 * sigwait() ever sees these signals. No handler, no polling. */
static void block_signals(sigset_t *stop)
{
    sigemptyset(stop);
    sigaddset(stop, SIGINT);
    sigaddset(stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, stop, NULL);
}

int main(int argc, char **argv)
{
    natsConnection *nc = NULL;
    natsSubscription *sub = NULL;
    sigset_t stop;
    int sig;

    if (argc != 2 || argv[1][0] == '\0') {
        fprintf(stderr, "usage: lottery NAME\n");
        return 2;
    }
    const char *url = getenv("NATS_URL");
    if (url == NULL)
        url = "nats://127.0.0.1:4222";

    /* Show each line at once, even if stdout isn't a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    block_signals(&stop);

    natsStatus s = natsConnection_ConnectTo(&nc, url);
    if (s != NATS_OK)
        goto done;

    s = join(&sub, nc, argv[1]);
    if (s != NATS_OK)
        goto done;

    printf("%s plays\n", argv[1]);
    sigwait(&stop, &sig);
    s = leave(nc, sub);

done:
    if (s != NATS_OK)
        fprintf(stderr, "lottery: %s\n", natsStatus_GetText(s));
    natsSubscription_Destroy(sub); /* NULL is fine */
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
