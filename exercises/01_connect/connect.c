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

    /* TODO 4: nats.c calls this when the connection is closed for good: print
     * `closed`. */
}

/* TODO 5: write two more of these. on_reconnected prints `reconnected to
 * «server name»`. on_disconnected prints `disconnected`, but not when main
 * closes the connection: nats.c calls it then, too, and nothing is lost. Look
 * up natsConnection_IsClosed. */

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

    /* TODO 3: this sets only the first server, and when that one goes down, so
     * do we. Set all of them.
     * Look up natsOptions_SetServers. */
    natsStatus s = natsOptions_SetURL(opts, servers[0]);
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

    /* TODO 2: name the connection `connect`. That is what the servers' operator
     * will see.
     * Look up natsOptions_SetName. */

    /* A server that has just come back may not know us yet. */
    s = natsOptions_SetIgnoreAuthErrorAbort(opts, true);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetClosedCB(opts, on_closed, NULL);
    if (s != NATS_OK)
        return s;

    /* TODO 5: register your two callbacks, like the one above.
     * Look up natsOptions_SetDisconnectedCB and natsOptions_SetReconnectedCB.
     */

    /* TODO 6: never give up. By default, nats.c tries each server 60 times; -1
     * means no limit.
     * Look up natsOptions_SetMaxReconnect. */
    return NATS_OK;
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

    /* TODO 1: print `connected to «server name» («cluster»), rtt «N» us`: the
     * server we are on, and how many microseconds a message takes there and
     * back. If a call fails, return its status.
     * Look up natsConnection_GetConnectedServerName and
     * natsConnection_GetRTT, which gives nanoseconds. */
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
