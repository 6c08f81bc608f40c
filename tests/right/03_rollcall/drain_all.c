/* rollcall, with callbacks where the solution has none and the other way round:
 * `call` counts in a callback and waits by a condition, `answer` ends by
 * draining the whole connection. */
#define _POSIX_C_SOURCE 200809L

#include "text.h"

#include <nats/nats.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sem_t stopped, closed;

static void on_signal(int sig)
{
    (void)sig;
    sem_post(&stopped);
}

static void on_closed(natsConnection *nc, void *closure)
{
    (void)nc;
    (void)closure;
    sem_post(&closed);
}

static void await(sem_t *sem)
{
    while (sem_wait(sem) != 0)
        ; /* EINTR */
}

/* ---- answer ---------------------------------------------------------------
 */

static void on_call(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                    void *name)
{
    (void)sub;
    if (natsMsg_GetReply(msg) != NULL)
        natsConnection_PublishString(nc, natsMsg_GetReply(msg), name);
    natsMsg_Destroy(msg);
}

static natsStatus answer(natsConnection *nc, char *name, const sigset_t *caught)
{
    natsSubscription *sub = NULL;

    natsStatus s =
        natsConnection_Subscribe(&sub, nc, "room.rollcall", on_call, name);
    if (s == NATS_OK)
        s = natsConnection_Flush(nc);
    pthread_sigmask(SIG_UNBLOCK, caught, NULL);
    if (s == NATS_OK) {
        await(&stopped);
        s = natsConnection_Drain(nc);
    }
    if (s == NATS_OK)
        await(&closed);
    natsSubscription_Destroy(sub);
    return s;
}

/* ---- call -----------------------------------------------------------------
 */

struct hall {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int here;
    bool empty; /* the server says so */
};

static void on_answer(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                      void *closure)
{
    struct hall *hall = closure;
    (void)nc;
    (void)sub;

    pthread_mutex_lock(&hall->lock);
    if (natsMsg_IsNoResponders(msg)) {
        hall->empty = true;
    } else {
        hall->here++;
        put_text(stdout, natsMsg_GetData(msg),
                 (size_t)natsMsg_GetDataLength(msg));
        putchar('\n');
        fflush(stdout);
    }
    pthread_cond_signal(&hall->changed);
    pthread_mutex_unlock(&hall->lock);
    natsMsg_Destroy(msg);
}

static struct timespec after(double seconds)
{
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    long ns = end.tv_nsec + (long)((seconds - (double)(long)seconds) * 1e9);
    end.tv_sec += (long)seconds + ns / 1000000000;
    end.tv_nsec = ns % 1000000000;
    return end;
}

/* Until no name has come for so long. */
static void gather(struct hall *hall, double seconds)
{
    int before = -1;

    pthread_mutex_lock(&hall->lock);
    while (before != hall->here && !hall->empty) {
        struct timespec end = after(seconds);
        int error = 0;

        before = hall->here;
        while (before == hall->here && !hall->empty && error == 0)
            error = pthread_cond_timedwait(&hall->changed, &hall->lock, &end);
    }
    pthread_mutex_unlock(&hall->lock);
}

static natsStatus call(natsConnection *nc, double seconds)
{
    struct hall hall = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0,
                        false};
    natsSubscription *sub = NULL;
    natsInbox *inbox = NULL;

    natsStatus s = natsInbox_Create(&inbox);
    if (s == NATS_OK)
        s = natsConnection_Subscribe(&sub, nc, inbox, on_answer, &hall);
    if (s == NATS_OK)
        s = natsConnection_PublishRequestString(nc, "room.rollcall", inbox,
                                                "who is here?");
    if (s == NATS_OK)
        gather(&hall, seconds);
    if (s == NATS_OK)
        s = natsConnection_Drain(nc);
    if (s == NATS_OK) {
        await(&closed); /* no callback runs any more */
        printf("%d here\n", hall.here);
    }
    natsSubscription_Destroy(sub);
    natsInbox_Destroy(inbox);
    return s;
}

/* ---- both -----------------------------------------------------------------
 */

static natsStatus connect_room(natsConnection **nc)
{
    const char *servers[16];
    const char *urls = getenv("NATS_URL");
    char *copy = strdup(urls != NULL ? urls : NATS_DEFAULT_URL);
    natsOptions *opts = NULL;
    int count = 0;

    for (char *url = strtok(copy, ","); url != NULL && count < 16;
         url = strtok(NULL, ","))
        servers[count++] = url;

    natsStatus s = natsOptions_Create(&opts);
    if (s == NATS_OK)
        s = natsOptions_SetServers(opts, servers, count);
    if (s == NATS_OK)
        s = natsOptions_SetClosedCB(opts, on_closed, NULL);
    if (s == NATS_OK)
        s = natsConnection_Connect(nc, opts);
    natsOptions_Destroy(opts);
    free(copy);
    return s;
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

int main(int argc, char **argv)
{
    sigset_t caught;
    natsConnection *nc = NULL;
    char *end = "";
    bool calling = argc > 1 && argc < 4 && strcmp(argv[1], "call") == 0;
    bool answering = argc == 3 && strcmp(argv[1], "answer") == 0 && *argv[2];
    double seconds = calling && argc == 3 ? strtod(argv[2], &end) : 1;

    if ((!calling && !answering) ||
        (calling && (*end != '\0' || !(seconds >= 0.001) || seconds > 86400))) {
        fprintf(stderr, "usage: rollcall call [SECONDS] | answer NAME\n");
        return 2;
    }
    sem_init(&stopped, 0, 0);
    sem_init(&closed, 0, 0);
    if (answering)
        catch_signals(&caught);

    natsStatus s = connect_room(&nc);
    if (s == NATS_OK)
        s = calling ? call(nc, seconds) : answer(nc, argv[2], &caught);
    if (s != NATS_OK)
        fprintf(stderr, "rollcall: %s\n", natsStatus_GetText(s));
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
