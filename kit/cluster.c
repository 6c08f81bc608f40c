/* Which cluster the tests use: the shared one, or three nodes of their own. */
#include "internal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Nodes that vote before they have heard of each other vote again only after
 * four seconds or more: it is quicker to start them anew. */
#define START_TRIES 3
#define START_MS 1500
#define HEALTHY_MS (5 * KIT_DEADLINE_MS)

struct node {
    char name[8];
    char address[64]; /* host:port for clients */
    bool running, frozen;
    int client_port, monitor_port, leaf_port, websocket_port, cluster_port;
    struct kit_program *process;
};

static struct node nodes[KIT_NODES];
static bool is_private;

bool kit_node_running(int node)
{
    return nodes[node].running;
}

const char **kit_servers(void)
{
    static const char *list[KIT_NODES];

    for (int i = 0; i < KIT_NODES; i++)
        list[i] = kit_text("nats://%s", nodes[i].address);
    return list;
}

const char *kit_leaf_address(void)
{
    const char *leafs = getenv("KIT_LEAFS");

    if (is_private)
        return kit_text("127.0.0.1:%d", nodes[0].leaf_port);
    if (leafs == NULL)
        kit_undecided("KIT_LEAFS does not name the hub's leaf node ports");
    return kit_keep(leafs, strcspn(leafs, ","));
}

int kit_nodes_running(void)
{
    int count = 0;

    for (int i = 0; i < KIT_NODES; i++)
        count += nodes[i].running;
    return count;
}

static struct node *node_named(const char *name)
{
    for (int i = 0; i < KIT_NODES; i++) {
        if (strcmp(nodes[i].name, name) == 0)
            return &nodes[i];
    }
    kit_undecided("no node %s in the cluster", name);
}

const char *kit_node_url(const char *name)
{
    const char *user = kit_account_user();

    return kit_text("nats://%s:%s@%s", user, user, node_named(name)->address);
}

/* Programs are told all three nodes, but for one that is frozen. */
static void set_nats_url(void)
{
    const char *list = "";

    for (int i = 0; i < KIT_NODES; i++) {
        if (!nodes[i].frozen)
            list = kit_text("%s%s%s", list, *list != '\0' ? "," : "",
                            kit_node_url(nodes[i].name));
    }
    kit_set_env("NATS_URL", list);
}

/* KIT_SERVERS has the shared cluster's three addresses. */
void kit_cluster_begin(void)
{
    const char *servers = getenv(KIT_ENV_SERVERS);

    memset(nodes, 0, sizeof(nodes));
    is_private = false;
    for (int i = 0; i < KIT_NODES; i++) {
        if (servers == NULL || *servers == '\0')
            kit_undecided(KIT_ENV_SERVERS " does not name three servers");
        size_t length = strcspn(servers, ",");
        snprintf(nodes[i].name, sizeof(nodes[i].name), "n%d", i + 1);
        snprintf(nodes[i].address, sizeof(nodes[i].address), "%.*s",
                 (int)length, servers);
        nodes[i].running = true;
        servers += length + (servers[length] == ',');
    }
    set_nats_url();
}

/* ---- a private cluster -------------------------------------------------- */

static void give_ports(struct node *node)
{
    node->client_port = kit_free_port();
    node->monitor_port = kit_free_port();
    node->leaf_port = kit_free_port();
    node->websocket_port = kit_free_port();
    node->cluster_port = kit_free_port();
    snprintf(node->address, sizeof(node->address), "127.0.0.1:%d",
             node->client_port);
}

static const char *store_of(const struct node *node)
{
    return kit_text("%s/private/%s", getenv(KIT_ENV_RUN), node->name);
}

static const char *routes(void)
{
    return kit_text("[nats://127.0.0.1:%d, nats://127.0.0.1:%d, "
                    "nats://127.0.0.1:%d]",
                    nodes[0].cluster_port, nodes[1].cluster_port,
                    nodes[2].cluster_port);
}

/* The names are cluster/node.conf's. */
static char **node_environment(const struct node *node)
{
    const char *list[] = {
        kit_text("PATH=%s", getenv("PATH")),
        kit_text("NODE_NAME=%s", node->name),
        "NODE_HOST=127.0.0.1",
        kit_text("NODE_CLIENT_PORT=%d", node->client_port),
        kit_text("NODE_MONITOR_PORT=%d", node->monitor_port),
        kit_text("NODE_LEAF_PORT=%d", node->leaf_port),
        kit_text("NODE_WEBSOCKET_PORT=%d", node->websocket_port),
        kit_text("NODE_CLUSTER_PORT=%d", node->cluster_port),
        kit_text("NODE_ROUTES=%s", routes()),
        kit_text("NODE_STORE=\"%s\"", store_of(node)),
        NULL,
    };
    char **envp = kit_allocate(sizeof(list));

    memcpy(envp, list, sizeof(list));
    return envp;
}

static void launch(struct node *node)
{
    char *const argv[] = {"/usr/bin/env", "nats-server", "-c",
                          "cluster/node.conf", NULL};

    node->process = kit_launch(node->name, argv, node_environment(node), true);
    node->running = true;
}

/* True also when a node has ended: then there is nothing to wait for. */
static bool are_healthy(void *unused)
{
    (void)unused;
    for (int i = 0; i < KIT_NODES; i++) {
        if (nodes[i].running && !kit_is_healthy(nodes[i].monitor_port) &&
            kit_running(nodes[i].process))
            return false;
    }
    return true;
}

static bool all_started(int deadline_ms)
{
    if (!kit_wait(are_healthy, NULL, deadline_ms))
        return false;
    for (int i = 0; i < KIT_NODES; i++) {
        if (nodes[i].running && !kit_running(nodes[i].process))
            return false;
    }
    return true;
}

void kit_remove_stores(void)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/private", getenv(KIT_ENV_RUN));
    kit_remove_tree(path);
}

static void stop_nodes(void)
{
    for (int i = 0; i < KIT_NODES; i++) {
        if (kit_running(nodes[i].process))
            kit_kill(nodes[i].process);
        nodes[i].running = false;
    }
    kit_remove_stores();
}

static bool start_nodes(int deadline_ms)
{
    for (int i = 0; i < KIT_NODES; i++)
        give_ports(&nodes[i]);
    for (int i = 0; i < KIT_NODES; i++)
        launch(&nodes[i]);
    if (all_started(deadline_ms))
        return true;
    stop_nodes();
    return false;
}

void kit_use_private_cluster(void)
{
    int tries = 1;

    kit_ask_close();
    kit_wire_close();
    is_private = true;
    while (!start_nodes(tries < START_TRIES ? tries * START_MS : HEALTHY_MS)) {
        if (tries++ == START_TRIES)
            kit_undecided("the private cluster did not start, see %s/n1.err",
                          getenv(KIT_ENV_RUN));
    }
    set_nats_url();
    kit_wire_open();
    kit_ask_open();
    kit_await_placement();
    kit_tap();
}

static struct node *private_node(const char *name)
{
    if (!is_private)
        kit_undecided("the shared cluster's %s is not ours", name);
    return node_named(name);
}

/* The kit's own connections are elsewhere when a node ends: what is sent to it
 * just then is lost. Where it is the last one, they wait for the next. */
static void leave(const struct node *node)
{
    if (!node->running || kit_nodes_running() == 1)
        return;
    kit_wire_leave(node->name);
    kit_ask_leave(node->name);
    kit_settle();
}

void kit_node_stop(const char *name, int signal)
{
    struct node *node = private_node(name);

    leave(node);
    kit_signal(node->process, signal);
    kit_signal(node->process, SIGCONT);
    kit_expect_gone(node->process);
    node->running = node->frozen = false;
}

void kit_node_freeze(const char *name)
{
    struct node *node = private_node(name);

    leave(node);
    kit_signal(node->process, SIGSTOP);
    node->running = false;
    node->frozen = true;
    set_nats_url();
    kit_settle();
}

void kit_node_start(const char *name)
{
    launch(private_node(name));
    if (kit_nodes_running() > KIT_NODES / 2 && !all_started(HEALTHY_MS))
        kit_undecided("node %s did not start again", name);
}

void kit_cluster_end(void)
{
    if (is_private)
        stop_nodes();
}
