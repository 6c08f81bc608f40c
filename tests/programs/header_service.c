/* For tests/header: a micro service by workshop.h, as exercise 06 asks for one.
 * Replies to header.echo.«ID» what it got, and takes a moment for it. */
#include "workshop.h"

#include <time.h>

static microError *on_echo(microRequest *req)
{
    /* Work to do, so that requests queue up here. */
    nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    return microRequest_Respond(req, microRequest_GetData(req),
                                microRequest_GetDataLength(req));
}

/* Not needed here, but nats.c 3.14 forgets to release a service without one. */
static void on_done(microService *service)
{
    (void)service;
}

static natsStatus start(microService **service, natsConnection *nc,
                        const char *id)
{
    char subject[64];

    snprintf(subject, sizeof(subject), "header.echo.%s", id);
    microEndpointConfig echo = {
        .Name = "echo", .Subject = subject, .Handler = on_echo};
    microServiceConfig config = {.Name = "header",
                                 .Version = "1.0.0",
                                 .Endpoint = &echo,
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

    if (argc != 2)
        return 2;

    workshop_block_signals(&stop);
    natsStatus s = workshop_connect(&ws, "header_service");
    if (s != NATS_OK)
        goto done;

    s = start(&service, ws.nc, argv[1]);
    if (s != NATS_OK)
        goto done;

    puts("ready");
    fflush(stdout);
    workshop_await_signal(&stop);

    microError *error = microService_Stop(service);
    s = error == NULL ? workshop_drain(&ws) : microError_Status(error);
    microError_Destroy(error);

done:
    microError_Destroy(microService_Destroy(service));
    return workshop_close(&ws, s);
}
