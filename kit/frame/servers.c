#include "kit/frame/servers.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/memory.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/frame/files.h"
#include "kit/frame/start.h"
#include "kit/frame/test.h"
#include "kit/say/fail.h"
#include "kit/say/run.h"
#include "kit/say/witness.h"
#include "kit/stream/replicas.h"
#include "kit/wire/attempt.h"
#include "kit/wire/login.h"

#include <stdlib.h>
#include <string.h>

/* An exercise whose only file is a configuration has it as its program. */
static const char *config_file(void)
{
    const char *file = getenv(KIT_ENV_CONFIG);

    if (file == NULL || *file == '\0')
        file = getenv(KIT_ENV_PROGRAM);
    if (file == NULL)
        kit_undecided(KIT_ENV_CONFIG " does not name a configuration");
    return file;
}

static struct kit_server *prepare(const char *label,
                                  const char *const variables[])
{
    return kit_server_prepare(&kit_test()->servers, label, config_file(),
                              variables);
}

void kit_assert_config_with(const char *const variables[])
{
    kit_server_assert_config(prepare("server", variables));
}

void kit_assert_config(void)
{
    kit_assert_config_with(NULL);
}

/* Whichever test comes first makes it: linking a file is all or nothing. */
struct kit_login kit_nkey_of(const char *kind, const char *name)
{
    const char *command = kit_text(
        "file='%s/../nkey-%s' && { [ -s \"$file\" ] || {"
        " own=$file.$$ && nats auth nkey gen %s >\"$own\" &&"
        " nats auth nkey show \"$own\" >>\"$own\" &&"
        " { ln \"$own\" \"$file\" 2>/dev/null || :; } && rm \"$own\"; }; } &&"
        " cat \"$file\"",
        kit_run_folder(), name, kind);
    const char *output;

    int status = kit_run(command, &output);
    const char *key = strchr(output, '\n');
    if (status != 0 || key == NULL)
        kit_undecided("nats auth nkey: %s", output);
    return (struct kit_login){.seed = kit_keep(output, (size_t)(key - output)),
                              .nkey =
                                  kit_keep(key + 1, strcspn(key + 1, "\n"))};
}

struct kit_login kit_nkey(const char *name)
{
    return kit_nkey_of("user", name);
}

struct kit_server *kit_launch_server(const char *label,
                                     const char *const variables[])
{
    struct kit_server *server = prepare(label, variables);

    kit_server_launch(server);
    return server;
}

struct kit_server *kit_launch_given(const char *file,
                                    const char *const variables[])
{
    const char *exercise = getenv(KIT_ENV_EXERCISE);

    if (exercise == NULL)
        kit_undecided(KIT_ENV_EXERCISE " is not set");
    struct kit_server *server = kit_server_prepare(
        &kit_test()->servers, "server",
        kit_text("exercises/%s/%s", exercise, file), variables);
    kit_server_launch(server);
    return server;
}

void kit_expect_written(const char *const variables[], int http,
                        const char *why_http, int listen,
                        const char *why_listen)
{
    kit_server_expect_written(prepare("server", variables), http, why_http,
                              listen, why_listen);
}

const char *const *kit_variable(const char *name, const char *value)
{
    const char **list = kit_allocate(2 * sizeof(*list));

    list[0] = kit_text("%s=%s", name, value);
    return list;
}

struct kit_server *kit_launch_island(const char *domain, const char *stream)
{
    struct kit_server *island =
        kit_launch_server(domain, kit_variable("DOMAIN", domain));

    kit_expect_joined(island, NULL);
    if (stream != NULL)
        kit_add_stream_at(kit_at(island), stream, kit_text("%s.>", stream), 1);
    return island;
}

/* A server reads what is included from where that file is, so the file may
 * include others. The path of an included file is always below that of the
 * file which includes it: the way up ends at the root. */
static const char *extended(const char *more)
{
    static const char up[] = "../../../../../../../../../../../../../../../..";
    char *path = realpath(config_file(), NULL);

    if (path == NULL)
        kit_undecided("%s cannot be read", config_file());
    const char *text = kit_text("include \"%s%s\"\n%s\n", up, path, more);
    free(path);
    return kit_file("extended.conf", text);
}

int kit_take_port(const char *what)
{
    int port = kit_free_port();

    if (port < 0)
        kit_undecided("no free port for %s", what);
    return port;
}

/* MQTT needs a server_name, which a server of its own need not have. */
struct kit_doors kit_launch_with_doors(const char *const variables[])
{
    struct kit_doors doors = {.mqtt = kit_take_port("MQTT"),
                              .websocket = kit_take_port("WebSocket"),
                              .leaf = kit_take_port("leaf nodes")};
    const char *more =
        kit_text("server_name: kit\nmqtt: {listen: \"127.0.0.1:%d\"}\n"
                 "websocket: {listen: \"127.0.0.1:%d\", no_tls: true}\n"
                 "leafnodes: {listen: \"127.0.0.1:%d\"}",
                 doors.mqtt, doors.websocket, doors.leaf);

    kit_server_launch(kit_server_prepare(&kit_test()->servers, "server",
                                         extended(more), variables));
    return doors;
}

struct kit_server *kit_start_server(void)
{
    struct kit_server *server = kit_launch_server("server", NULL);

    kit_at(server);
    return server;
}

void kit_assert_logins_refused_of(struct kit_server *server, const char *why,
                                  const struct kit_login logins[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        kit_assert_refused(kit_try_login(kit_server_url(server), logins[i]),
                           why);
}

/* Why it lets nobody in, if it has said so: its last warning. */
static const char *last_warning(struct kit_server *server)
{
    static const char mark[] = "[WRN] ";
    const char *found = "", *next = kit_server_log(server);

    while ((next = strstr(next, mark)) != NULL) {
        next += strlen(mark);
        found = kit_text("; the server's last warning is: %.*s",
                         (int)strcspn(next, "\n"), next);
    }
    return found;
}

static bool is_let_in(void *place)
{
    return kit_is_dialled_at(place);
}

struct kit_place *kit_let_in(struct kit_server *server, struct kit_login login,
                             const char *why)
{
    struct kit_place *place = kit_as(server, login);

    if (!kit_await(is_let_in, place, KIT_DEADLINE_MS))
        kit_fail(kit_text("%s may log in", kit_login_name(&login)), why, "%s%s",
                 kit_try_login(kit_server_url(server), login).text,
                 last_warning(server));
    return place;
}
