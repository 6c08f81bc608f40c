/* connect, where callbacks only tell main what has happened: main alone prints.
 * The signal is an event like others, posted by a handler. */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_NAME = 256, MAX_SERVERS = 32, TIMEOUT_MS = 2000 };

/* Events go through a pipe, a letter each: what a handler may write as well. */
static int events[2];

static void post(char event)
{
    if (write(events[1], &event, 1) != 1)
        abort();
}

static void on_signal(int sig)
{
    (void)sig;
    post('s');
}

static void on_disconnected(natsConnection *nc, void *closure)
{
    (void)nc;
    (void)closure;
    post('d');
}

static void on_reconnected(natsConnection *nc, void *closure)
{
    (void)nc;
    (void)closure;
    post('r');
}

static void on_closed(natsConnection *nc, void *closure)
{
    (void)nc;
    (void)closure;
    post('c');
}

static natsStatus set_servers(natsOptions *opts)
{
    const char *servers[MAX_SERVERS];
    const char *urls = getenv("NATS_URL");
    char *copy = strdup(urls != NULL ? urls : NATS_DEFAULT_URL);
    char *rest = NULL;
    int count = 0;

    for (char *url = strtok_r(copy, ", ", &rest);
         url != NULL && count < MAX_SERVERS; url = strtok_r(NULL, ", ", &rest))
        servers[count++] = url;

    natsStatus s = natsOptions_SetServers(opts, servers, count);
    free(copy);
    return s;
}

static natsStatus configure(natsOptions *opts)
{
    natsStatus s = set_servers(opts);
    if (s == NATS_OK)
        s = natsOptions_SetNoRandomize(opts, true);
    if (s == NATS_OK)
        s = natsOptions_SetName(opts, "connect");
    if (s == NATS_OK)
        s = natsOptions_SetAllowReconnect(opts, true);
    if (s == NATS_OK)
        s = natsOptions_SetMaxReconnect(opts, -1);
    if (s == NATS_OK)
        s = natsOptions_SetReconnectWait(opts, 100);
    if (s == NATS_OK)
        s = natsOptions_SetIgnoreAuthErrorAbort(opts, true);
    if (s == NATS_OK)
        s = natsOptions_SetDisconnectedCB(opts, on_disconnected, NULL);
    if (s == NATS_OK)
        s = natsOptions_SetReconnectedCB(opts, on_reconnected, NULL);
    if (s == NATS_OK)
        s = natsOptions_SetClosedCB(opts, on_closed, NULL);
    return s;
}

/* Round trip and cluster from one request: its answer has both. */
static natsStatus report(natsConnection *nc)
{
    natsMsg *info = NULL;
    char name[MAX_NAME] = "?";

    int64_t start = nats_NowInNanoSeconds();
    natsStatus s = natsConnection_RequestString(&info, nc, "$SYS.REQ.USER.INFO",
                                                "", TIMEOUT_MS);
    int64_t rtt = nats_NowInNanoSeconds() - start;
    if (s != NATS_OK)
        return s;

    cJSON *json = cJSON_ParseWithLength(natsMsg_GetData(info),
                                        (size_t)natsMsg_GetDataLength(info));
    const cJSON *server = cJSON_GetObjectItem(json, "server");
    const char *cluster =
        cJSON_GetStringValue(cJSON_GetObjectItem(server, "cluster"));
    s = natsConnection_GetConnectedServerName(nc, name, sizeof(name));
    if (s == NATS_OK)
        printf("connected to %s (%s), rtt %ld us\n", name,
               cluster != NULL ? cluster : "?", (long)(rtt / 1000));
    cJSON_Delete(json);
    natsMsg_Destroy(info);
    return s;
}

/* Handles events until the connection is closed. */
static void watch(natsConnection *nc)
{
    bool stopping = false;
    char event = ' ';

    while (event != 'c') {
        char name[MAX_NAME] = "?";

        if (read(events[0], &event, 1) != 1)
            continue; /* EINTR */
        if (event == 's') {
            stopping = true;
            natsConnection_Close(nc);
        } else if (event == 'd' && !stopping) {
            printf("disconnected\n");
        } else if (event == 'r' && !stopping) {
            natsConnection_GetConnectedServerName(nc, name, sizeof(name));
            printf("reconnected to %s\n", name);
        }
        fflush(stdout);
    }
    printf("closed\n");
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
    natsOptions *opts = NULL;
    natsConnection *nc = NULL;
    (void)argv;

    if (argc > 1) {
        fprintf(stderr, "usage: connect\n");
        return 2;
    }
    if (pipe(events) != 0)
        return EXIT_FAILURE;
    catch_signals(&caught);

    natsStatus s = natsOptions_Create(&opts);
    if (s == NATS_OK)
        s = configure(opts);
    if (s == NATS_OK)
        s = natsConnection_Connect(&nc, opts);
    if (s == NATS_OK)
        s = report(nc);
    fflush(stdout);
    pthread_sigmask(SIG_UNBLOCK, &caught, NULL);
    if (s == NATS_OK)
        watch(nc);
    else
        fprintf(stderr, "connect: %s\n", natsStatus_GetText(s));

    natsConnection_Destroy(nc);
    natsOptions_Destroy(opts);
    nats_CloseAndWait(0);
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
