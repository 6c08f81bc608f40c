/* chatroom, in three threads of our own: main sleeps until a signal or the end
 * of the input, one reads the keyboard, one takes the messages. */
#define _POSIX_C_SOURCE 200809L

#include "text.h"

#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_MS = 60000, MAX_SERVERS = 16 };

struct chat {
    natsConnection *nc;
    natsSubscription *sub;
    char subject[512];
    natsStatus said;
};

static void *listen(void *closure)
{
    struct chat *chat = closure;

    for (;;) {
        natsMsg *msg = NULL;

        natsStatus s = natsSubscription_NextMsg(&msg, chat->sub, WAIT_MS);
        if (s == NATS_TIMEOUT)
            continue;
        if (s != NATS_OK)
            return NULL;

        const char *handle = natsMsg_GetSubject(msg) + strlen("room.chatroom.");
        putchar('[');
        put_text(stdout, handle, strlen(handle));
        printf("] ");
        fwrite(natsMsg_GetData(msg), 1, (size_t)natsMsg_GetDataLength(msg),
               stdout);
        putchar('\n');
        fflush(stdout);
        natsMsg_Destroy(msg);
    }
}

/* Says what is typed; then main is told, as if Ctrl-C were pressed. Cancelled
 * only while it reads. */
static void *talk(void *closure)
{
    struct chat *chat = closure;
    static char line[2 * 1024 * 1024]; /* more than a message can be */
    size_t length = 0;
    int unused;
    char c = 0;
    ssize_t n = 0;

    while (chat->said == NATS_OK && (n = read(STDIN_FILENO, &c, 1)) == 1) {
        if (c != '\n') {
            if (length < sizeof(line))
                line[length++] = c;
            continue;
        }
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &unused);
        chat->said =
            natsConnection_Publish(chat->nc, chat->subject, line, (int)length);
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &unused);
        length = 0;
    }
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &unused);
    if (n == 0 && length > 0)
        chat->said =
            natsConnection_Publish(chat->nc, chat->subject, line, (int)length);
    kill(getpid(), SIGTERM);
    return NULL;
}

static natsStatus enter(struct chat *chat)
{
    const char *servers[MAX_SERVERS];
    const char *urls = getenv("NATS_URL");
    char *copy = strdup(urls != NULL ? urls : NATS_DEFAULT_URL);
    natsOptions *opts = NULL;
    char *rest = NULL;
    int count = 0;

    for (char *url = strtok_r(copy, ",", &rest);
         url != NULL && count < MAX_SERVERS; url = strtok_r(NULL, ",", &rest))
        servers[count++] = url;

    natsStatus s = natsOptions_Create(&opts);
    if (s == NATS_OK)
        s = natsOptions_SetServers(opts, servers, count);
    if (s == NATS_OK)
        s = natsOptions_SetNoEcho(opts, true);
    if (s == NATS_OK)
        s = natsConnection_Connect(&chat->nc, opts);
    if (s == NATS_OK)
        s = natsConnection_SubscribeSync(&chat->sub, chat->nc,
                                         "room.chatroom.>");
    natsOptions_Destroy(opts);
    free(copy);
    return s;
}

/* Until a signal. What is here is printed, what was said is with the server. */
static natsStatus chat_until(struct chat *chat, const sigset_t *stop)
{
    pthread_t listening, talking;
    int sig;

    if (pthread_create(&listening, NULL, listen, chat) != 0)
        return NATS_SYS_ERROR;
    if (pthread_create(&talking, NULL, talk, chat) != 0)
        abort();

    sigwait(stop, &sig);
    pthread_cancel(talking);
    pthread_join(talking, NULL);
    natsStatus s = natsSubscription_Drain(chat->sub);
    pthread_join(listening, NULL);
    if (chat->said != NATS_OK)
        return chat->said;
    return s == NATS_OK ? natsConnection_Flush(chat->nc) : s;
}

int main(int argc, char **argv)
{
    static struct chat chat;
    sigset_t stop;

    if (argc != 2 || argv[1][0] == '\0' || strlen(argv[1]) > 400 ||
        strpbrk(argv[1], ".*> \t\r\n\v\f") != NULL) {
        fprintf(stderr, "usage: chatroom HANDLE\n");
        return 2;
    }
    snprintf(chat.subject, sizeof(chat.subject), "room.chatroom.%s", argv[1]);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);

    natsStatus s = enter(&chat);
    if (s == NATS_OK)
        s = chat_until(&chat, &stop);
    if (s != NATS_OK)
        fprintf(stderr, "chatroom: %s\n", natsStatus_GetText(s));
    natsSubscription_Destroy(chat.sub);
    natsConnection_Destroy(chat.nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
