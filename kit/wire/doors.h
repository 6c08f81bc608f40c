/* Logins by a server's other doors, as far as its answer to them. Where a
 * server has them: kit_launch_with_doors in frame/servers.h. */
#ifndef KIT_WIRE_DOORS_H
#define KIT_WIRE_DOORS_H

#include "kit/wire/attempt.h"

/* Ports of 127.0.0.1. */
struct kit_doors {
    int mqtt, websocket, leaf;
};

/* The login's user and password are of at most 50 bytes each. */
struct kit_attempt kit_try_mqtt(struct kit_doors doors, struct kit_login login);
struct kit_attempt kit_try_websocket(struct kit_doors doors,
                                     struct kit_login login);
struct kit_attempt kit_try_leaf(struct kit_doors doors, struct kit_login login);

/* None of the doors lets it in. */
void kit_assert_doors_refused(struct kit_doors doors, struct kit_login login,
                              const char *why);

#endif
