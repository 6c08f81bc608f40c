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
#include "kit/server/delay.h"
#include "kit/wire/attempt.h"

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
struct kit_login kit_nkey(const char *name)
{
    const char *command = kit_text(
        "file='%s/../nkey-%s' && { [ -s \"$file\" ] || {"
        " own=$file.$$ && nats auth nkey gen user >\"$own\" &&"
        " nats auth nkey show \"$own\" >>\"$own\" &&"
        " { ln \"$own\" \"$file\" 2>/dev/null || :; } && rm \"$own\"; }; } &&"
        " cat \"$file\"",
        kit_run_folder(), name);
    const char *output;

    int status = kit_run(command, &output);
    const char *key = strchr(output, '\n');
    if (status != 0 || key == NULL)
        kit_undecided("nats auth nkey: %s", output);
    return (struct kit_login){.seed = kit_keep(output, (size_t)(key - output)),
                              .nkey =
                                  kit_keep(key + 1, strcspn(key + 1, "\n"))};
}

struct kit_server *kit_launch_server(const char *label,
                                     const char *const variables[])
{
    struct kit_server *server = prepare(label, variables);

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

/* The file's own text first, so that the lines that the server names fit. */
static const char *extended(const char *more)
{
    const char *text = kit_contents(config_file());

    if (text[0] == '\0')
        kit_undecided("%s cannot be read", config_file());
    return kit_file("extended.conf", kit_text("%s\n%s\n", text, more));
}

/* MQTT needs a server_name, which a server of its own need not have. */
int kit_launch_for_mqtt(const char *const variables[])
{
    int port = kit_free_port();

    if (port < 0)
        kit_undecided("no free port for MQTT");
    const char *more =
        kit_text("server_name: kit\nmqtt: {listen: \"127.0.0.1:%d\"}", port);
    kit_server_launch(kit_server_prepare(&kit_test()->servers, "server",
                                         extended(more), variables));
    return port;
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

/* ---- superclusters ------------------------------------------------------- */

/* Where a gateway listens, and where others find it. */
struct gateway_ports {
    int own, offered;
};

static const char **variables_of(const char *const names[],
                                 const struct gateway_ports ports[],
                                 size_t count, size_t own)
{
    const char **list = kit_allocate((count + 3) * sizeof(*list));

    for (size_t i = 0; i < count; i++)
        list[i] = kit_text("%s_GATEWAY=nats://127.0.0.1:%d",
                           kit_upper(names[i]), ports[i].offered);
    list[count] = kit_text("REGION=%s", names[own]);
    list[count + 1] = kit_text("GATEWAY_PORT=%d", ports[own].own);
    return list;
}

static struct gateway_ports take_ports(int delay_ms)
{
    struct gateway_ports ports = {.own = kit_free_port()};

    if (ports.own < 0)
        kit_undecided("no free port for a gateway");
    ports.offered = ports.own;
    if (delay_ms > 0)
        ports.offered =
            kit_delay_begin(&kit_test()->servers.delays, ports.own, delay_ms)
                ->port;
    return ports;
}

void kit_launch_regions_apart(const char *const names[], const int delays_ms[],
                              size_t count, struct kit_server *servers[])
{
    struct gateway_ports *ports = kit_allocate(count * sizeof(*ports));

    for (size_t i = 0; i < count; i++)
        ports[i] = take_ports(delays_ms != NULL ? delays_ms[i] : 0);
    for (size_t i = 0; i < count; i++)
        servers[i] =
            kit_launch_server(names[i], variables_of(names, ports, count, i));
}

void kit_launch_regions(const char *const names[], size_t count,
                        struct kit_server *servers[])
{
    kit_launch_regions_apart(names, NULL, count, servers);
}

struct gateways {
    struct kit_server *const *servers;
    size_t count;
    const char *seen; /* of the first region that lacks one */
};

static size_t count_text(const char *json, const char *text)
{
    size_t count = 0;

    for (const char *c = json; c != NULL && (c = strstr(c, text)) != NULL; c++)
        count++;
    return count;
}

/* Each gateway of a list says once whether it is configured; how far it is,
 * only after a second: until then it counts as the nearest of all. */
static bool has_all(struct gateways *g, struct kit_server *server)
{
    static const char mark[] = "\"configured\"";
    const char *outbound =
        kit_monitored(server, "/gatewayz", "outbound_gateways");
    size_t out = count_text(outbound, mark);
    size_t in = count_text(
        kit_monitored(server, "/gatewayz", "inbound_gateways"), mark);
    size_t unknown = count_text(outbound, "\"rtt\":\"0s\"");

    g->seen =
        kit_text("%s has %zu outbound and %zu inbound%s", server->label, out,
                 in, unknown > 0 ? ", and does not know how far they are" : "");
    return out == g->count - 1 && in == g->count - 1 && unknown == 0;
}

static bool all_there(void *argument)
{
    struct gateways *g = argument;

    for (size_t i = 0; i < g->count; i++) {
        if (!has_all(g, g->servers[i]))
            return false;
    }
    return true;
}

void kit_expect_gateways(struct kit_server *const servers[], size_t count,
                         const char *why)
{
    struct gateways g = {servers, count, ""};

    if (!kit_wait(all_there, &g, 2 * KIT_DEADLINE_MS))
        kit_fail(kit_text("each region has a gateway to and from the %zu "
                          "other%s",
                          count - 1, count == 2 ? "" : "s"),
                 why, "%s", g.seen);
}
