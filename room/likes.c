#include "room/likes.h"

#include <stdio.h>
#include <string.h>

#define CHOICES 7
#define THINGS 4

/* In the order of the keys, by which lists are sorted. */
struct thing {
    const char *key;
    int choices; /* as few as a prime number, so that no two agree in all */
    const char *values[CHOICES];
};

static const struct thing things[THINGS] = {
    {"color",
     7,
     {"blue", "green", "orange", "violet", "black", "turquoise", "yellow"}},
    {"language", 3, {"C", "Rust", "Erlang"}},
    {"snack", 5, {"pretzels", "dates", "peanuts", "olives", "chocolate"}},
    {"tea", 2, {"Earl Grey", "Sencha"}},
};

static microError *on_list(microRequest *req)
{
    char text[128] = "";
    size_t length = 0;

    for (int i = 0; i < THINGS; i++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s\"%s\"",
                             i == 0 ? "[" : ",", things[i].key);
    length += (size_t)snprintf(text + length, sizeof text - length, "]");
    return microRequest_Respond(req, text, length);
}

static microError *on_get(microRequest *req)
{
    const struct likes *likes = microRequest_GetEndpointState(req);
    const char *key = microRequest_GetData(req);
    size_t length = (size_t)microRequest_GetDataLength(req);

    for (const struct thing *t = things; t < things + THINGS; t++) {
        if (strlen(t->key) != length || memcmp(t->key, key, length) != 0)
            continue;
        const char *value = t->values[likes->number % t->choices];
        return microRequest_Respond(req, value, strlen(value));
    }
    return micro_ErrorfCode(404, "not found: %.*s", (int)length, key);
}

/* nats.c 3.14 forgets to release a service without one. */
static void on_done(microService *service)
{
    (void)service;
}

static microError *add_endpoint(struct likes *likes, const char *owner,
                                const char *name, const char *description,
                                microRequestHandler handler)
{
    const char *metadata[] = {"description", description};
    char subject[64];

    snprintf(subject, sizeof subject, "room.favorites.%s.%s", owner, name);
    microEndpointConfig config = {.Name = name,
                                  .Subject = subject,
                                  .Metadata = {metadata, 1},
                                  .Handler = handler,
                                  .State = likes};
    return microService_AddEndpoint(likes->service, &config);
}

natsStatus likes_start(struct likes *likes, natsConnection *nc,
                       const char *owner, int number)
{
    const char *metadata[] = {"owner", owner};
    microServiceConfig config = {.Name = "favorites",
                                 .Version = "1.0.0",
                                 .Description = "What a classmate likes",
                                 .Metadata = {metadata, 1},
                                 .DoneHandler = on_done};

    likes->number = number;
    microError *error = micro_AddService(&likes->service, nc, &config);
    if (error == NULL)
        error = add_endpoint(likes, owner, "list", "The keys", on_list);
    if (error == NULL)
        error = add_endpoint(likes, owner, "get", "The value of a key", on_get);
    natsStatus s = microError_Status(error);
    microError_Destroy(error);
    return s;
}

void likes_end(struct likes *likes)
{
    microError_Destroy(microService_Destroy(likes->service));
}
