/* The learner's own servers, from the learner's .conf.
 *
 * Each runs on 127.0.0.1 and free ports whatever the file says, with a folder
 * for streams that goes with the test, and a relay of its own to the hub's leaf
 * node port. The file may refer to, besides what the check adds:
 *   $HUB_LEAF    URL of the hub's leaf node port with the account's login
 *   $HUB_GUEST   the same without a login
 *   $HUB_CLIENT  URL of the hub for clients
 *   $STORE       a folder, in quotes
 * These are the check's values; in `make run` they are the room's. */
#ifndef KIT_SERVER_LEARNERS_H
#define KIT_SERVER_LEARNERS_H

#include "kit/say/witness.h"
#include "kit/server/nodes.h"
#include "kit/server/relay.h"

/* ---- for a check --------------------------------------------------------- */

struct kit_server;

/* Ends it (SIGTERM or SIGKILL); its places are closed. Started again it has
 * the same ports and store. */
void kit_stop_server(struct kit_server *server, int signal);
void kit_start_server_again(struct kit_server *server);

/* SIGHUP: it reads its file again. */
void kit_reload_server(struct kit_server *server);

/* Where its clients are that need no login. The first call connects. */
struct kit_place *kit_at(struct kit_server *server);

/* Where a login is; the server must let it in. */
struct kit_place *kit_log_in(struct kit_server *server, struct kit_login login);

/* The same for attempts alone (wire/attempt.h): it logs in at the first. */
struct kit_place *kit_as(struct kit_server *server, struct kit_login login);

/* Its URL for clients, without a login. */
const char *kit_server_url(const struct kit_server *server);

/* The folder $STORE. */
const char *kit_server_store(const struct kit_server *server);

/* All that it has logged to the terminal. */
const char *kit_server_log(struct kit_server *server);

/* ---- for the layers above ------------------------------------------------ */

struct kit_server {
    struct kit_server *next;
    struct kit_servers *all;
    const char *label;            /* for its files and messages */
    const char *config;           /* path of the file */
    const char *const *variables; /* "NAME=value", for this one alone */
    const char *name;             /* as the hub has it; NULL: not asked yet */
    const char *store;
    int client_port, monitor_port;
    bool is_written; /* these are in the file: no options */
    struct kit_relay link;
    struct kit_program *process;
    struct kit_place place;
};

struct kit_servers {
    struct kit_server *list; /* the newest first */
    struct kit_programs *programs;
    struct kit_wire *wire;
    struct kit_hub *hub;
    struct kit_delay *delays; /* server/delay.h */
    struct kit_witness witness;
};

/* Its logs are told where a test fails. */
void kit_servers_begin(struct kit_servers *servers);

/* A server that is not started yet, with its ports and link. variables may be
 * NULL; label names it among several. */
struct kit_server *kit_server_prepare(struct kit_servers *servers,
                                      const char *label, const char *config,
                                      const char *const variables[]);

/* nats-server -t accepts the file; else the line that it names is shown. */
void kit_server_assert_config(struct kit_server *server);

/* Starts it, and waits until /healthz says that it is ready. */
void kit_server_launch(struct kit_server *server);

#endif
