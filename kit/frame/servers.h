/* The learner's own servers, for exercises with a .conf to write: what it may
 * refer to is in server/learners.h. */
#ifndef KIT_FRAME_SERVERS_H
#define KIT_FRAME_SERVERS_H

#include "kit/server/leafs.h"
#include "kit/server/learners.h"
#include "kit/server/monitor.h"
#include "kit/server/written.h"
#include "kit/wire/doors.h"

#include <stddef.h>

/* nats-server -t accepts the exercise's file; else the line that it names is
 * shown. */
void kit_assert_config(void);
void kit_assert_config_with(const char *const variables[]);

/* The login of a user by an nkey: for each name another one, and others in each
 * run. */
struct kit_login kit_nkey(const char *name);

/* The same for any kind that `nats auth nkey gen` makes: "account", "server".
 */
struct kit_login kit_nkey_of(const char *kind, const char *name);

/* Starts the learner's server, and connects to it without a login: the test
 * fails where the server demands one (then: kit_launch_server, kit_log_in). */
struct kit_server *kit_start_server(void);

/* One of several, by a label of one word, with variables ("DOMAIN=east", NULL
 * at the end, or no list) of its own; nobody connects to it yet: kit_at and
 * kit_log_in do. */
struct kit_server *kit_launch_server(const char *label,
                                     const char *const variables[]);

/* One that has $DOMAIN for its label, is joined to the hub, and has, unless
 * NULL, a stream of this name for all subjects that begin with it: "orders" for
 * orders.>. */
struct kit_server *kit_launch_island(const char *domain, const char *stream);

/* The same from a configuration that is given: a file of the exercise's folder,
 * for exercises in which the learner writes a program for it. */
struct kit_server *kit_launch_given(const char *file,
                                    const char *const variables[]);

/* A list of one. */
const char *const *kit_variable(const char *name, const char *value);

/* Starts the learner's server with ports for MQTT, WebSocket and leaf nodes
 * besides, for kit_try_mqtt and its like (wire/doors.h). */
struct kit_doors kit_launch_with_doors(const char *const variables[]);

/* kit_as, for where somebody else is asked who may log in, which takes as long
 * as it takes: tries until the server lets it in. Logged in when it returns. */
struct kit_place *kit_let_in(struct kit_server *server, struct kit_login login,
                             const char *why);

/* The server lets in none of these logins. */
#define kit_assert_logins_refused(server, why, ...)                            \
    kit_assert_logins_refused_of(                                              \
        server, why, (const struct kit_login[]){__VA_ARGS__},                  \
        sizeof((const struct kit_login[]){__VA_ARGS__}) /                      \
            sizeof(struct kit_login))
void kit_assert_logins_refused_of(struct kit_server *server, const char *why,
                                  const struct kit_login logins[],
                                  size_t count);

/* The learner's file has http: 127.0.0.1:HTTP, and listen: 127.0.0.1:LISTEN
 * (server/written.h). */
void kit_expect_written(const char *const variables[], int http,
                        const char *why_http, int listen,
                        const char *why_listen);

/* A free port for a server of the learner's, what says for which of its ports;
 * undecided where there is none. */
int kit_take_port(const char *what);

#endif
