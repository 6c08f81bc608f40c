/* service.h: a service of nats.c's that leaves only when it has answered what
 * it has been asked. Given: it's exercise 06 once more, and one thing besides.
 *
 * Draining the connection, as there, refuses new subscriptions at once. Whoever
 * looks into a bucket to answer needs one, so here the service is stopped
 * first, and waited for. */
#ifndef SERVICE_H
#define SERVICE_H

#include "workshop.h"

#include <errno.h>
#include <nats/nats.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

struct service {
    microService *micro;
    sem_t done; /* posted when it has stopped */
};

/* Runs on a thread of nats.c. */
static inline void service_on_done(microService *micro)
{
    struct service *service = microService_GetState(micro);

    sem_post(&service->done);
}

/* Turns an error of a service into a status; says what it is. Takes err. */
static inline natsStatus service_status(microError *err)
{
    char text[256];

    if (err == NULL)
        return NATS_OK;

    natsStatus s = microError_Status(err);
    fprintf(stderr, "service: %s\n",
            microError_String(err, text, sizeof(text)));
    microError_Destroy(err);
    return s != NATS_OK ? s : NATS_ERR;
}

/* Starts a service with this endpoint. End with service_close, even after a
 * failure. */
static inline natsStatus service_start(struct service *service,
                                       natsConnection *nc,
                                       microServiceConfig *config,
                                       microEndpointConfig *endpoint)
{
    config->DoneHandler = service_on_done;
    config->State = service;
    natsStatus s =
        service_status(micro_AddService(&service->micro, nc, config));
    if (s != NATS_OK)
        return s;

    return service_status(microService_AddEndpoint(service->micro, endpoint));
}

/* Takes no more requests, and waits until those that are here are answered. */
static inline natsStatus service_stop(struct service *service)
{
    struct timespec end;

    natsStatus s = service_status(microService_Stop(service->micro));
    if (s != NATS_OK)
        return s;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WORKSHOP_MS / 1000;
    while (sem_timedwait(&service->done, &end) != 0)
        if (errno != EINTR) /* a debugger may interrupt it */
            return NATS_TIMEOUT;
    return NATS_OK;
}

static inline void service_close(struct service *service)
{
    microError_Destroy(microService_Destroy(service->micro)); /* NULL is fine */
}

#endif
