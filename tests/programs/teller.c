/* For tests/kinds: teller [--alone] OWNER: a micro service with an endpoint
 * `get` on tell.OWNER, which replies `hi`, or the error 404 to `nothing`.
 * With --alone its endpoint is in no queue group, and what nats.c 3.14 tells of
 * it is JSON that does not parse. */
#include "workshop.h"

#include <string.h>

static microError *on_get(microRequest *req)
{
    if (microRequest_GetDataLength(req) == (int)strlen("nothing"))
        return micro_ErrorfCode(404, "not found");
    return microRequest_Respond(req, "hi", 2);
}

/* Not needed here, but nats.c 3.14 forgets to release a service without one. */
static void on_done(microService *service)
{
    (void)service;
}

static natsStatus start(microService **service, natsConnection *nc,
                        const char *owner, bool alone)
{
    char subject[64];
    const char *about_owner[] = {"owner", owner};
    const char *about_get[] = {"description", "says hi"};

    snprintf(subject, sizeof(subject), "tell.%s", owner);
    microEndpointConfig get = {.Name = "get",
                               .Subject = subject,
                               .NoQueueGroup = alone,
                               .Metadata = {about_get, 1},
                               .Handler = on_get};
    microServiceConfig config = {.Name = "teller",
                                 .Version = "1.2.3",
                                 .Description = "tells what it is told to",
                                 .Metadata = {about_owner, 1},
                                 .Endpoint = &get,
                                 .DoneHandler = on_done};

    microError *error = micro_AddService(service, nc, &config);
    if (error == NULL)
        return natsConnection_FlushTimeout(nc, WORKSHOP_MS);

    natsStatus s = microError_Status(error);
    microError_Destroy(error);
    return s;
}

int main(int argc, char **argv)
{
    struct workshop ws;
    sigset_t stop;
    microService *service = NULL;

    if (argc < 2)
        return 2;

    workshop_block_signals(&stop);
    natsStatus s = workshop_connect(&ws, "teller");
    if (s != NATS_OK)
        goto done;

    s = start(&service, ws.nc, argv[argc - 1], argc > 2);
    if (s != NATS_OK)
        goto done;

    workshop_await_signal(&stop);
    microError *error = microService_Stop(service);
    s = error == NULL ? workshop_drain(&ws) : microError_Status(error);
    microError_Destroy(error);

done:
    microError_Destroy(microService_Destroy(service));
    return workshop_close(&ws, s);
}
