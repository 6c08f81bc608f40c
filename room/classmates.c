/*
 * classmates N: N simulated classmates, for who is alone at home.
 *
 * They sign the guestbook, answer the rollcall, each of them, play in the
 * lottery, have favorite things, and one of them says something in the chatroom
 * every ten seconds or so. Until SIGINT or SIGTERM.
 */
#include "room/likes.h"

#include <nats/nats.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    CLASSMATES_MAX = 200,
    SERVERS_MAX = 16,
    ANSWER_MS = 2000,
    LEAVE_MS = 5000,
    CHAT_EVERY_S = 10 /* more or less, for all of them together */
};

static const char *const HANDLES[] = {
    "Ada", "Bea", "Cyd", "Dan", "Eve", "Fay", "Gus", "Hal",  "Ida",
    "Jan", "Kim", "Leo", "Mia", "Ned", "Ora", "Pam", "Quin", "Ray",
    "Sue", "Tom", "Una", "Val", "Wes", "Xia", "Yan", "Zoe",
};

static const char *const GREETINGS[] = {
    "Hello from the third row!",
    "My first service said hello today.",
    "I was here, and the coffee was good.",
    "Subjects instead of addresses: I like it.",
    "Greetings to whoever reads this history.",
};

static const char *const REMARKS[] = {
    "Who is on exercise 3 already?",
    "Did anybody win the lottery twice in a row?",
    "It took me a while: a payload has no NUL at its end.",
    "Has everybody signed the guestbook?",
    "I stopped a node and my program did not even blink.",
    "What does > match that * does not?",
    "Draining on the way out did it for me.",
    "nats sub '>' shows all of us, try it.",
};

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

struct classmate {
    char handle[16];
    bool signed_in; /* the guestbook has thanked */
    natsSubscription *rollcall;
    natsSubscription *lottery;
    struct likes likes;
};

/* Runs on a nats.c thread, once per rollcall and per draw that is ours. We own
 * msg. */
static void on_request(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                       void *closure)
{
    const struct classmate *mate = closure;
    const char *reply = natsMsg_GetReply(msg);
    (void)sub;

    if (reply != NULL) {
        natsStatus s = natsConnection_PublishString(nc, reply, mate->handle);
        if (s != NATS_OK)
            fprintf(stderr, "classmates: reply: %s\n", natsStatus_GetText(s));
    }
    natsMsg_Destroy(msg);
}

/* Runs on a nats.c thread when the connection is drained. */
static void on_closed(natsConnection *nc, void *closure)
{
    (void)nc;
    sem_post(closure);
}

static const char *any_of(const char *const texts[], int count)
{
    return texts[rand() % count];
}

/* Ada ... Zoe, Ada-2 ... */
static void name(struct classmate *mate, int i)
{
    const char *first = HANDLES[i % COUNT(HANDLES)];
    int round = i / COUNT(HANDLES) + 1;

    if (round == 1)
        snprintf(mate->handle, sizeof mate->handle, "%s", first);
    else
        snprintf(mate->handle, sizeof mate->handle, "%s-%d", first, round);
}

/* Signs the guestbook. False where that is not open: another time will do. */
static bool sign(struct classmate *mate, natsConnection *nc)
{
    natsMsg *reply = NULL;
    char subject[64];

    snprintf(subject, sizeof subject, "room.guestbook.sign.%s", mate->handle);
    natsStatus s = natsConnection_RequestString(
        &reply, nc, subject, any_of(GREETINGS, COUNT(GREETINGS)), ANSWER_MS);
    natsMsg_Destroy(reply);
    mate->signed_in = s == NATS_OK;
    return mate->signed_in;
}

static natsStatus say(const struct classmate *mate, natsConnection *nc,
                      const char *text)
{
    char subject[64];

    snprintf(subject, sizeof subject, "room.chatroom.%s", mate->handle);
    return natsConnection_PublishString(nc, subject, text);
}

static natsStatus join(struct classmate *mate, natsConnection *nc, int number)
{
    natsStatus s = natsConnection_Subscribe(&mate->rollcall, nc,
                                            "room.rollcall", on_request, mate);
    if (s == NATS_OK)
        s = natsConnection_QueueSubscribe(&mate->lottery, nc, "room.lottery",
                                          "lottery", on_request, mate);
    if (s == NATS_OK)
        s = likes_start(&mate->likes, nc, mate->handle, number);
    return s;
}

/* Lets time pass. True when a signal says that it is over. */
static bool told_to_end(const sigset_t *stop)
{
    long half = CHAT_EVERY_S * 500L; /* milliseconds */
    long pause = half + rand() % (2 * half);
    struct timespec limit = {.tv_sec = pause / 1000,
                             .tv_nsec = pause % 1000 * 1000000};

    return sigtimedwait(stop, NULL, &limit) != -1;
}

/* Now and then one of them does something. */
static void live(struct classmate mates[], int count, natsConnection *nc,
                 const sigset_t *stop)
{
    while (!told_to_end(stop)) {
        struct classmate *mate = &mates[rand() % count];
        natsStatus s = say(mate, nc, any_of(REMARKS, COUNT(REMARKS)));
        if (s != NATS_OK)
            fprintf(stderr, "classmates: chat: %s\n", natsStatus_GetText(s));
        if (!mate->signed_in)
            sign(mate, nc);
    }
}

/* Waits until every request that came is answered. */
static natsStatus leave(natsConnection *nc, sem_t *closed)
{
    struct timespec limit;

    natsStatus s = natsConnection_DrainTimeout(nc, LEAVE_MS);
    if (s == NATS_ILLEGAL_STATE) /* reconnecting: nobody to answer to */
        return NATS_OK;
    if (s != NATS_OK)
        return s;

    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 2 * LEAVE_MS / 1000;
    return sem_timedwait(closed, &limit) == 0 ? NATS_OK : NATS_TIMEOUT;
}

/* NATS_URL has commas between servers, the options take a string for each. */
static natsStatus set_servers(natsOptions *options, const char *urls)
{
    const char *servers[SERVERS_MAX];
    char *rest = NULL;
    int count = 0;

    char *copy = strdup(urls);
    if (copy == NULL)
        return NATS_NO_MEMORY;

    char *url = strtok_r(copy, ",", &rest);
    while (url != NULL && count < SERVERS_MAX) {
        servers[count++] = url;
        url = strtok_r(NULL, ",", &rest);
    }

    natsStatus s = natsOptions_SetServers(options, servers, count);
    free(copy);
    return s;
}

static natsStatus connect_room(natsConnection **nc, sem_t *closed)
{
    const char *urls = getenv("NATS_URL");
    natsOptions *options = NULL;

    natsStatus s = natsOptions_Create(&options);
    if (s == NATS_OK)
        s = set_servers(options, urls == NULL ? NATS_DEFAULT_URL : urls);
    if (s == NATS_OK)
        s = natsOptions_SetName(options, "classmates");
    if (s == NATS_OK)
        s = natsOptions_SetMaxReconnect(options, -1);
    if (s == NATS_OK)
        s = natsOptions_SetClosedCB(options, on_closed, closed);
    if (s == NATS_OK) /* a few threads for all, not one a subscription */
        s = natsOptions_UseGlobalMessageDelivery(options, true);
    if (s == NATS_OK)
        s = natsConnection_Connect(nc, options);
    natsOptions_Destroy(options);
    return s;
}

/* All of them come in, stay and leave. */
static natsStatus visit(struct classmate mates[], int count, natsConnection *nc,
                        sem_t *closed, const sigset_t *stop)
{
    for (int i = 0; i < count; i++) {
        name(&mates[i], i);
        natsStatus s = join(&mates[i], nc, i);
        if (s != NATS_OK)
            return s;
    }

    natsStatus s = natsConnection_FlushTimeout(nc, ANSWER_MS);
    if (s != NATS_OK)
        return s;

    printf("classmates: %d in the room\n", count);
    for (int i = 0; i < count && sign(&mates[i], nc); i++)
        ;
    live(mates, count, nc, stop);
    return leave(nc, closed);
}

/* 0 where text is no number from 1 to CLASSMATES_MAX. */
static int count_in(const char *text)
{
    char *end = NULL;
    long count = strtol(text, &end, 10);

    return *end == '\0' && count >= 1 && count <= CLASSMATES_MAX ? (int)count
                                                                 : 0;
}

int main(int argc, char **argv)
{
    struct classmate *mates = NULL;
    natsConnection *nc = NULL;
    sem_t closed;
    sigset_t stop;

    int count = argc == 2 ? count_in(argv[1]) : 0;
    if (count == 0) {
        fprintf(stderr, "usage: classmates N, from 1 to %d\n", CLASSMATES_MAX);
        return 2;
    }

    /* Block before nats.c starts threads, which inherit the mask: only
     * sigtimedwait() sees these signals. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0); /* the ready line must not wait */
    srand((unsigned)time(NULL) ^ (unsigned)getpid());
    sem_init(&closed, 0, 0);

    natsStatus s = NATS_NO_MEMORY;
    mates = calloc((size_t)count, sizeof *mates);
    if (mates == NULL)
        goto done;

    s = connect_room(&nc, &closed);
    if (s != NATS_OK)
        goto done;

    s = visit(mates, count, nc, &closed, &stop);

done:
    if (s != NATS_OK)
        fprintf(stderr, "classmates: %s\n", natsStatus_GetText(s));
    for (int i = 0; mates != NULL && i < count; i++) {
        natsSubscription_Destroy(mates[i].rollcall);
        natsSubscription_Destroy(mates[i].lottery);
        likes_end(&mates[i].likes);
    }
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    sem_destroy(&closed);
    free(mates);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
