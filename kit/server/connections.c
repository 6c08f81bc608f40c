#include "kit/server/connections.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/server/ask.h"

#include <string.h>

static void take_subscriptions(struct kit_connection *connection,
                               const cJSON *list)
{
    size_t count = (size_t)cJSON_GetArraySize(list);
    struct kit_subscription *subscriptions =
        kit_allocate((count + 1) * sizeof(*subscriptions));
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        subscriptions[connection->subscription_count++] =
            (struct kit_subscription){.subject = kit_json_text(item, "subject"),
                                      .queue = kit_json_text(item, "qgroup")};
    }
    connection->subscriptions = subscriptions;
}

static void take_connections(struct kit_connections *all, const cJSON *answer)
{
    const cJSON *server = cJSON_GetObjectItem(answer, "server");
    const cJSON *data = cJSON_GetObjectItem(answer, "data");
    const cJSON *list = cJSON_GetObjectItem(data, "connections");
    size_t more = (size_t)cJSON_GetArraySize(list);
    struct kit_connection *joined =
        kit_allocate((all->count + more + 1) * sizeof(*joined));
    const cJSON *item;

    if (all->count > 0)
        memcpy(joined, all->list, all->count * sizeof(*joined));
    cJSON_ArrayForEach(item, list)
    {
        if (strcmp(kit_json_text(item, "name"), "kit") == 0)
            continue;
        struct kit_connection *connection = &joined[all->count++];
        *connection = (struct kit_connection){
            .cid = (uint64_t)cJSON_GetNumberValue(
                cJSON_GetObjectItem(item, "cid")),
            .server_id = kit_json_text(server, "id"),
            .server_name = kit_json_text(server, "name"),
            .name = kit_json_text(item, "name"),
            .lang = kit_json_text(item, "lang"),
            .uptime = kit_json_text(item, "uptime"),
        };
        take_subscriptions(
            connection, cJSON_GetObjectItem(item, "subscriptions_list_detail"));
    }
    all->list = joined;
}

bool kit_look(struct kit_hub *hub, struct kit_connections *all)
{
    cJSON *answers[KIT_NODES] = {NULL};
    const char *question =
        kit_text("{\"acc\":\"%s\",\"subscriptions\":true,"
                 "\"subscriptions_detail\":true,\"auth\":true,\"limit\":4096}",
                 hub->account);

    *all = (struct kit_connections){0};
    if (!kit_gather(hub, "CONNZ", question, answers))
        return false;
    for (int i = 0; i < KIT_NODES && answers[i] != NULL; i++) {
        take_connections(all, answers[i]);
        cJSON_Delete(answers[i]);
    }
    return true;
}

/* A look that may have to be repeated. */
struct look {
    struct kit_hub *hub;
    const char *name;
    struct kit_connections all;
    size_t count;
    struct kit_connection found;
};

static bool look_again(void *argument)
{
    struct look *look = argument;

    return kit_look(look->hub, &look->all);
}

struct kit_connections kit_connections_of(struct kit_hub *hub)
{
    struct look look = {.hub = hub};

    if (!kit_wait(look_again, &look, KIT_DEADLINE_MS))
        kit_undecided("a server does not answer $SYS.REQ.SERVER.PING.CONNZ");
    return look.all;
}

static bool connection_there(void *argument)
{
    struct look *look = argument;

    if (!look_again(look))
        return false;
    look->count = 0;
    for (size_t i = 0; i < look->all.count; i++) {
        if (strcmp(look->all.list[i].name, look->name) == 0) {
            look->count++;
            look->found = look->all.list[i];
        }
    }
    return look->count == 1;
}

const char *kit_list_connections(struct kit_hub *hub)
{
    struct kit_connections all = kit_connections_of(hub);
    struct kit_string text = {0};

    for (size_t i = 0; i < all.count; i++)
        kit_string_add(&text, "%s'%s' on %s", i > 0 ? ", " : "",
                       all.list[i].name, all.list[i].server_name);
    return text.length > 0 ? text.text : "no connection";
}

struct kit_connection kit_expect_connection_of(struct kit_hub *hub,
                                               const char *name)
{
    struct look look = {.hub = hub, .name = name};

    if (!kit_await(connection_there, &look, KIT_DEADLINE_MS))
        kit_fail(kit_text("one connection of the name '%s'", name),
                 look.count > 1
                     ? "is one more connection made? nats.c reconnects the "
                       "one there is by itself"
                     : "is the name set in the options, before connecting?",
                 "%s", kit_list_connections(hub));
    return look.found;
}

static bool nobody_connected(void *argument)
{
    struct look *look = argument;

    return look_again(look) && look->all.count == 0;
}

bool kit_await_no_connections(struct kit_hub *hub)
{
    struct look look = {.hub = hub};

    return kit_wait(nobody_connected, &look, KIT_DEADLINE_MS);
}

void kit_expect_no_connections_of(struct kit_hub *hub, const char *why)
{
    if (!kit_await_no_connections(hub))
        kit_fail("no connection of the program is left", why, "%s",
                 kit_list_connections(hub));
}

void kit_kick_from(struct kit_hub *hub, struct kit_connection connection)
{
    const char *subject =
        kit_text("$SYS.REQ.SERVER.%s.KICK", connection.server_id);
    const char *question =
        kit_text("{\"cid\":%llu}", (unsigned long long)connection.cid);
    natsMsg *answer = NULL;

    natsStatus s = natsConnection_RequestString(&answer, hub->sys, subject,
                                                question, KIT_DEADLINE_MS);
    natsMsg_Destroy(answer);
    kit_must(s, "kick");
}

#define BACK_MS 2000

static bool is_same(const struct kit_connection *a,
                    const struct kit_connection *b)
{
    return a->cid == b->cid && strcmp(a->server_id, b->server_id) == 0;
}

static size_t count_subscriptions(const struct kit_connections *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++)
        count += all->list[i].subscription_count;
    return count;
}

struct return_of {
    struct look look;
    struct kit_connections before;
};

/* As many connections, other ones, with as many subscriptions. */
static bool are_back(void *argument)
{
    struct return_of *return_of = argument;
    struct kit_connections *now = &return_of->look.all;
    struct kit_connections *before = &return_of->before;

    if (!look_again(&return_of->look) || now->count < before->count ||
        count_subscriptions(now) < count_subscriptions(before))
        return false;
    for (size_t i = 0; i < now->count; i++) {
        for (size_t j = 0; j < before->count; j++) {
            if (is_same(&now->list[i], &before->list[j]))
                return false;
        }
    }
    return true;
}

void kit_kick_all_from(struct kit_hub *hub)
{
    struct return_of return_of = {.look = {.hub = hub},
                                  .before = kit_connections_of(hub)};

    for (size_t i = 0; i < return_of.before.count; i++)
        kit_kick_from(hub, return_of.before.list[i]);
    kit_await(are_back, &return_of, BACK_MS);
}
