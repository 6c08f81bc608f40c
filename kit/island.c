/* The learner's own server, and the link between it and the cluster. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

extern char **environ;

#define RUNNING_MS 10000

static struct {
    struct kit_program *server, *relay;
    const char *name; /* of the server, as it tells its clients */
    int client_port, monitor_port, relay_port;
    natsConnection *nc;
    bool joined; /* the hub has said so, and nothing was cut since */
} island;

/* ---- the link ------------------------------------------------------------ */

/* A leaf node that comes before would wait for its next attempt. */
static bool relay_listens(void *unused)
{
    (void)unused;
    return kit_is_taken(island.relay_port);
}

/* socat forwards to the hub's leaf node port. It forks a process a connection,
 * all in one process group: killing that cuts every connection at once. */
static void start_relay(void)
{
    char *const argv[] = {
        "/usr/bin/env", "socat",
        (char *)kit_text("TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork",
                         island.relay_port),
        (char *)kit_text("TCP:%s", kit_leaf_address()), NULL};

    island.relay = kit_launch("relay", argv, environ, true);
    if (!kit_wait(relay_listens, NULL, KIT_DEADLINE_MS))
        kit_undecided("the relay to the hub did not start");
}

void kit_cut_link(void)
{
    island.joined = false;
    kit_kill(island.relay);
    kit_expect_leafs(0, NULL);
}

void kit_set_joined(bool joined)
{
    island.joined = joined && island.nc != NULL;
}

bool kit_is_joined(void)
{
    return island.joined;
}

void kit_restore_link(void)
{
    start_relay();
}

/* ---- the server ---------------------------------------------------------- */

/* What the learner's file may refer to. */
static void set_variables(void)
{
    const char *user = kit_account_user();

    kit_set_env("HUB_LEAF", kit_text("nats://%s:%s@127.0.0.1:%d", user, user,
                                     island.relay_port));
    kit_set_env("HUB_GUEST",
                kit_text("nats://127.0.0.1:%d", island.relay_port));
    kit_set_env("HUB_CLIENT", kit_node_url("n1"));
    kit_set_env("STORE",
                kit_text("\"%s/private/island\"", getenv(KIT_ENV_RUN)));
}

static void begin(void)
{
    if (island.relay_port != 0)
        return;
    island.client_port = kit_free_port();
    island.monitor_port = kit_free_port();
    island.relay_port = kit_free_port();
    set_variables();
    start_relay();
}

/* "leaf.conf:12:3: unknown field" or "Parse error on line 12: ...": 12. */
static long offending_number(const char *message)
{
    static const char *const places[] = {".conf:", " on line "};

    for (int i = 0; i < 2; i++) {
        const char *found = strstr(message, places[i]);
        if (found != NULL)
            return strtol(found + strlen(places[i]), NULL, 10);
    }
    return 0;
}

/* The line that the server's message names, quoted. */
static const char *offending_line(const char *file, const char *message)
{
    char line[256] = "";
    FILE *source = fopen(file, "re");
    long number = offending_number(message);

    for (long i = 0; source != NULL && i < number; i++) {
        if (fgets(line, sizeof(line), source) == NULL)
            snprintf(line, sizeof(line), "(the end of the file)");
    }
    if (source != NULL)
        fclose(source);
    if (number == 0)
        return "the message says what it is";
    line[strcspn(line, "\n")] = '\0';
    return kit_text(
        "%sline %ld: %s",
        strstr(message, "Parse error") != NULL
            ? "a bracket, a brace or a quote that is not closed, in or above "
            : "",
        number, line + strspn(line, " \t"));
}

static const char *config_file(void)
{
    const char *file = getenv(KIT_ENV_PROGRAM);

    return file != NULL ? file : "";
}

void kit_assert_config(void)
{
    const char *said;

    begin();
    if (kit_run(kit_text("nats-server -t -c '%s'", config_file()), &said) == 0)
        return;
    said = kit_keep(said, strcspn(said, "\n"));
    kit_fail(kit_text("nats-server -t accepts %s", config_file()),
             offending_line(config_file(), said), "%s", said);
}

static bool is_up(void *unused)
{
    (void)unused;
    return kit_is_healthy(island.monitor_port) || !kit_running(island.server);
}

/* The server's last words that say why, [FTL] or [ERR], else its last line. */
static const char *last_words(void)
{
    const char *text = kit_complaints(island.server, NULL);
    const char *found = strstr(text, "[FTL]");

    if (found == NULL)
        found = strstr(text, "nats-server: ");
    if (found == NULL)
        found = strstr(text, "[ERR]");
    if (found == NULL)
        return "it said nothing about it";
    return kit_keep(found, strcspn(found, "\n"));
}

static void connect_to_island(void)
{
    const char *url = kit_text("nats://127.0.0.1:%d", island.client_port);
    natsOptions *options = NULL;
    char name[256] = "";

    kit_must(natsOptions_Create(&options), "options");
    kit_must(natsOptions_SetURL(options, url), "url");
    kit_must(natsOptions_SetName(options, "kit"), "name");
    kit_must(natsOptions_SetMaxReconnect(options, -1), "reconnect");
    kit_must(natsOptions_SetReconnectWait(options, 20), "reconnect wait");
    natsStatus s = natsConnection_Connect(&island.nc, options);
    natsOptions_Destroy(options);
    if (s != NATS_OK)
        kit_fail("a client may connect to your server without a password",
                 "is there a client port, and no authorization?", "%s",
                 natsStatus_GetText(s));
    kit_must(
        natsConnection_GetConnectedServerName(island.nc, name, sizeof(name)),
        "server name");
    island.name = kit_keep(name, strlen(name));
    kit_wire_open_island(island.nc);
    kit_replies_open_island(island.nc);
}

static void launch_island(void)
{
    char *const argv[] = {"/usr/bin/env",
                          "nats-server",
                          "-c",
                          (char *)config_file(),
                          "-a",
                          "127.0.0.1",
                          "-p",
                          (char *)kit_text("%d", island.client_port),
                          "-m",
                          (char *)kit_text("%d", island.monitor_port),
                          NULL};

    island.server = kit_launch("server", argv, environ, true);
    island.server->learners = true;
    kit_wait(is_up, NULL, RUNNING_MS);
    if (!kit_running(island.server) || !kit_is_healthy(island.monitor_port))
        kit_fail(kit_text("nats-server -c %s starts and gets healthy",
                          config_file()),
                 "nats-server -t only reads the file; is there all that the "
                 "file names?",
                 "%s", last_words());
}

void kit_start_server(void)
{
    begin();
    launch_island();
    connect_to_island();
}

static void disconnect_from_island(void)
{
    island.joined = false;
    kit_wire_close_island();
    kit_replies_close_island();
    natsConnection_Destroy(island.nc);
    island.nc = NULL;
}

void kit_stop_server(int signal)
{
    disconnect_from_island();
    kit_signal(island.server, signal);
    kit_expect_gone(island.server);
}

natsConnection *kit_island(void)
{
    if (island.nc == NULL)
        kit_undecided("the check asks a server that it has not started");
    return island.nc;
}

const char *kit_island_log(void)
{
    return island.server != NULL ? kit_complaints(island.server, NULL) : "";
}

const char *kit_server_name(void)
{
    return island.name != NULL ? island.name : "";
}

void kit_island_end(void)
{
    disconnect_from_island();
    memset(&island, 0, sizeof(island));
}
