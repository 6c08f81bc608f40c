/* For tests/kinds: device [--mortal] ID: answers fleet.query with its ID. With
 * --mortal d13 dies of the question. */
#include "workshop.h"

#include <string.h>

static bool is_mortal;

static void on_query(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                     void *id)
{
    (void)sub;
    if (is_mortal && strcmp(id, "d13") == 0)
        raise(SIGKILL);
    if (natsMsg_GetReply(msg) != NULL)
        natsConnection_PublishString(nc, natsMsg_GetReply(msg), id);
    natsMsg_Destroy(msg);
}

int main(int argc, char **argv)
{
    struct workshop ws;
    sigset_t stop;
    natsSubscription *sub = NULL;

    if (argc < 2)
        return 2;
    is_mortal = argc > 2;
    char *id = argv[argc - 1];

    workshop_block_signals(&stop);
    natsStatus s = workshop_connect(&ws, id);
    if (s != NATS_OK)
        goto done;

    s = natsConnection_Subscribe(&sub, ws.nc, "fleet.query", on_query, id);
    if (s != NATS_OK)
        goto done;

    s = natsConnection_FlushTimeout(ws.nc, WORKSHOP_MS);
    if (s != NATS_OK)
        goto done;

    puts("ready");
    fflush(stdout);
    workshop_await_signal(&stop);
    s = workshop_drain(&ws);

done:
    natsSubscription_Destroy(sub);
    return workshop_close(&ws, s);
}
