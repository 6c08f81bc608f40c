/* lottery NAME: takes part in the room's lottery.
 *
 * A draw is a request on room.lottery. All players are in one queue group, so
 * the server hands each draw to one of them; whoever gets it has won and
 * replies with NAME. Plays until SIGINT or SIGTERM. */
#define _POSIX_C_SOURCE 200809L

#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIMEOUT_MS = 5000 };

/* Runs on a nats.c thread, once per draw that we won. We own msg. */
static void on_draw(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                    void *closure)
{
    const char *name = closure;
    (void)sub;

    /* Without a reply subject nobody waits for the winner. */
    const char *reply = natsMsg_GetReply(msg);
    if (reply != NULL) {
        natsStatus s = natsConnection_PublishString(nc, reply, name);
        if (s != NATS_OK)
            fprintf(stderr, "lottery: reply: %s\n", natsStatus_GetText(s));
    }

    natsMsg_Destroy(msg);
}

/* Leaves the group: the server sends no more draws, those already here are
 * answered, and the answers are with the server when this returns. */
static natsStatus leave(natsConnection *nc, natsSubscription *sub)
{
    natsStatus s = natsSubscription_DrainTimeout(sub, TIMEOUT_MS);
    if (s != NATS_OK)
        return s;

    s = natsSubscription_WaitForDrainCompletion(sub, 0);
    if (s != NATS_OK)
        return s;

    s = natsSubscription_DrainCompletionStatus(sub);
    if (s != NATS_OK)
        return s;

    return natsConnection_FlushTimeout(nc, TIMEOUT_MS);
}

static natsStatus play(natsConnection *nc, char *name, const sigset_t *stop)
{
    natsSubscription *sub = NULL;
    int sig;

    natsStatus s = natsConnection_QueueSubscribe(&sub, nc, "room.lottery",
                                                 "lottery", on_draw, name);
    if (s != NATS_OK)
        return s;

    /* Subscribing only queued the request: wait until the server has it. */
    s = natsConnection_FlushTimeout(nc, TIMEOUT_MS);
    if (s != NATS_OK)
        goto done;

    printf("%s plays\n", name);
    sigwait(stop, &sig);
    s = leave(nc, sub);

done:
    natsSubscription_Destroy(sub);
    return s;
}

int main(int argc, char **argv)
{
    natsConnection *nc = NULL;
    sigset_t stop;

    if (argc != 2 || argv[1][0] == '\0') {
        fprintf(stderr, "usage: lottery NAME\n");
        return 2;
    }

    /* Show every line at once, also when stdout is not a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);

    /* Block before nats.c starts threads: they inherit the mask, so only
     * sigwait() ever sees these signals. No handler, no polling. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);

    const char *url = getenv("NATS_URL");
    if (url == NULL)
        url = "nats://127.0.0.1:4222";

    natsStatus s = natsConnection_ConnectTo(&nc, url);
    if (s != NATS_OK)
        goto done;

    s = play(nc, argv[1], &stop);

done:
    if (s != NATS_OK)
        fprintf(stderr, "lottery: %s\n", natsStatus_GetText(s));
    natsConnection_Destroy(nc); /* NULL is fine */
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
