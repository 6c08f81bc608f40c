#include "kit/server/nodes.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/memory.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/say/fail.h"
#include "kit/say/run.h"

#include <stdlib.h>
#include <string.h>

/* Nodes that vote before they have heard of each other vote again only after
 * four seconds or more: it is quicker to start them anew. */
#define START_TRIES 3
#define START_MS 1500
#define HEALTHY_MS (5 * KIT_DEADLINE_MS)

/* ---- who is there -------------------------------------------------------- */

/* The nth of a list with commas. */
static const char *nth(const char *list, int n)
{
    for (; list != NULL && n > 0; n--) {
        list = strchr(list, ',');
        list = list != NULL ? list + 1 : NULL;
    }
    return list != NULL ? kit_keep(list, strcspn(list, ",")) : "";
}

void kit_hub_begin(struct kit_hub *hub, struct kit_programs *programs,
                   const char *account)
{
    const char *servers = getenv(KIT_ENV_SERVERS);
    const char *leafs = getenv(KIT_ENV_LEAFS);

    *hub = (struct kit_hub){
        .programs = programs, .account = account, .user = kit_lower(account)};
    for (int i = 0; i < KIT_NODES; i++) {
        struct kit_node *node = &hub->nodes[i];
        node->name = kit_text("n%d", i + 1);
        node->address = nth(servers, i);
        node->leaf_address = nth(leafs, i);
        node->running = true;
        if (node->address[0] == '\0')
            kit_undecided(KIT_ENV_SERVERS " does not name three servers");
    }
}

struct kit_node *kit_hub_node(struct kit_hub *hub, const char *name)
{
    for (int i = 0; i < KIT_NODES; i++) {
        if (strcmp(hub->nodes[i].name, name) == 0)
            return &hub->nodes[i];
    }
    kit_undecided("no node %s in the cluster", name);
}

struct kit_node *kit_hub_private_node(struct kit_hub *hub, const char *name)
{
    if (!hub->is_private)
        kit_undecided("the shared cluster's %s is not ours", name);
    return kit_hub_node(hub, name);
}

int kit_hub_running(const struct kit_hub *hub)
{
    int count = 0;

    for (int i = 0; i < KIT_NODES; i++)
        count += hub->nodes[i].running;
    return count;
}

const char *kit_hub_url(const struct kit_hub *hub, const char *name)
{
    const struct kit_node *node = kit_hub_node((struct kit_hub *)hub, name);

    return kit_text("nats://%s:%s@%s", hub->user, hub->user, node->address);
}

const char *kit_hub_urls(const struct kit_hub *hub)
{
    struct kit_string list = {0};

    for (int i = 0; i < KIT_NODES; i++) {
        if (!hub->nodes[i].frozen)
            kit_string_add(&list, "%s%s", list.length > 0 ? "," : "",
                           kit_hub_url(hub, hub->nodes[i].name));
    }
    return kit_string_text(&list);
}

const char *kit_system_password(void)
{
    const char *password = getenv(KIT_ENV_SYSTEM);

    return password != NULL ? password : "sys";
}

/* ---- nodes of our own ---------------------------------------------------- */

static int free_port(void)
{
    int port = kit_free_port();

    if (port < 0)
        kit_undecided("no free port, or no descriptors left");
    return port;
}

static void give_ports(struct kit_node *node)
{
    node->client_port = free_port();
    node->monitor_port = free_port();
    node->leaf_port = free_port();
    node->websocket_port = free_port();
    node->cluster_port = free_port();
    node->address = kit_text("127.0.0.1:%d", node->client_port);
    node->leaf_address = kit_text("127.0.0.1:%d", node->leaf_port);
}

static const char *stores(void)
{
    return kit_text("%s/private", kit_run_folder());
}

/* The names are cluster/node.conf's. */
static char **environment_of(const struct kit_hub *hub,
                             const struct kit_node *node)
{
    const struct kit_node *n = hub->nodes;
    char *const inherited[] = {(char *)kit_text("PATH=%s", getenv("PATH")),
                               NULL};
    const char *list[] = {
        kit_text("NODE_NAME=%s", node->name),
        "NODE_HOST=127.0.0.1",
        kit_text("NODE_CLIENT_PORT=%d", node->client_port),
        kit_text("NODE_MONITOR_PORT=%d", node->monitor_port),
        kit_text("NODE_LEAF_PORT=%d", node->leaf_port),
        kit_text("NODE_WEBSOCKET_PORT=%d", node->websocket_port),
        kit_text("NODE_CLUSTER_PORT=%d", node->cluster_port),
        kit_text("NODE_ROUTES=[nats://127.0.0.1:%d, nats://127.0.0.1:%d, "
                 "nats://127.0.0.1:%d]",
                 n[0].cluster_port, n[1].cluster_port, n[2].cluster_port),
        kit_text("NODE_SYS_PASSWORD=%s", kit_system_password()),
        kit_text("NODE_STORE=\"%s/%s\"", stores(), node->name),
        NULL,
    };

    return kit_environment_with(inherited, list);
}

static void launch(struct kit_hub *hub, struct kit_node *node)
{
    char *const argv[] = {
        "/usr/bin/env",   "nats-server", "-c", "cluster/node.conf",
        "--cluster_name", KIT_OWN_ROOM,  NULL};

    node->process = kit_launch(hub->programs, node->name, argv,
                               environment_of(hub, node), KIT_TOOL);
    node->running = true;
}

/* True also when a node has ended: then there is nothing to wait for. */
static bool are_healthy(void *argument)
{
    const struct kit_hub *hub = argument;

    for (int i = 0; i < KIT_NODES; i++) {
        const struct kit_node *node = &hub->nodes[i];
        if (node->running && !kit_is_healthy(node->monitor_port) &&
            kit_running(node->process))
            return false;
    }
    return true;
}

static bool all_started(struct kit_hub *hub, int deadline_ms)
{
    if (!kit_wait(are_healthy, hub, deadline_ms))
        return false;
    for (int i = 0; i < KIT_NODES; i++) {
        if (hub->nodes[i].running && !kit_running(hub->nodes[i].process))
            return false;
    }
    return true;
}

void kit_hub_stop(struct kit_hub *hub)
{
    for (int i = 0; hub->is_private && i < KIT_NODES; i++) {
        struct kit_program *process = hub->nodes[i].process;
        if (process != NULL && kit_running(process))
            kit_kill(process);
        hub->nodes[i].running = false;
    }
    if (hub->is_private)
        kit_remove_tree(stores());
}

static bool start_all(struct kit_hub *hub, int deadline_ms)
{
    for (int i = 0; i < KIT_NODES; i++)
        give_ports(&hub->nodes[i]);
    for (int i = 0; i < KIT_NODES; i++)
        launch(hub, &hub->nodes[i]);
    if (all_started(hub, deadline_ms))
        return true;
    kit_hub_stop(hub);
    return false;
}

void kit_hub_start(struct kit_hub *hub)
{
    int tries = 1;

    hub->is_private = true;
    while (
        !start_all(hub, tries < START_TRIES ? tries * START_MS : HEALTHY_MS)) {
        if (tries++ == START_TRIES)
            kit_undecided("the private cluster did not start, see %s/n1.err",
                          kit_run_folder());
    }
}

void kit_hub_restart(struct kit_hub *hub, struct kit_node *node)
{
    launch(hub, node);
    if (kit_hub_running(hub) > KIT_NODES / 2 && !all_started(hub, HEALTHY_MS))
        kit_undecided("node %s did not start again", node->name);
}
