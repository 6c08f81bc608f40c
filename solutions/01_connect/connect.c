/* connect: stays connected to the room, whatever happens to its servers, and
 * reports what happens to the connection, until SIGINT or SIGTERM. */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 2000, MAX_NAME = 128, MAX_SERVERS = 16 };

/* Runs on a nats.c thread, like all callbacks of a connection, one at a time.
 */
static void on_closed(natsConnection *nc, void *closure)
{
    (void)nc;
    (void)closure;

    puts("closed");
}

static void on_disconnected(natsConnection *nc, void *closure)
{
    (void)closure;

    if (!natsConnection_IsClosed(nc)) /* closing disconnects, too */
        puts("disconnected");
}

static void on_reconnected(natsConnection *nc, void *closure)
{
    char server[MAX_NAME] = "?"; /* if it is lost again already */
    (void)closure;

    natsConnection_GetConnectedServerName(nc, server, sizeof(server));
    printf("reconnected to %s\n", server);
}

/* In NATS_URL there are commas between the servers; nats.c wants an array. */
static natsStatus set_servers(natsOptions *opts, const char *urls)
{
    const char *servers[MAX_SERVERS] = {NULL};
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

/* Says how to connect: where to, by what name, what to do when the connection
 * is lost, and which callbacks to call. */
static natsStatus configure(natsOptions *opts, const char *urls)
{
    natsStatus s = set_servers(opts, urls);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetName(opts, "connect");
    if (s != NATS_OK)
        return s;

    /* A server that has just come back may not know us yet. */
    s = natsOptions_SetIgnoreAuthErrorAbort(opts, true);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetClosedCB(opts, on_closed, NULL);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetDisconnectedCB(opts, on_disconnected, NULL);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetReconnectedCB(opts, on_reconnected, NULL);
    if (s != NATS_OK)
        return s;

    return natsOptions_SetMaxReconnect(opts, -1); /* for ever */
}

/* nats.c knows the server's name, but not its cluster: this asks the server.
 * How asking works is the next exercise. */
static void find_cluster(natsConnection *nc, char *cluster, size_t size)
{
    natsMsg *reply = NULL;

    snprintf(cluster, size, "no cluster");
    natsStatus s = natsConnection_Request(&reply, nc, "$SYS.REQ.USER.INFO",
                                          NULL, 0, TIMEOUT_MS);
    if (s != NATS_OK)
        return;

    cJSON *json = cJSON_ParseWithLength(natsMsg_GetData(reply),
                                        (size_t)natsMsg_GetDataLength(reply));
    const char *name = cJSON_GetStringValue(
        cJSON_GetObjectItem(cJSON_GetObjectItem(json, "server"), "cluster"));
    if (name != NULL)
        snprintf(cluster, size, "%s", name);
    cJSON_Delete(json);
    natsMsg_Destroy(reply);
}

/* Says where we are. */
static natsStatus report(natsConnection *nc)
{
    char cluster[MAX_NAME];

    find_cluster(nc, cluster, sizeof(cluster));

    char server[MAX_NAME];
    int64_t rtt = 0; /* in nanoseconds */

    natsStatus s =
        natsConnection_GetConnectedServerName(nc, server, sizeof(server));
    if (s != NATS_OK)
        return s;

    s = natsConnection_GetRTT(nc, &rtt);
    if (s != NATS_OK)
        return s;

    printf("connected to %s (%s), rtt %lld us\n", server, cluster,
           (long long)rtt / 1000);
    return NATS_OK;
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
    natsOptions *opts = NULL;
    natsConnection *nc = NULL;
    sigset_t stop;
    int sig;

    if (argc != 1) {
        fprintf(stderr, "usage: %s\n", argv[0]);
        return 2;
    }
    const char *urls = getenv("NATS_URL");
    if (urls == NULL || urls[0] == '\0')
        urls = "nats://127.0.0.1:4222";

    /* Show each line at once, even if stdout isn't a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    block_signals(&stop);

    natsStatus s = natsOptions_Create(&opts);
    if (s != NATS_OK)
        goto done;

    s = configure(opts, urls);
    if (s != NATS_OK)
        goto done;

    s = natsConnection_Connect(&nc, opts);
    if (s != NATS_OK)
        goto done;

    s = report(nc);
    if (s != NATS_OK)
        goto done;

    sigwait(&stop, &sig);
    natsConnection_Close(nc);

done:
    if (s != NATS_OK)
        fprintf(stderr, "connect: %s\n", natsStatus_GetText(s));
    natsConnection_Destroy(nc); /* NULL is fine */
    natsOptions_Destroy(opts);
    nats_CloseAndWait(0); /* after the last callback */
    return s == NATS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
