/* Which cluster the tests use: the shared one, or three nodes of their own. */
#include "internal.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below the range from which the kernel takes ports for connections. */
#define PORT_FIRST 20000
#define PORT_COUNT 12000
#define START_TRIES 3

struct node {
    char name[8];
    char address[64]; /* host:port for clients */
    bool running;
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

const char *kit_nats_url(void)
{
    const char *list = "";

    for (int i = 0; i < KIT_NODES; i++)
        list = kit_text("%s%s%s", list, i > 0 ? "," : "",
                        kit_node_url(nodes[i].name));
    return list;
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
}

/* ---- a private cluster -------------------------------------------------- */

static int listen_on_loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* A port that is free now. Another process may take it before the server
 * does: start_nodes tries again then. Not from the seed: two runs with one
 * seed at the same time would want the same ports. */
static int free_port(void)
{
    static unsigned turn;

    if (turn == 0)
        turn = (unsigned)getpid() * 37u;
    for (;;) {
        int port = PORT_FIRST + (int)(turn++ % PORT_COUNT);
        int fd = listen_on_loopback(port);
        if (fd >= 0) {
            close(fd);
            return port;
        }
    }
}

static void give_ports(struct node *node)
{
    node->client_port = free_port();
    node->monitor_port = free_port();
    node->leaf_port = free_port();
    node->websocket_port = free_port();
    node->cluster_port = free_port();
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

/* One HTTP exchange; small enough not to need a library. */
static bool is_healthy(const struct node *node)
{
    static const char question[] = "GET /healthz HTTP/1.0\r\n\r\n";
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)node->monitor_port)};
    struct timeval patience = {.tv_sec = 1};
    char answer[64] = "";
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        write(fd, question, strlen(question)) > 0)
        (void)!read(fd, answer, sizeof(answer) - 1);
    close(fd);
    return strstr(answer, " 200 ") != NULL;
}

/* True also when a node has ended: then there is nothing to wait for. */
static bool are_healthy(void *unused)
{
    (void)unused;
    for (int i = 0; i < KIT_NODES; i++) {
        if (nodes[i].running && !is_healthy(&nodes[i]) &&
            kit_running(nodes[i].process))
            return false;
    }
    return true;
}

static bool all_started(void)
{
    if (!kit_wait(are_healthy, NULL, 5 * KIT_DEADLINE_MS))
        return false;
    for (int i = 0; i < KIT_NODES; i++) {
        if (nodes[i].running && !kit_running(nodes[i].process))
            return false;
    }
    return true;
}

static int remove_entry(const char *path, const struct stat *info, int type,
                        struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

void kit_remove_stores(void)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/private", getenv(KIT_ENV_RUN));
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void stop_nodes(void)
{
    for (int i = 0; i < KIT_NODES; i++) {
        if (nodes[i].running)
            kit_kill(nodes[i].process);
        nodes[i].running = false;
    }
    kit_remove_stores();
}

static bool start_nodes(void)
{
    for (int i = 0; i < KIT_NODES; i++)
        give_ports(&nodes[i]);
    for (int i = 0; i < KIT_NODES; i++)
        launch(&nodes[i]);
    if (all_started())
        return true;
    stop_nodes();
    return false;
}

void kit_use_private_cluster(void)
{
    int tries = 0;

    kit_ask_close();
    kit_wire_close();
    is_private = true;
    while (!start_nodes()) {
        if (++tries == START_TRIES)
            kit_undecided("the private cluster did not start, see %s/n1.err",
                          getenv(KIT_ENV_RUN));
    }
    kit_wire_open();
    kit_ask_open();
    kit_tap();
}

static struct node *private_node(const char *name)
{
    if (!is_private)
        kit_undecided("the shared cluster's %s is not ours", name);
    return node_named(name);
}

static bool node_ended(void *node)
{
    return !kit_running(((struct node *)node)->process);
}

void kit_node_stop(const char *name, int signal)
{
    struct node *node = private_node(name);

    kit_signal(node->process, signal);
    if (!kit_wait(node_ended, node, 2 * KIT_DEADLINE_MS))
        kit_undecided("node %s does not end", name);
    node->running = false;
}

void kit_node_start(const char *name)
{
    launch(private_node(name));
    if (kit_nodes_running() > KIT_NODES / 2 && !all_started())
        kit_undecided("node %s did not start again", name);
}

void kit_cluster_end(void)
{
    if (is_private)
        stop_nodes();
}
