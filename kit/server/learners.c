#include "kit/server/learners.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/proc/command.h"
#include "kit/proc/output.h"
#include "kit/say/fail.h"
#include "kit/say/run.h"
#include "kit/say/witness.h"
#include "kit/server/config.h"

#include <signal.h>
#include <string.h>

extern char **environ;

#define RUNNING_MS 10000

/* ---- as witnesses -------------------------------------------------------- */

/* What it has logged, to the terminal, or else to the file that the check has
 * named by $LOG="PATH". */
static const char *log_of(struct kit_server *server)
{
    const char *log = kit_server_log(server);

    for (size_t i = 0; log[0] == '\0' && server->variables[i] != NULL; i++) {
        const char *path = server->variables[i] + strlen("LOG=\"");
        if (strncmp(server->variables[i], "LOG=\"", strlen("LOG=\"")) == 0)
            log = kit_contents(kit_keep(path, strlen(path) - 1));
    }
    return log;
}

/* The last error in a log that is not about the kit's own sentinels. */
static const char *last_error(const char *log)
{
    const char *found = NULL;

    for (const char *at = log; (at = strstr(at, "[ERR]")) != NULL; at++) {
        const char *line = kit_keep(at, strcspn(at, "\n"));
        if (strstr(line, KIT_SENTINEL) == NULL)
            found = line;
    }
    return found;
}

static void tell(FILE *out, void *closure)
{
    const struct kit_servers *servers = closure;

    for (struct kit_server *s = servers->list; s != NULL; s = s->next) {
        const char *error = last_error(log_of(s));
        if (error != NULL)
            kit_print_wrapped(out, "log", kit_text("%s: %s", s->label, error));
    }
}

void kit_servers_begin(struct kit_servers *servers)
{
    servers->witness = (struct kit_witness){
        .section = KIT_SECTION_OUTPUT, .tell = tell, .closure = servers};
    kit_witness_add(&servers->witness);
}

/* ---- before it runs ------------------------------------------------------ */

static int free_port(void)
{
    int port = kit_free_port();

    if (port < 0)
        kit_undecided("no free port, or no descriptors left");
    return port;
}

/* A copy: the server may be started again long after the caller's is gone. */
static const char *const *copy_of(const char *const variables[])
{
    static const char *const none[] = {NULL};
    size_t count = 0;

    if (variables == NULL)
        return none;
    while (variables[count] != NULL)
        count++;
    const char **copy = kit_allocate((count + 1) * sizeof(*copy));
    for (size_t i = 0; i < count; i++)
        copy[i] = kit_keep_text(variables[i]);
    return copy;
}

struct kit_server *kit_server_prepare(struct kit_servers *servers,
                                      const char *label, const char *config,
                                      const char *const variables[])
{
    struct kit_server *server = kit_allocate(sizeof(*server));

    server->all = servers;
    server->label = kit_keep_text(label);
    server->config = kit_keep_text(config);
    server->variables = copy_of(variables);
    server->store = kit_text("%s/private/%s", kit_run_folder(), label);
    server->client_port = free_port();
    server->monitor_port = free_port();
    kit_relay_begin(&server->link, servers->programs,
                    servers->hub->nodes[0].leaf_address);
    server->next = servers->list;
    servers->list = server;
    servers->wire->elsewhere = true;
    return server;
}

/* What the learner's file may refer to. */
static char **environment_of(const struct kit_server *server)
{
    const struct kit_hub *hub = server->all->hub;
    const char *list[] = {
        kit_text("HUB_LEAF=nats://%s:%s@127.0.0.1:%d", hub->user, hub->user,
                 server->link.port),
        kit_text("HUB_GUEST=nats://127.0.0.1:%d", server->link.port),
        kit_text("HUB_CLIENT=%s", kit_hub_url(hub, "n1")),
        kit_text("STORE=\"%s\"", server->store), NULL};
    char **with = kit_environment_with(environ, list);

    return kit_environment_with(with, server->variables);
}

void kit_server_assert_config(struct kit_server *server)
{
    const char *command = kit_text("nats-server -t -c '%s'", server->config);
    const char *said;

    if (kit_run_command(server->all->programs, command, environment_of(server),
                        &said) == 0)
        return;
    said = kit_keep(said, strcspn(said, "\n"));
    kit_fail(kit_text("nats-server -t accepts %s", server->config),
             kit_offending_line(server->config, said), "%s", said);
}

/* ---- running ------------------------------------------------------------- */

static bool is_up(void *argument)
{
    const struct kit_server *server = argument;

    return kit_is_healthy(server->monitor_port) ||
           !kit_running(server->process);
}

const char *kit_server_log(struct kit_server *server)
{
    return server->process != NULL ? kit_complaints(server->process, NULL) : "";
}

void kit_server_launch(struct kit_server *server)
{
    char *const argv[] = {"/usr/bin/env",
                          "nats-server",
                          "-c",
                          (char *)server->config,
                          server->is_written ? NULL : "-a",
                          "127.0.0.1",
                          "-p",
                          (char *)kit_text("%d", server->client_port),
                          "-m",
                          (char *)kit_text("%d", server->monitor_port),
                          NULL};

    server->process = kit_launch(server->all->programs, server->label, argv,
                                 environment_of(server), KIT_TOOL);
    kit_wait(is_up, server, RUNNING_MS);
    if (!kit_running(server->process) || !kit_is_healthy(server->monitor_port))
        kit_fail(kit_text("nats-server -c %s starts and gets healthy",
                          server->config),
                 "nats-server -t only reads the file; is there all that the "
                 "file names?",
                 "%s", kit_last_words(log_of(server)));
}

void kit_stop_server(struct kit_server *server, int signal)
{
    struct kit_place *next;

    for (struct kit_place *p = server->all->wire->places; p != NULL; p = next) {
        next = p->next;
        if (strcmp(p->endpoints[0].url, kit_server_url(server)) == 0)
            kit_place_close(p);
    }
    kit_signal(server->process, signal);
    kit_expect_gone(server->process);
}

void kit_start_server_again(struct kit_server *server)
{
    kit_server_launch(server);
}

void kit_reload_server(struct kit_server *server)
{
    kit_signal(server->process, SIGHUP);
}

/* ---- its clients --------------------------------------------------------- */

const char *kit_server_url(const struct kit_server *server)
{
    return kit_text("nats://127.0.0.1:%d", server->client_port);
}

const char *kit_server_store(const struct kit_server *server)
{
    return server->store;
}

static natsStatus open_place(struct kit_place *place, struct kit_server *server,
                             const struct kit_login *login)
{
    memset(place, 0, sizeof(*place));
    kit_place_add(place, server->label, kit_server_url(server));
    return kit_place_open(place, server->all->wire,
                          kit_text("the %s", server->label), login);
}

struct kit_place *kit_at(struct kit_server *server)
{
    const struct kit_login nobody = {0};

    if (kit_place_is_open(&server->place))
        return &server->place;
    natsStatus s = open_place(&server->place, server, &nobody);
    if (s != NATS_OK)
        kit_fail("a client may connect to your server without a password",
                 "is there a client port, and no authorization?", "%s",
                 natsStatus_GetText(s));
    return &server->place;
}

struct kit_place *kit_log_in(struct kit_server *server, struct kit_login login)
{
    struct kit_place *place = kit_allocate(sizeof(*place));

    natsStatus s = open_place(place, server, &login);
    if (s != NATS_OK)
        kit_fail(kit_text("%s may log in to your server",
                          login.user != NULL ? login.user : "the user"),
                 "is the user in the file, in its account, with this password?",
                 "%s", natsStatus_GetText(s));
    return place;
}

struct kit_place *kit_as(struct kit_server *server, struct kit_login login)
{
    return kit_place_aside(server->all->wire, kit_text("the %s", server->label),
                           kit_server_url(server), &login);
}
