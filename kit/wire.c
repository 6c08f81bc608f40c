/* The kit's connections to the cluster, and the sentinel. */
#include "internal.h"

#include <string.h>

#define ROUND_MS 100

/* Besides the nodes, the learner's server, where there is one. */
#define ISLAND KIT_NODES
#define SERVERS (KIT_NODES + 1)

static struct {
    natsConnection *main;           /* taps, asks, publishes; on any node */
    natsConnection *nodes[SERVERS]; /* one on each, for sentinels */
    struct kit_listener ears[SERVERS];
    const char *sentinel;
} wire;

/* A connection that shall leave a node. */
struct move {
    natsConnection *nc;
    const char *node;
};

natsConnection *kit_connect(const char *servers[], int count, const char *user)
{
    natsOptions *options = NULL;
    natsConnection *nc = NULL;

    kit_must(natsOptions_Create(&options), "options");
    kit_must(natsOptions_SetServers(options, servers, count), "servers");
    kit_must(natsOptions_SetUserInfo(options, user, user), "user");
    kit_must(natsOptions_SetName(options, "kit"), "name");
    kit_must(natsOptions_SetTimeout(options, KIT_DEADLINE_MS), "timeout");
    kit_must(natsOptions_SetSendAsap(options, true), "send asap");
    kit_must(natsOptions_SetMaxReconnect(options, -1), "reconnect");
    kit_must(natsOptions_SetReconnectWait(options, 20), "reconnect wait");
    kit_must(natsOptions_SetReconnectJitter(options, 5, 5), "jitter");
    natsStatus s = natsConnection_Connect(&nc, options);
    natsOptions_Destroy(options);
    if (s != NATS_OK)
        kit_environment("make up", "%s%s does not answer as %s: %s",
                        count > 1 ? "the cluster at " : "the node at ",
                        servers[0], user, natsStatus_GetText(s));
    return nc;
}

static bool has_moved(void *argument)
{
    struct move *move = argument;
    char name[64] = "";

    return natsConnection_GetConnectedServerName(move->nc, name,
                                                 sizeof(name)) == NATS_OK &&
           strcmp(name, move->node) != 0;
}

void kit_move(natsConnection *nc, const char *node)
{
    struct move move = {nc, node};

    if (has_moved(&move))
        return;
    kit_must(natsConnection_FlushTimeout(nc, KIT_DEADLINE_MS), "flush");
    kit_must(natsConnection_Reconnect(nc), "reconnect");
    if (!kit_wait(has_moved, &move, KIT_DEADLINE_MS))
        kit_undecided("no connection to another node than %s", node);
}

void kit_wire_leave(const char *node)
{
    kit_move(wire.main, node);
}

void kit_wire_open(void)
{
    const char *test = kit_text("%08x", kit_random(UINT32_MAX));

    memset(&wire, 0, sizeof(wire));
    wire.sentinel = kit_sentinel_subject(test);
    wire.main = kit_connect(kit_servers(), KIT_NODES, kit_account_user());
    for (int i = 0; i < KIT_NODES; i++) {
        wire.nodes[i] = kit_connect(kit_servers() + i, 1, kit_account_user());
        kit_listen(&wire.ears[i], wire.nodes[i], wire.sentinel);
    }
    kit_replies_open(test);
}

void kit_wire_close(void)
{
    kit_tap_close();
    kit_replies_close();
    for (int i = 0; i < KIT_NODES; i++) {
        kit_listen_forget(&wire.ears[i]);
        natsConnection_Destroy(wire.nodes[i]);
    }
    natsConnection_Destroy(wire.main);
    memset(&wire, 0, sizeof(wire));
}

void kit_wire_open_island(natsConnection *nc)
{
    wire.nodes[ISLAND] = nc;
    kit_listen(&wire.ears[ISLAND], nc, wire.sentinel);
}

void kit_wire_close_island(void)
{
    kit_listen_forget(&wire.ears[ISLAND]);
    wire.nodes[ISLAND] = NULL;
}

static bool is_reachable(int server)
{
    return server == ISLAND ? kit_is_joined() : kit_node_running(server);
}

static int count_reachable(void)
{
    int count = 0;

    for (int i = 0; i < SERVERS; i++)
        count += is_reachable(i);
    return count;
}

natsConnection *kit_wire_main(void)
{
    return wire.main;
}

/* Every listener has a thread of its own, so each must see the sentinels of
 * all servers. One that has ended waits for none. */
static bool has_heard(const struct kit_listener *listener, int count)
{
    return listener->sub == NULL || listener->sentinels >= count;
}

static bool hub_has_heard(int count)
{
    pthread_mutex_lock(&kit_lock);
    bool heard = has_heard(kit_tapped_listener(), count) &&
                 has_heard(kit_replies_listener(), count);
    for (int i = 0; i < KIT_NODES; i++)
        heard = heard && (!is_reachable(i) || has_heard(&wire.ears[i], count));
    pthread_mutex_unlock(&kit_lock);
    return heard;
}

static bool island_has_heard(int count)
{
    pthread_mutex_lock(&kit_lock);
    bool heard = !is_reachable(ISLAND) || has_heard(&wire.ears[ISLAND], count);
    pthread_mutex_unlock(&kit_lock);
    return heard;
}

static bool all_have_heard(void *unused)
{
    (void)unused;
    int count = count_reachable();
    return hub_has_heard(count) && island_has_heard(count);
}

static void send_sentinels(void)
{
    pthread_mutex_lock(&kit_lock);
    const char *round = kit_text("%d", kit_locked_next_round());
    kit_tapped_listener()->sentinels = 0;
    kit_replies_listener()->sentinels = 0;
    for (int i = 0; i < SERVERS; i++)
        wire.ears[i].sentinels = 0;
    pthread_mutex_unlock(&kit_lock);

    for (int i = 0; i < SERVERS; i++) {
        if (is_reachable(i))
            kit_must(natsConnection_PublishString(wire.nodes[i], wire.sentinel,
                                                  round),
                     "sentinel");
    }
}

/* Who has lost a sentinel. The hub alone never does; what a link does not let
 * pass is a matter of the learner's configuration. */
static _Noreturn void blame(void)
{
    int count = count_reachable();

    if (!kit_is_joined() || !hub_has_heard(kit_nodes_running()))
        kit_undecided("a sentinel message got lost between the nodes");
    kit_fail("what is published on one side of the link is heard on the other",
             "are your server's clients in the account that the remote is "
             "bound to, and does no deny_imports or deny_exports hold messages "
             "back?",
             "the hub hears %s of the island, the island %s of the hub",
             hub_has_heard(count) ? "all" : "nothing",
             island_has_heard(count) ? "all" : "nothing");
}

/* Every server sends a sentinel to every server. Servers keep the order of an
 * account's messages on a route, so what came to a node before its sentinel,
 * messages and subscriptions alike, is known to the others after it. A round
 * that is not complete says that a node does not know a listener yet: the next
 * round is sent. */
void kit_settle(void)
{
    int patience = kit_is_joined() ? KIT_DEADLINE_MS : 2 * KIT_DEADLINE_MS;
    double end = kit_clock() + patience;

    kit_must(natsConnection_FlushTimeout(wire.main, KIT_DEADLINE_MS), "flush");
    do {
        send_sentinels();
        if (kit_wait(all_have_heard, NULL, ROUND_MS))
            return;
    } while (kit_clock() < end);
    blame();
}

void kit_publish_bytes(const char *subject, const void *data, size_t length)
{
    kit_must(natsConnection_Publish(wire.main, subject, data, (int)length),
             "publish");
}

void kit_publish(const char *subject, const char *text)
{
    kit_publish_bytes(subject, text, strlen(text));
}
