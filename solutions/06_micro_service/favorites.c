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

    char *keys = favorites_keys(favorites);
    if (keys == NULL)
        return micro_ErrorfCode(500, "out of memory");

    microError *err = microRequest_Respond(req, keys, strlen(keys));
    cJSON_free(keys);
    return err;
}

static microError *on_get(microRequest *req)
{
    const cJSON *favorites = microRequest_GetEndpointState(req);
    const char *key = microRequest_GetData(req);
    int length = microRequest_GetDataLength(req);

    const char *value = favorites_value(favorites, key, (size_t)length);
    if (value == NULL)
        return micro_ErrorfCode(404, "not found: %.*s", length, key);

    return microRequest_Respond(req, value, strlen(value));
}

/* Adds an endpoint, on room.favorites.OWNER.name. nats.c copies it all but the
 * favorites, which must outlive the service. */
static microError *add_endpoint(microService *service, const char *owner,
                                const char *name, const char *description,
                                microRequestHandler handler, cJSON *favorites)
{
    char subject[MAX_SUBJECT];
    const char *metadata[] = {"description", description};

    snprintf(subject, sizeof(subject), "room.favorites.%s.%s", owner, name);
    microEndpointConfig config = {
        .Name = name,
        .Subject = subject,
        .Metadata = {.List = metadata, .Count = 1},
        .Handler = handler,
        .State = favorites,
    };
    return microService_AddEndpoint(service, &config);
}

/* Starts the service. The caller destroys *service, even after a failure. */
static microError *start(microService **service, natsConnection *nc,
                         const char *owner, cJSON *favorites)
{
    const char *metadata[] = {"owner", owner};
    microServiceConfig config = {
        .Name = "favorites",
        .Version = "0.0.1",
        .Description = "Somebody's favorite things",
        .Metadata = {.List = metadata, .Count = 1},
    };

    microError *err = micro_AddService(service, nc, &config);
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

    /* Stopping the service begins to drain its endpoints, and doesn't wait for
     * the end: requests are still in hand. Draining the connection does. */
    s = status_of(microService_Stop(*service));
    natsStatus drained = workshop_drain(ws);
    return s != NATS_OK ? s : drained;
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
