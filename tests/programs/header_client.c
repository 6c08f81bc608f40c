/* For tests/header: a client by workshop.h that ends by itself.
 *   header_client             asks the server for its round trip, prints
 * `hello` header_client ID COUNT PID... sends COUNT requests to
 * header.echo.«ID» at once; after a tenth of the replies it stops each PID by
 *                             SIGTERM. Prints how many different replies came.
 */
#include "workshop.h"

#include <sys/types.h>

enum { MOST = 10000 };

static natsStatus ask(natsConnection *nc, const char *subject,
                      const char *inbox, int count)
{
    char number[16];

    for (int i = 0; i < count; i++) {
        snprintf(number, sizeof(number), "%d", i);
        natsStatus s =
            natsConnection_PublishRequestString(nc, subject, inbox, number);
        if (s != NATS_OK)
            return s;
    }
    return natsConnection_FlushTimeout(nc, WORKSHOP_MS);
}

/* Counts replies, each number once, until all are there or none comes. */
static natsStatus gather(natsSubscription *replies, int count, char **pids)
{
    static bool seen[MOST];
    int here = 0;

    while (here < count) {
        natsMsg *msg = NULL;

        natsStatus s = natsSubscription_NextMsg(&msg, replies, WORKSHOP_MS);
        if (s == NATS_TIMEOUT || s == NATS_NO_RESPONDERS)
            break;
        if (s != NATS_OK)
            return s;

        char number[16];
        snprintf(number, sizeof(number), "%.*s", natsMsg_GetDataLength(msg),
                 natsMsg_GetData(msg));
        natsMsg_Destroy(msg);
        long n = strtol(number, NULL, 10);
        if (n < 0 || n >= count || seen[n])
            return NATS_ERR;
        seen[n] = true;
        here++;
        for (; here >= count / 10 && *pids != NULL; pids++)
            kill((pid_t)strtol(*pids, NULL, 10), SIGTERM);
    }
    printf("%d\n", here);
    return NATS_OK;
}

static natsStatus ask_and_gather(natsConnection *nc, char **argv)
{
    natsInbox *inbox = NULL;
    natsSubscription *replies = NULL;
    char subject[64];
    int count = (int)strtol(argv[2], NULL, 10);

    if (count < 1 || count > MOST)
        return NATS_INVALID_ARG;
    snprintf(subject, sizeof(subject), "header.echo.%s", argv[1]);

    natsStatus s = natsInbox_Create(&inbox);
    if (s != NATS_OK)
        goto done;

    s = natsConnection_SubscribeSync(&replies, nc, inbox);
    if (s != NATS_OK)
        goto done;

    s = ask(nc, subject, inbox, count);
    if (s != NATS_OK)
        goto done;

    s = gather(replies, count, argv + 3);

done:
    natsSubscription_Destroy(replies);
    natsInbox_Destroy(inbox);
    return s;
}

int main(int argc, char **argv)
{
    struct workshop ws;
    int64_t rtt;

    natsStatus s = workshop_connect(&ws, "header_client");
    if (s != NATS_OK)
        goto done;

    if (argc > 2) {
        s = ask_and_gather(ws.nc, argv);
    } else {
        s = natsConnection_GetRTT(ws.nc, &rtt);
        puts("hello");
    }

done:
    return workshop_close(&ws, s);
}
