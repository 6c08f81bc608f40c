/* Questions to the servers, asked of all of them through the system account. */
#include "internal.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static natsConnection *sys;

void kit_ask_open(void)
{
    sys = kit_connect(kit_servers(), KIT_NODES, "sys");
}

void kit_ask_close(void)
{
    natsConnection_Destroy(sys);
    sys = NULL;
}

void kit_ask_leave(const char *node)
{
    kit_move(sys, node);
}

static natsStatus ask_all(natsSubscription **answers, const char *subject,
                          const char *question)
{
    natsInbox *inbox = NULL;

    natsStatus s = natsInbox_Create(&inbox);
    if (s != NATS_OK)
        return s;
    s = natsConnection_SubscribeSync(answers, sys, inbox);
    if (s == NATS_OK)
        s = natsConnection_PublishRequestString(sys, subject, inbox, question);
    natsInbox_Destroy(inbox);
    return s;
}

bool kit_gather(const char *subject, const char *question,
                cJSON *answers[KIT_NODES])
{
    natsSubscription *sub = NULL;
    int nodes = kit_nodes_running();
    int count = 0;

    natsStatus s = ask_all(&sub, subject, question);
    while (s == NATS_OK && count < nodes) {
        natsMsg *msg = NULL;
        s = natsSubscription_NextMsg(&msg, sub, 500);
        if (s != NATS_OK)
            break;
        answers[count] = cJSON_ParseWithLength(
            natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg));
        natsMsg_Destroy(msg);
        count += answers[count] != NULL;
    }
    natsSubscription_Destroy(sub);
    if (count == nodes)
        return true;
    while (count > 0)
        cJSON_Delete(answers[--count]);
    return false;
}

static const char *string_in(const cJSON *object, const char *key)
{
    const char *value =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

    return value != NULL ? kit_keep(value, strlen(value)) : "";
}

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
            (struct kit_subscription){.subject = string_in(item, "subject"),
                                      .queue = string_in(item, "qgroup")};
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
        if (strcmp(string_in(item, "name"), "kit") == 0)
            continue;
        struct kit_connection *connection = &joined[all->count++];
        *connection = (struct kit_connection){
            .cid = (uint64_t)cJSON_GetNumberValue(
                cJSON_GetObjectItem(item, "cid")),
            .server_id = string_in(server, "id"),
            .server_name = string_in(server, "name"),
            .name = string_in(item, "name"),
            .lang = string_in(item, "lang"),
        };
        take_subscriptions(
            connection, cJSON_GetObjectItem(item, "subscriptions_list_detail"));
    }
    all->list = joined;
}

/* False where a server did not answer. */
bool kit_look(struct kit_connections *all)
{
    cJSON *answers[KIT_NODES] = {NULL};
    const char *question =
        kit_text("{\"acc\":\"%s\",\"subscriptions\":true,"
                 "\"subscriptions_detail\":true,\"auth\":true}",
                 getenv(KIT_ENV_ACCOUNT));

    *all = (struct kit_connections){0};
    if (!kit_gather("$SYS.REQ.SERVER.PING.CONNZ", question, answers))
        return false;
    for (int i = 0; i < KIT_NODES && answers[i] != NULL; i++) {
        take_connections(all, answers[i]);
        cJSON_Delete(answers[i]);
    }
    return true;
}

static bool look_again(void *all)
{
    return kit_look(all);
}

struct kit_connections kit_connections(void)
{
    struct kit_connections all;

    if (!kit_wait(look_again, &all, KIT_DEADLINE_MS))
        kit_undecided("a server does not answer $SYS.REQ.SERVER.PING.CONNZ");
    return all;
}

struct expected_connection {
    const char *name;
    size_t count;
    struct kit_connection found;
};

static bool connection_there(void *argument)
{
    struct expected_connection *expected = argument;
    struct kit_connections all;

    if (!kit_look(&all))
        return false;
    expected->count = 0;
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.list[i].name, expected->name) == 0) {
            expected->count++;
            expected->found = all.list[i];
        }
    }
    return expected->count == 1 || kit_early_end() != NULL;
}

static const char *list_names(void)
{
    struct kit_connections all = kit_connections();
    const char *text = "";

    for (size_t i = 0; i < all.count; i++)
        text = kit_text("%s%s'%s' on %s", text, i > 0 ? ", " : "",
                        all.list[i].name, all.list[i].server_name);
    return text[0] != '\0' ? text : "no connection";
}

struct kit_connection kit_expect_connection(const char *name)
{
    struct expected_connection expected = {.name = name};

    kit_wait(connection_there, &expected, KIT_DEADLINE_MS);
    if (expected.count != 1)
        kit_fail(kit_text("one connection of the name '%s'", name),
                 expected.count > 1
                     ? "is one more connection made? nats.c reconnects the "
                       "one there is by itself"
                     : "is the name set in the options, before connecting?",
                 "%s", list_names());
    return expected.found;
}

static bool nobody_connected(void *all)
{
    return kit_look(all) && ((struct kit_connections *)all)->count == 0;
}

void kit_expect_no_connections(const char *why)
{
    struct kit_connections all;

    if (!kit_wait(nobody_connected, &all, KIT_DEADLINE_MS))
        kit_fail("no connection of the program is left", why, "%s",
                 list_names());
}

void kit_await_empty_account(void)
{
    struct kit_connections all;

    if (!kit_wait(nobody_connected, &all, KIT_DEADLINE_MS))
        kit_environment(kit_text("end that program; checks own the account %s",
                                 getenv(KIT_ENV_ACCOUNT)),
                        "somebody else uses the check's account: %s",
                        list_names());
}

void kit_kick(struct kit_connection connection)
{
    const char *subject =
        kit_text("$SYS.REQ.SERVER.%s.KICK", connection.server_id);
    const char *question =
        kit_text("{\"cid\":%llu}", (unsigned long long)connection.cid);
    natsMsg *answer = NULL;

    natsStatus s = natsConnection_RequestString(&answer, sys, subject, question,
                                                KIT_DEADLINE_MS);
    natsMsg_Destroy(answer);
    if (s != NATS_OK)
        kit_undecided("kick: %s", natsStatus_GetText(s));
}
