/* lottery NAME, without a callback: one thread takes the draws one by one, a
 * handler and a semaphore take the signal. */
#define _POSIX_C_SOURCE 200809L

#include <nats/nats.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 2000, WAIT_MS = 60000 };

static sem_t stop;

static void on_signal(int sig)
{
    (void)sig;
    sem_post(&stop);
}

struct player {
    natsConnection *nc;
    natsSubscription *sub;
    const char *name;
};

static void *play(void *closure)
{
    struct player *player = closure;

    for (;;) {
        natsMsg *draw = NULL;

        natsStatus s = natsSubscription_NextMsg(&draw, player->sub, WAIT_MS);
        if (s == NATS_TIMEOUT)
            continue;
        if (s != NATS_OK)
            return NULL; /* drained: nothing comes any more */

        if (natsMsg_GetReply(draw) != NULL)
            natsConnection_Publish(player->nc, natsMsg_GetReply(draw),
                                   player->name, (int)strlen(player->name));
        natsMsg_Destroy(draw);
    }
}

static natsStatus join(struct player *player)
{
    natsStatus s = natsConnection_ConnectTo(&player->nc, getenv("NATS_URL"));
    if (s != NATS_OK)
        return s;

    s = natsConnection_QueueSubscribeSync(&player->sub, player->nc,
                                          "room.lottery", "lottery");
    if (s != NATS_OK)
        return s;

    return natsConnection_Flush(player->nc);
}

static natsStatus play_until_stopped(struct player *player,
                                     const sigset_t *caught)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, play, player) != 0)
        return NATS_SYS_ERROR;

    pthread_sigmask(SIG_UNBLOCK, caught, NULL);
    while (sem_wait(&stop) != 0)
        ; /* EINTR */
    natsStatus s = natsSubscription_Drain(player->sub);
    pthread_join(thread, NULL);
    if (s != NATS_OK)
        return s;

    return natsConnection_FlushTimeout(player->nc, TIMEOUT_MS);
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

    if (argc != 2 || argv[1][0] == '\0') {
        fprintf(stderr, "usage: lottery NAME\n");
        return 2;
    }
    sem_init(&stop, 0, 0);
    catch_signals(&caught);

    struct player player = {.name = argv[1]};
    natsStatus s = join(&player);
    if (s == NATS_OK)
        s = play_until_stopped(&player, &caught);
    if (s != NATS_OK)
        fprintf(stderr, "lottery: %s\n", natsStatus_GetText(s));

    natsSubscription_Destroy(player.sub);
    natsConnection_Destroy(player.nc);
    nats_Close();
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
