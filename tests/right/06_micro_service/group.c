/* favorites OWNER FILE, otherwise: a group of endpoints; the list is made once,
 * at the start; the file is parsed into arrays; and a handler of signals, not a
 * mask, ends it. */
#define _POSIX_C_SOURCE 200809L

#include "06_micro_service/favorites.h"

#include <errno.h>
#include <nats/nats.h>
#include <semaphore.h>
#include <signal.h>

static sem_t stopped, closed;

struct mine {
    char *keys;
    cJSON *all;
};

static void on_signal(int signal)
{
    (void)signal;
    sem_post(&stopped);
}

static void on_closed(natsConnection *nc, void *closure)
{
    (void)nc;
    (void)closure;
    sem_post(&closed);
}

static microError *on_request(microRequest *req)
{
    struct mine *mine = microRequest_GetEndpointState(req);
    const char *subject = microRequest_GetSubject(req);
    const char *answer = mine->keys;

    if (strcmp(strrchr(subject, '.'), ".get") == 0) {
        answer = favorites_value(mine->all, microRequest_GetData(req),
                                 (size_t)microRequest_GetDataLength(req));
        if (answer == NULL)
            return microRequest_RespondError(
                req, micro_ErrorfCode(404, "not found: %.*s",
                                      microRequest_GetDataLength(req),
                                      microRequest_GetData(req)));
    }
    return microRequest_Respond(req, answer, strlen(answer));
}

static microError *start(microService **service, natsConnection *nc,
                         const char *owner, struct mine *mine)
{
    static const char *endpoints[] = {"get", "list"};
    microServiceConfig config = {
        .Name = "favorites", .Version = "0.0.1", .Description = "?"};
    microGroup *group = NULL;
    microError *err;

    config.Metadata.List = (const char *[]){"color", "none", "owner", owner};
    config.Metadata.Count = 2;
    err = micro_AddService(service, nc, &config);
    if (err == NULL) {
        char prefix[128];
        snprintf(prefix, sizeof(prefix), "room.favorites.%s", owner);
        microGroupConfig group_config = {.Prefix = prefix};
        err = microService_AddGroup(&group, *service, &group_config);
    }
    for (int i = 0; err == NULL && i < 2; i++) {
        microEndpointConfig endpoint = {
            .Name = endpoints[i], .Handler = on_request, .State = mine};
        endpoint.Metadata.List = (const char *[]){"description", "?"};
        endpoint.Metadata.Count = 1;
        err = microGroup_AddEndpoint(group, &endpoint);
    }
    return err;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct mine mine = {0};
    microService *service = NULL;
    natsConnection *nc = NULL;
    natsOptions *opts = NULL;

    if (argc != 3 || !favorites_is_owner(argv[1])) {
        fprintf(stderr, "usage: favorites OWNER FILE\n");
        return 2;
    }
    sem_init(&stopped, 0, 0);
    sem_init(&closed, 0, 0);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    mine.all = favorites_read(argv[2]);
    if (mine.all == NULL)
        return 1;
    mine.keys = favorites_keys(mine.all);

    natsOptions_Create(&opts);
    natsOptions_SetClosedCB(opts, on_closed, NULL);
    char *urls = strdup(getenv("NATS_URL")), *rest = NULL;
    const char *servers[16];
    int count = 0;
    for (char *url = strtok_r(urls, ",", &rest); url != NULL && count < 16;
         url = strtok_r(NULL, ",", &rest))
        servers[count++] = url;
    natsOptions_SetServers(opts, servers, count);
    natsStatus s = natsConnection_Connect(&nc, opts);
    natsOptions_Destroy(opts);
    free(urls);
    microError *err = s == NATS_OK ? start(&service, nc, argv[1], &mine)
                                   : micro_ErrorFromStatus(s);
    if (err == NULL) {
        while (sem_wait(&stopped) != 0 && errno == EINTR)
            ;
        microService_Stop(service);
        natsConnection_Drain(nc);
        while (sem_wait(&closed) != 0 && errno == EINTR)
            ;
    } else {
        fprintf(stderr, "favorites: cannot start\n");
    }
    microService_Destroy(service);
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    cJSON_Delete(mine.all);
    cJSON_free(mine.keys);
    int status = err == NULL ? 0 : 1;
    microError_Destroy(err);
    return status;
}
