/* Who is connected to the check's account, as its servers say. */
#ifndef KIT_SERVER_CONNECTIONS_H
#define KIT_SERVER_CONNECTIONS_H

#include "kit/server/nodes.h"

#include <stddef.h>
#include <stdint.h>

struct kit_subscription {
    const char *subject;
    const char *queue; /* "" where there is none */
};

/* A connection of the account that is not the kit's own. */
struct kit_connection {
    uint64_t cid;
    const char *server_id;
    const char *server_name;
    const char *name;   /* as the client gave it, "" where it gave none */
    const char *lang;   /* "C", "go", "python3" */
    const char *uptime; /* "3s", "1m2s" */
    size_t subscription_count;
    const struct kit_subscription *subscriptions;
};

struct kit_connections {
    size_t count;
    const struct kit_connection *list;
};

/* All connections of the account now, from all nodes. */
struct kit_connections kit_connections_of(struct kit_hub *hub);

/* The same, once: false where a server did not answer. */
bool kit_look(struct kit_hub *hub, struct kit_connections *all);

/* "'connect' on n1, 'chat' on n2", or "no connection". */
const char *kit_list_connections(struct kit_hub *hub);

/* Exactly one connection of this name; returns it. */
struct kit_connection kit_expect_connection_of(struct kit_hub *hub,
                                               const char *name);

/* No connection but the kit's own is left in the account. */
void kit_expect_no_connections_of(struct kit_hub *hub, const char *why);

/* Waits until there are none; false if the deadline passes first. */
bool kit_await_no_connections(struct kit_hub *hub);

/* Closes a connection from the server's side. The client may come back. */
void kit_kick_from(struct kit_hub *hub, struct kit_connection connection);

/* All of them, and waits until as many are back, with their subscriptions: two
 * seconds at most, as a program need not come back. */
void kit_kick_all_from(struct kit_hub *hub);

#endif
