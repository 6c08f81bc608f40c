/* The cluster that a test uses: three nodes n1 n2 n3, the shared ones or
 * processes of its own, by the same configuration (cluster/node.conf). */
#ifndef KIT_SERVER_NODES_H
#define KIT_SERVER_NODES_H

#include "kit/proc/program.h"
#include "kit/wire/place.h"

#include <stdbool.h>

#define KIT_NODES 3

/* The name of a private cluster, by which programs can tell it from room. */
#define KIT_OWN_ROOM "hall"

struct kit_node {
    const char *name;    /* n1 */
    const char *address; /* host:port for clients */
    const char *leaf_address;
    bool running, frozen;
    int client_port, monitor_port, leaf_port, websocket_port, cluster_port;
    struct kit_program *process; /* NULL: of the shared cluster */
};

struct kit_hub {
    struct kit_programs *programs;
    const char *account, *user; /* CHECK_1, check_1 */
    struct kit_node nodes[KIT_NODES];
    bool is_private;
    natsConnection *sys; /* for questions (server/ask.h) */
};

/* The password of the user sys, of this cluster and private ones. */
const char *kit_system_password(void);

/* The shared cluster, by KIT_SERVERS and KIT_LEAFS, for this account. */
void kit_hub_begin(struct kit_hub *hub, struct kit_programs *programs,
                   const char *account);

/* Starts three nodes of its own instead, and waits until they are healthy:
 * half a second. Connections to the others are closed by the caller. */
void kit_hub_start(struct kit_hub *hub);
void kit_hub_stop(struct kit_hub *hub); /* and removes what they stored */

/* A node of a private cluster; undecided where it is not ours. */
struct kit_node *kit_hub_private_node(struct kit_hub *hub, const char *name);
struct kit_node *kit_hub_node(struct kit_hub *hub, const char *name);

/* Starts a stopped node again, with its store and ports, and waits until it is
 * healthy; where no majority runs it cannot be, and is not waited for. */
void kit_hub_restart(struct kit_hub *hub, struct kit_node *node);

int kit_hub_running(const struct kit_hub *hub); /* how many nodes are */

/* What NATS_URL has for a node, with the account's login. */
const char *kit_hub_url(const struct kit_hub *hub, const char *name);

/* NATS_URL: all nodes, but for one that is frozen. */
const char *kit_hub_urls(const struct kit_hub *hub);

#endif
