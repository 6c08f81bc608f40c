/* favorites OWNER FILE: a service that knows OWNER's favorite things, until
 * SIGINT or SIGTERM. They are in FILE: {"color": "blue", "tea": "Earl Grey"}.
 *
 *   room.favorites.OWNER.list   ["color","tea"]
 *   room.favorites.OWNER.get    the payload is a key; the reply is its value,
 *                               or the service error 404 */
#define _POSIX_C_SOURCE 200809L

#include "06_micro_service/favorites.h"
#include "workshop.h"

enum { MAX_SUBJECT = 128 };

/* The two handlers run on threads of nats.c, once per request. An error that a
 * handler returns becomes the reply, and counts as one. */
static microError *on_list(microRequest *req)
{
    const cJSON *favorites = microRequest_GetEndpointState(req);

    /* TODO 3: reply with the keys, as favorites_keys returns them, and release
     * them. Return what microRequest_Respond returns, or an error of your own.
     * Look up microRequest_Respond and micro_ErrorfCode. */
    (void)favorites;
    return NULL;
}

static microError *on_get(microRequest *req)
{
    const cJSON *favorites = microRequest_GetEndpointState(req);

    /* TODO 4: the payload is a key. Reply with its value, which favorites_value
     * finds. If there is no such key, return the error 404 and the text `not
     * found: KEY` instead; the key doesn't end in a NUL.
     * Look up microRequest_GetData and microRequest_GetDataLength. */
    (void)favorites;
    return NULL;
}

/* Adds an endpoint, on room.favorites.OWNER.name. nats.c copies it all but the
 * favorites, which must outlive the service. */
static microError *add_endpoint(microService *service, const char *owner,
                                const char *name, const char *description,
                                microRequestHandler handler, cJSON *favorites)
{
    char subject[MAX_SUBJECT];

    snprintf(subject, sizeof(subject), "room.favorites.%s.%s", owner, name);
    /* TODO 2: describe the endpoint, and add it: its name, subject, handler,
     * and favorites as its state. Its metadata is a list, too: "description",
     * and the text.
     * Look up microEndpointConfig and microService_AddEndpoint. */
    (void)service;
    (void)description;
    (void)handler;
    (void)favorites;
    return NULL;
}

/* Starts the service. The caller destroys *service, even after a failure. */
static microError *start(microService **service, natsConnection *nc,
                         const char *owner, cJSON *favorites)
{
    /* TODO 1: describe the service, and start it: its name is `favorites`, its
     * version `0.0.1`, and it has a description. Its metadata is a list of keys
     * and values, "owner" and the owner.
     * Look up microServiceConfig and micro_AddService. */
    microError *err = NULL;
    (void)nc;
    if (err != NULL)
        return err;

    err = add_endpoint(*service, owner, "list", "The keys, as a JSON array",
                       on_list, favorites);
    if (err != NULL)
        return err;

    return add_endpoint(*service, owner, "get", "The value of a key", on_get,
                        favorites);
}

/* Turns an error of the service into a status; says what it is. Takes err. */
static natsStatus status_of(microError *err)
{
    char text[256];

    if (err == NULL)
        return NATS_OK;

    natsStatus s = microError_Status(err);
    fprintf(stderr, "favorites: %s\n",
            microError_String(err, text, sizeof(text)));
    microError_Destroy(err);
    return s != NATS_OK ? s : NATS_ERR;
}

static natsStatus run(struct workshop *ws, microService **service,
                      const char *owner, cJSON *favorites, sigset_t *stop)
{
    natsStatus s = workshop_connect(ws, "favorites");
    if (s != NATS_OK)
        return s;

    s = status_of(start(service, ws->nc, owner, favorites));
    if (s != NATS_OK)
        return s;

    s = natsConnection_FlushTimeout(ws->nc, WORKSHOP_MS);
    if (s != NATS_OK)
        return s;

    printf("serving %s's favorites\n", owner);
    workshop_await_signal(stop);

    /* TODO 5: stop the service. That begins to drain its endpoints, and doesn't
     * wait for the end: requests are still in hand. Draining the connection
     * waits, so do that, too, even if stopping failed.
     * Look up microService_Stop, and workshop_drain in workshop.h. */
    return NATS_OK;
}

int main(int argc, char **argv)
{
    struct workshop ws = {0};
    microService *service = NULL;
    sigset_t stop;

    if (argc != 3 || !favorites_is_owner(argv[1])) {
        fprintf(stderr, "usage: favorites OWNER FILE\n"
                        "OWNER is one token of a subject, without quotes.\n");
        return 2;
    }

    /* Show each line at once, even if stdout isn't a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    workshop_block_signals(&stop);

    cJSON *favorites = favorites_read(argv[2]);
    if (favorites == NULL)
        return EXIT_FAILURE;

    natsStatus s = run(&ws, &service, argv[1], favorites, &stop);
    microError_Destroy(microService_Destroy(service)); /* NULL is fine */
    int status = workshop_close(&ws, s);
    cJSON_Delete(favorites);
    return status;
}
