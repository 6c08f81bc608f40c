/* rollcall call [SECONDS]: asks once on room.rollcall who is here, and prints
 *     each name that comes in, until none has come for SECONDS (default 1).
 * rollcall answer NAME: replies NAME to each call, until SIGINT or SIGTERM. */
#define _POSIX_C_SOURCE 200809L

#include "text.h" /* put_text */

#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 2000 };

/* Runs on a nats.c thread, once per call. We own msg. */
static void on_call(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                    void *closure)
{
    const char *name = closure;
    (void)sub;

    /* TODO 1: answer the call: publish name to the subject on which the caller
     * waits. If that fails, say so on stderr. A message that was just
     * published, without a reply subject, needs no answer.
     * Look up natsMsg_GetReply and natsConnection_PublishString. */
    (void)nc;
    (void)name;

    natsMsg_Destroy(msg);
}

/* Ends sub without losing a call: those that have arrived are answered, and the
 * server has the answers. (In 04_lottery you write this yourself.) */
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

static natsStatus answer(natsConnection *nc, char *name, const sigset_t *stop)
{
    natsSubscription *sub = NULL;
    int sig;

    /* TODO 2: hear every call: subscribe to room.rollcall, with on_call as the
     * callback and name as its closure. (Now it hears nothing.)
     * Look up natsConnection_Subscribe. */
    (void)on_call;
    natsStatus s = natsConnection_SubscribeSync(&sub, nc, "room.nothing");
    if (s != NATS_OK)
        goto done;

    /* Subscribing does not wait for the server. This does. */
    s = natsConnection_FlushTimeout(nc, TIMEOUT_MS);
    if (s != NATS_OK)
        goto done;

    printf("%s answers\n", name);
    sigwait(stop, &sig);
    s = leave(nc, sub);

done:
    natsSubscription_Destroy(sub); /* NULL is fine */
    return s;
}

/* Prints the names that arrive on answers, until none has for quiet_ms. */
static natsStatus gather(natsSubscription *answers, int64_t quiet_ms)
{
    int here = 0;

    /* TODO 4: take the next answer, print it as a line with put_text, count it
     * and destroy it; again and again, until none has come for quiet_ms, or the
     * server says that nobody is listening. If anything else goes wrong, return
     * the status.
     * Look up natsSubscription_NextMsg (what does it return when?),
     * natsMsg_GetData, natsMsg_GetDataLength and natsMsg_Destroy. */
    (void)answers;
    (void)quiet_ms;

    printf("%d here\n", here);
    return NATS_OK;
}

static natsStatus call(natsConnection *nc, double seconds)
{
    natsInbox *inbox = NULL;
    natsSubscription *answers = NULL;

    /* TODO 3: create an inbox, a subject for the answers to this one call, and
     * subscribe to it without a callback. Then ask: publish an empty message to
     * room.rollcall, with the inbox as its reply subject.
     * Look up natsInbox_Create, natsConnection_SubscribeSync and
     * natsConnection_PublishRequest. */
    (void)nc;
    natsStatus s = NATS_OK;
    if (s != NATS_OK)
        goto done;

    s = gather(answers, (int64_t)(seconds * 1000));

done:
    natsSubscription_Destroy(answers);
    natsInbox_Destroy(inbox);
    return s;
}

/* From a millisecond to a day; 0 if text is anything else. */
static double parse_seconds(const char *text)
{
    char *end;
    double seconds = strtod(text, &end);

    return *end == '\0' && seconds >= 0.001 && seconds <= 86400 ? seconds : 0;
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
    double seconds = argc == 3 ? parse_seconds(argv[2]) : 1;
    bool answering = argc == 3 && strcmp(argv[1], "answer") == 0 && *argv[2];
    bool calling = (argc == 2 || argc == 3) && strcmp(argv[1], "call") == 0;
    sigset_t stop;

    if (!answering && !(calling && seconds > 0)) {
        fprintf(stderr, "usage: rollcall call [SECONDS]\n"
                        "       rollcall answer NAME\n");
        return 2;
    }
    const char *urls = getenv("NATS_URL");
    if (urls == NULL || urls[0] == '\0')
        urls = "nats://127.0.0.1:4222";

    /* Show each line at once, even if stdout isn't a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);

    /* A call ends by itself and owes nobody an answer: it may be killed. */
    if (answering)
        block_signals(&stop);

    natsStatus s = natsConnection_ConnectTo(&nc, urls);
    if (s != NATS_OK)
        goto done;

    s = answering ? answer(nc, argv[2], &stop) : call(nc, seconds);

done:
    if (s != NATS_OK)
        fprintf(stderr, "rollcall: %s\n", natsStatus_GetText(s));
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
