#include "kit/wire/place.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/wire/connect.h"

#include <string.h>

#define RECONNECT_MS 20

void kit_wire_begin(struct kit_wire *wire, const char *test)
{
    memset(wire, 0, sizeof(*wire));
    wire->begun = nats_NowInNanoSeconds();
    snprintf(wire->test, sizeof(wire->test), "%s", test);
    snprintf(wire->round.subject, sizeof(wire->round.subject),
             KIT_SENTINEL "%s.all", test);
}

void kit_wire_end(struct kit_wire *wire)
{
    while (wire->places != NULL)
        kit_place_close(wire->places);
    for (; wire->aside != NULL; wire->aside = wire->aside->next)
        natsConnection_Destroy(wire->aside->attempts);
}

/* ---- connections --------------------------------------------------------- */

/* For natsOptions_SetNKey, which wants the seed in a file or a callback. */
static natsStatus sign(char **error, unsigned char **signature, int *length,
                       const char *nonce, void *seed)
{
    (void)error;
    return nats_Sign(seed, nonce, signature, length);
}

static void set_login(natsOptions *options, const struct kit_login *login)
{
    if (login->user != NULL)
        kit_must(natsOptions_SetUserInfo(options, login->user, login->password),
                 "user");
    if (login->nkey != NULL)
        kit_must(natsOptions_SetNKey(options, login->nkey, sign,
                                     kit_keep_text(login->seed)),
                 "nkey");
    if (login->credentials != NULL)
        kit_must(natsOptions_SetUserCredentialsFromFiles(
                     options, login->credentials, NULL),
                 "credentials");
    if (login->inbox_prefix != NULL)
        kit_must(natsOptions_SetCustomInboxPrefix(options, login->inbox_prefix),
                 "inbox prefix");
}

/* A refusal is looked for where it is expected; nats.c would print it. */
static void ignore_error(natsConnection *nc, natsSubscription *sub,
                         natsStatus error, void *unused)
{
    (void)nc;
    (void)sub;
    (void)error;
    (void)unused;
}

natsOptions *kit_options(const char *const urls[], int count,
                         const struct kit_login *login)
{
    natsOptions *options = NULL;

    kit_must(natsOptions_Create(&options), "options");
    kit_must(natsOptions_SetServers(options, (const char **)urls, count),
             "servers");
    set_login(options, login);
    kit_must(natsOptions_SetName(options, "kit"), "name");
    kit_must(natsOptions_SetErrorHandler(options, ignore_error, NULL),
             "error handler");
    kit_must(natsOptions_SetTimeout(options, KIT_DEADLINE_MS), "timeout");
    kit_must(natsOptions_SetSendAsap(options, true), "send asap");
    kit_must(natsOptions_SetMaxReconnect(options, -1), "reconnect");
    kit_must(natsOptions_SetReconnectWait(options, RECONNECT_MS),
             "reconnect wait");
    kit_must(natsOptions_SetReconnectJitter(options, 5, 5), "jitter");
    return options;
}

static natsStatus connect_to(natsConnection **nc, const char *const urls[],
                             int count, const struct kit_login *login)
{
    natsOptions *options = kit_options(urls, count, login);

    natsStatus s = kit_connect(nc, options);
    natsOptions_Destroy(options);
    return s;
}

/* A connection that shall leave a server. */
struct move {
    natsConnection *nc;
    const char *server;
};

static bool has_moved(void *argument)
{
    struct move *move = argument;
    char name[64] = "";

    return natsConnection_GetConnectedServerName(move->nc, name,
                                                 sizeof(name)) == NATS_OK &&
           strcmp(name, move->server) != 0;
}

void kit_move(natsConnection *nc, const char *server)
{
    struct move move = {nc, server};

    if (has_moved(&move))
        return;
    kit_must(natsConnection_FlushTimeout(nc, KIT_DEADLINE_MS), "flush");
    kit_must(natsConnection_Reconnect(nc), "reconnect");
    if (!kit_wait(has_moved, &move, KIT_DEADLINE_MS))
        kit_undecided("no connection to another server than %s", server);
}

/* ---- places -------------------------------------------------------------- */

void kit_place_add(struct kit_place *place, const char *name, const char *url)
{
    if (place->count == KIT_ENDPOINTS)
        kit_undecided("a place of more than %d servers", KIT_ENDPOINTS);
    place->endpoints[place->count++] =
        (struct kit_endpoint){.name = name, .url = url, .up = true};
}

static natsStatus connect_all(struct kit_place *place)
{
    const char *urls[KIT_ENDPOINTS];

    for (int i = 0; i < place->count; i++)
        urls[i] = place->endpoints[i].url;
    natsStatus s = connect_to(&place->main, urls, place->count, &place->login);
    for (int i = 0; s == NATS_OK && i < place->count; i++)
        s = connect_to(&place->endpoints[i].nc, urls + i, 1, &place->login);
    return s;
}

static void disconnect_all(struct kit_place *place)
{
    for (int i = 0; i < place->count; i++) {
        natsConnection_Destroy(place->endpoints[i].nc);
        place->endpoints[i].nc = NULL;
    }
    natsConnection_Destroy(place->main);
    place->main = NULL;
    natsConnection_Destroy(place->attempts);
    place->attempts = NULL;
}

/* In the room the pattern matches sentinels, too: each listener has a thread
 * of its own, so each has to hear them. */
static void listen_to_replies(struct kit_place *place)
{
    const char *prefix = place->login.inbox_prefix;
    const char *subject =
        prefix != NULL ? kit_text("%s.kit.%d.%s.*", prefix, place->number,
                                  place->wire->test)
                       : kit_text("_INBOX.kit.*.%s.*", place->wire->test);

    kit_listen(&place->replies, place->main, subject, &place->wire->round);
}

natsStatus kit_place_open(struct kit_place *place, struct kit_wire *wire,
                          const char *name, const struct kit_login *login)
{
    place->wire = wire;
    place->name = name;
    place->number = wire->opened++;
    place->login = *login;
    natsStatus s = connect_all(place);
    if (s != NATS_OK) {
        disconnect_all(place);
        return s;
    }
    place->next = wire->places;
    wire->places = place;
    listen_to_replies(place);
    for (int i = 0; i < place->count; i++) {
        struct kit_endpoint *endpoint = &place->endpoints[i];
        kit_listen(&endpoint->ear, endpoint->nc, wire->round.subject,
                   &wire->round);
        endpoint->ear.up = &endpoint->up;
    }
    return NATS_OK;
}

struct kit_place *kit_place_aside(struct kit_wire *wire, const char *name,
                                  const char *url,
                                  const struct kit_login *login)
{
    struct kit_place *place = kit_allocate(sizeof(*place));

    *place = (struct kit_place){
        .wire = wire, .name = name, .login = *login, .next = wire->aside};
    kit_place_add(place, name, url);
    wire->aside = place;
    return place;
}

static void forget(struct kit_place *place)
{
    struct kit_place **at = &place->wire->places;

    while (*at != NULL && *at != place)
        at = &(*at)->next;
    if (*at != NULL)
        *at = place->next;
}

bool kit_place_is_open(const struct kit_place *place)
{
    return place->main != NULL;
}

void kit_place_close(struct kit_place *place)
{
    if (!kit_place_is_open(place))
        return;
    forget(place);
    place->joined = false;
    kit_listen_forget(&place->tap);
    kit_listen_forget(&place->replies);
    for (int i = 0; i < place->count; i++)
        kit_listen_forget(&place->endpoints[i].ear);
    disconnect_all(place);
}

struct kit_endpoint *kit_place_endpoint(struct kit_place *place,
                                        const char *name)
{
    for (int i = 0; i < place->count; i++) {
        if (strcmp(place->endpoints[i].name, name) == 0)
            return &place->endpoints[i];
    }
    kit_undecided("%s has no server %s", place->name, name);
}

int kit_place_up(const struct kit_place *place)
{
    int count = 0;

    for (int i = 0; i < place->count; i++)
        count += place->endpoints[i].up;
    return count;
}

void kit_place_leave(struct kit_place *place, const char *endpoint)
{
    kit_move(place->main, endpoint);
    kit_place_endpoint(place, endpoint)->up = false;
}

struct kit_place *kit_in_domain(const struct kit_place *place,
                                const char *domain)
{
    struct kit_place *other = kit_allocate(sizeof(*other));

    *other = (struct kit_place){.wire = place->wire,
                                .name = place->name,
                                .login = place->login,
                                .main = place->main,
                                .domain = kit_keep_text(domain)};
    return other;
}
