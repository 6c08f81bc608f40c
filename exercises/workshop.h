/* workshop.h: what you wrote by hand in 01 to 05, given from 06 on: connect,
 * wait to be stopped, leave without losing anything.
 *
 *         workshop_block_signals(&stop);
 *         natsStatus s = workshop_connect(&ws, "name");
 *         if (s != NATS_OK)
 *             goto done;
 *         ... use ws.nc: subscribe, or start a service ...
 *         workshop_await_signal(&stop);
 *         ... a service: microService_Stop ...
 *         s = workshop_drain(&ws);
 *     done:
 *         ... destroy your subscriptions, services, contexts ...
 *         return workshop_close(&ws, s);
 *
 * A program that ends by itself needs neither signals nor drain: Ctrl-C may
 * kill it, and workshop_close sends what it has published. */
#ifndef WORKSHOP_H
#define WORKSHOP_H

#include <nats/nats.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKSHOP_MS = 2000, WORKSHOP_SERVERS = 16 };

/* A connection. Callbacks use it: keep it where it is until workshop_close. */
struct workshop {
    const char *name;   /* the program's; not a copy */
    natsConnection *nc; /* yours to use, ours to destroy; may be NULL */
    atomic_int error;   /* the status that nats.c reported last */
    sem_t closed;       /* posted when nc is closed for good */
};

/* Keeps SIGINT and SIGTERM for the next two functions. Call it first: threads
 * that nats.c starts inherit the mask, so no signal interrupts a callback. */
static inline void workshop_block_signals(sigset_t *stop)
{
    sigemptyset(stop);
    sigaddset(stop, SIGINT);
    sigaddset(stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, stop, NULL);
}

/* Waits for a blocked signal, and takes it. */
static inline void workshop_await_signal(const sigset_t *stop)
{
    int sig;

    sigwait(stop, &sig);
}

/* Has a blocked signal come? For a loop that works until then. */
static inline bool workshop_is_stopped(void)
{
    sigset_t pending;

    sigpending(&pending);
    return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM);
}

/* Says in one line on stderr why a call of nats.c, just made, returned s. */
static inline void workshop_complain(const char *name, natsStatus s)
{
    natsStatus last = NATS_OK;
    const char *text = nats_GetLastError(&last); /* of this thread: "(PLACE IN
                                                    NATS.C): TEXT", or NULL */
    if (text != NULL)
        text = strstr(text, "): ");
    if (text != NULL && last == s)
        fprintf(stderr, "%s: %s\n", name, text + 3);
    else
        fprintf(stderr, "%s: %s\n", name, natsStatus_GetText(s));
}

/* Runs on a nats.c thread, for what no call could return: a subject that is
 * forbidden, messages dropped because we are slow, a drain that fails. */
static inline void workshop_on_error(natsConnection *nc, natsSubscription *sub,
                                     natsStatus s, void *closure)
{
    struct workshop *ws = closure;
    char text[256] = "";
    (void)sub;

    atomic_store(&ws->error, (int)s);
    if (natsConnection_IsDraining(nc) || natsConnection_IsClosed(nc))
        return; /* workshop_drain returns it */

    natsConnection_ReadLastError(nc, text, sizeof(text));
    fprintf(stderr, "%s: %s: %s\n", ws->name, natsStatus_GetText(s), text);
}

/* Runs on a nats.c thread, after all other callbacks of the connection. */
static inline void workshop_on_closed(natsConnection *nc, void *closure)
{
    struct workshop *ws = closure;
    (void)nc;

    sem_post(&ws->closed);
}

/* Sets the servers in NATS_URL, with commas between; where it is unset or
 * empty, the usual one on this machine. */
static inline natsStatus workshop_set_servers(natsOptions *opts)
{
    const char *servers[WORKSHOP_SERVERS];
    const char *urls = getenv("NATS_URL");
    char *rest = NULL;
    int count = 0;

    if (urls == NULL || urls[0] == '\0')
        urls = "nats://127.0.0.1:4222";
    char *copy = strdup(urls);
    if (copy == NULL)
        return NATS_NO_MEMORY;

    char *url = strtok_r(copy, ", ", &rest);
    while (url != NULL && count < WORKSHOP_SERVERS) {
        servers[count++] = url;
        url = strtok_r(NULL, ", ", &rest);
    }

    natsStatus s = natsOptions_SetServers(opts, servers, count);
    free(copy);
    return s;
}

/* Logs in with the credentials in the file NATS_CREDS, if it is set (exercise
 * 14). The room needs none. */
static inline natsStatus workshop_set_login(natsOptions *opts)
{
    const char *file = getenv("NATS_CREDS");

    if (file == NULL || file[0] == '\0')
        return NATS_OK;
    return natsOptions_SetUserCredentialsFromFiles(opts, file, NULL);
}

static inline natsStatus workshop_configure(natsOptions *opts,
                                            struct workshop *ws)
{
    natsStatus s = workshop_set_servers(opts);
    if (s != NATS_OK)
        return s;

    s = workshop_set_login(opts);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetName(opts, ws->name);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetErrorHandler(opts, workshop_on_error, ws);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetClosedCB(opts, workshop_on_closed, ws);
    if (s != NATS_OK)
        return s;

    return natsOptions_SetMaxReconnect(opts, -1); /* never give up */
}

/* Connects to a server that answers, under the program's name, which must live
 * as long as ws. Where it fails, ws->nc is NULL. Either way, end with
 * workshop_close. */
static inline natsStatus workshop_connect(struct workshop *ws, const char *name)
{
    natsOptions *opts = NULL;

    ws->name = name;
    ws->nc = NULL;
    atomic_init(&ws->error, NATS_OK);
    sem_init(&ws->closed, 0, 0);

    natsStatus s = natsOptions_Create(&opts);
    if (s != NATS_OK)
        return s;

    s = workshop_configure(opts, ws);
    if (s == NATS_OK)
        s = natsConnection_Connect(&ws->nc, opts);

    natsOptions_Destroy(opts); /* the connection has a copy */
    return s;
}

/* Takes no more messages, lets callbacks handle those that are here, sends what
 * is unsent and closes the connection. natsConnection_DrainTimeout only begins
 * all that; this waits for the end. On success nothing is lost. Otherwise
 * WORKSHOP_MS were not enough, or there is no server just now. Destroy first
 * each subscription from which you take messages yourself (NextMsg, Fetch):
 * draining would wait, in vain, for you to take what it still holds. */
static inline natsStatus workshop_drain(struct workshop *ws)
{
    atomic_store(&ws->error, NATS_OK);

    natsStatus s = natsConnection_DrainTimeout(ws->nc, WORKSHOP_MS);
    if (s != NATS_OK)
        return s;

    while (sem_wait(&ws->closed) != 0) /* a debugger may interrupt it */
        ;
    return (natsStatus)atomic_load(&ws->error);
}

/* Ends all of NATS, and returns main's exit status: EXIT_SUCCESS where s is
 * NATS_OK, else EXIT_FAILURE, after a line that says why. Destroy first what
 * you made with ws->nc: it is a failure to leave something. Afterwards no
 * callback runs, so what they use may be freed. */
static inline int workshop_close(struct workshop *ws, natsStatus s)
{
    if (s != NATS_OK)
        workshop_complain(ws->name, s);

    natsConnection_Destroy(ws->nc); /* NULL is fine */
    ws->nc = NULL;
    natsStatus left = nats_CloseAndWait(WORKSHOP_MS);
    if (left == NATS_OK)
        sem_destroy(&ws->closed); /* nobody can post it any more */
    else
        fprintf(stderr, "%s: something of NATS is not destroyed\n", ws->name);
    return s == NATS_OK && left == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
