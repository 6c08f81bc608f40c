/* The learner's own servers, for exercises with a .conf to write: what it may
 * refer to is in server/learners.h. */
#ifndef KIT_FRAME_SERVERS_H
#define KIT_FRAME_SERVERS_H

#include "kit/server/leafs.h"
#include "kit/server/learners.h"
#include "kit/server/monitor.h"
#include "kit/server/written.h"

#include <stddef.h>

/* nats-server -t accepts the exercise's file; else the line that it names is
 * shown. */
void kit_assert_config(void);
void kit_assert_config_with(const char *const variables[]);

/* The login of a user by an nkey: for each name another one, and others in each
 * run. */
struct kit_login kit_nkey(const char *name);

/* Starts the learner's server, and connects to it without a login: the test
 * fails where the server demands one (then: kit_launch_server, kit_log_in). */
struct kit_server *kit_start_server(void);

/* One of several, by a label of one word, with variables ("DOMAIN=east", NULL
 * at the end, or no list) of its own; nobody connects to it yet: kit_at and
 * kit_log_in do. */
struct kit_server *kit_launch_server(const char *label,
                                     const char *const variables[]);

/* The learner's file has http: 127.0.0.1:HTTP, and listen: 127.0.0.1:LISTEN. */
void kit_expect_written(const char *const variables[], int http,
                        const char *why_http, int listen,
                        const char *why_listen);

/* A list of one. */
const char *const *kit_variable(const char *name, const char *value);

/* Starts the learner's server with a port for MQTT besides, which it returns:
 * for kit_try_mqtt. */
int kit_launch_for_mqtt(const char *const variables[]);

/* The server lets in none of these logins. */
#define kit_assert_logins_refused(server, why, ...)                            \
    kit_assert_logins_refused_of(                                              \
        server, why, (const struct kit_login[]){__VA_ARGS__},                  \
        sizeof((const struct kit_login[]){__VA_ARGS__}) /                      \
            sizeof(struct kit_login))
void kit_assert_logins_refused_of(struct kit_server *server, const char *why,
                                  const struct kit_login logins[],
                                  size_t count);

/* A supercluster: a server a region from the one file, which may refer to
 * $REGION, the region's name; $GATEWAY_PORT, where its gateway listens; and,
 * for each region, $EAST_GATEWAY, the URL of that gateway. Fills servers. */
void kit_launch_regions(const char *const names[], size_t count,
                        struct kit_server *servers[]);

/* The same; what comes by $WEST_GATEWAY is delayed by delays_ms of west, each
 * way. 0: not at all. */
void kit_launch_regions_apart(const char *const names[], const int delays_ms[],
                              size_t count, struct kit_server *servers[]);

/* Every region has gateways to and from each other one, and knows how far each
 * is. */
void kit_expect_gateways(struct kit_server *const servers[], size_t count,
                         const char *why);

#endif
