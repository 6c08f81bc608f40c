/* chatroom HANDLE: a chat. Prints what others say on room.chatroom.>, and says
 * each line of stdin on room.chatroom.HANDLE, until stdin ends or SIGINT or
 * SIGTERM arrives. */
#define _POSIX_C_SOURCE 200809L

#include "text.h" /* put_text */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT_MS = 2000, MAX_SUBJECT = 256, MAX_SERVERS = 16 };

static const char prefix[] = "room.chatroom.";

/* Runs on a nats.c thread, once per message. We own msg. */
static void on_message(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                       void *closure)
{
    (void)nc;
    (void)sub;
    (void)closure;

    /* TODO 2: print "[HANDLE] TEXT" as a line. HANDLE is everything that
     * follows prefix in the message's subject; print it with put_text. TEXT is
     * the payload: any bytes, maybe with a NUL among them and none at the end,
     * so use fwrite. Look up natsMsg_GetSubject, natsMsg_GetData and
     * natsMsg_GetDataLength. */

    natsMsg_Destroy(msg);
}

/* Hears whatever is said. The caller destroys *sub. */
static natsStatus hear(natsSubscription **sub, natsConnection *nc)
{
    /* TODO 1: subscribe to everything below room.chatroom, however deep, with
     * on_message as the callback. Which wildcard does that?
     * Look up natsConnection_Subscribe. */
    (void)sub;
    (void)nc;
    (void)on_message;
    return NATS_OK;
}

/* Ends the input: stdin becomes an empty file. A read() that is waiting fails
 * with EINTR, and one that hasn't begun yet finds the end of the file. */
static void on_signal(int sig)
{
    int saved = errno;
    int empty = open("/dev/null", O_RDONLY);
    (void)sig;

    if (empty == -1)
        _exit(EXIT_FAILURE);
    dup2(empty, STDIN_FILENO);
    close(empty);
    errno = saved;
}

/* Call it before nats.c starts threads: they inherit the mask. Only
 * read_line() lets the signals in, so on_signal runs nowhere else. */
static void catch_signals(sigset_t *stop)
{
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART */

    sigemptyset(stop);
    sigaddset(stop, SIGINT);
    sigaddset(stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, stop, NULL);

    action.sa_mask = *stop;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Reads a line of any length into *line, which getline() allocates and the
 * caller frees. Returns its length without the newline; -1 when stdin has
 * ended, a signal came (errno is EINTR) or reading failed. */
static ssize_t read_line(char **line, size_t *size, const sigset_t *stop)
{
    pthread_sigmask(SIG_UNBLOCK, stop, NULL);
    ssize_t length = getline(line, size, stdin);
    pthread_sigmask(SIG_BLOCK, stop, NULL);

    if (length > 0 && (*line)[length - 1] == '\n')
        length--;
    return length;
}

/* Says every line of stdin. */
static natsStatus talk(natsConnection *nc, const char *subject,
                       const sigset_t *stop)
{
    natsStatus s = NATS_OK;
    char *line = NULL;
    size_t size = 0;

    while (s == NATS_OK) {
        ssize_t length = read_line(&line, &size, stop);
        if (length == -1)
            break;
        if (length > INT_MAX) {
            s = NATS_MAX_PAYLOAD;
            break;
        }

        /* TODO 3: publish the line, length bytes of it, on subject. Keep the
         * status in s. Look up natsConnection_Publish. */
        (void)nc;
        (void)subject;
    }

    if (s == NATS_OK && !feof(stdin) && errno != EINTR)
        s = NATS_IO_ERROR;
    free(line);
    return s;
}

/* In NATS_URL there are commas between the servers; nats.c wants an array. */
static natsStatus set_servers(natsOptions *opts, const char *urls)
{
    const char *servers[MAX_SERVERS];
    int count = 0;

    char *copy = strdup(urls);
    if (copy == NULL)
        return NATS_NO_MEMORY;

    char *url = strtok(copy, ",");
    while (url != NULL && count < MAX_SERVERS) {
        servers[count++] = url;
        url = strtok(NULL, ",");
    }

    natsStatus s = natsOptions_SetServers(opts, servers, count);
    free(copy);
    return s;
}

static natsStatus enter(natsConnection **nc)
{
    natsOptions *opts = NULL;

    const char *urls = getenv("NATS_URL");
    if (urls == NULL || urls[0] == '\0')
        urls = "nats://127.0.0.1:4222";

    natsStatus s = natsOptions_Create(&opts);
    if (s != NATS_OK)
        return s;

    s = set_servers(opts, urls);
    if (s != NATS_OK)
        goto done;

    /* TODO 4: we hear what we say, because we listen, too. Tell the server that
     * this connection doesn't want its own messages.
     * Look up natsOptions_SetNoEcho. */

    s = natsConnection_Connect(nc, opts);

done:
    natsOptions_Destroy(opts);
    return s;
}

/* On success, all we heard is printed, and the server has all we said. */
static natsStatus leave(natsConnection *nc, natsSubscription *sub)
{
    /* TODO 5: drain the subscription, as in 04_lottery. Then wait until the
     * server has all we said: publishing doesn't wait for it.
     * Look up natsSubscription_DrainTimeout, _WaitForDrainCompletion,
     * _DrainCompletionStatus and natsConnection_FlushTimeout. */
    (void)nc;
    (void)sub;
    return NATS_OK;
}

/* Writes the handle's subject. The handle must be one token; false if it isn't,
 * or is too long. */
static bool make_subject(char subject[MAX_SUBJECT], const char *handle)
{
    if (handle[0] == '\0' || strpbrk(handle, ".*> \t\n\v\f\r") != NULL)
        return false;

    return snprintf(subject, MAX_SUBJECT, "%s%s", prefix, handle) < MAX_SUBJECT;
}

int main(int argc, char **argv)
{
    natsConnection *nc = NULL;
    natsSubscription *sub = NULL;
    char subject[MAX_SUBJECT];
    sigset_t stop;

    if (argc != 2 || !make_subject(subject, argv[1])) {
        fprintf(stderr, "usage: chatroom HANDLE (one word, none of .*>)\n");
        return 2;
    }

    /* Show each line at once, even if stdout isn't a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    catch_signals(&stop);

    natsStatus s = enter(&nc);
    if (s != NATS_OK)
        goto done;

    s = hear(&sub, nc);
    if (s != NATS_OK)
        goto done;

    s = talk(nc, subject, &stop);
    if (s != NATS_OK)
        goto done;

    s = leave(nc, sub);

done:
    if (s != NATS_OK)
        fprintf(stderr, "chatroom: %s\n", natsStatus_GetText(s));
    natsSubscription_Destroy(sub); /* NULL is fine */
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
