#include "kit/frame/servers.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/memory.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/frame/test.h"
#include "kit/say/fail.h"

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

void kit_assert_config(void)
{
    kit_server_assert_config(prepare("server", NULL));
}

struct kit_server *kit_launch_server(const char *label,
                                     const char *const variables[])
{
    struct kit_server *server = prepare(label, variables);

    kit_server_launch(server);
    return server;
}

struct kit_server *kit_start_server(void)
{
    struct kit_server *server = kit_launch_server("server", NULL);

    kit_at(server);
    return server;
}

/* ---- superclusters ------------------------------------------------------- */

static void take_ports(int ports[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ports[i] = kit_free_port();
        if (ports[i] < 0)
            kit_undecided("no free port for a gateway");
    }
}

static const char **variables_of(const char *const names[], const int ports[],
                                 size_t count, size_t own)
{
    const char **list = kit_allocate((count + 3) * sizeof(*list));

    for (size_t i = 0; i < count; i++)
        list[i] = kit_text("%s_GATEWAY=nats://127.0.0.1:%d",
                           kit_upper(names[i]), ports[i]);
    list[count] = kit_text("REGION=%s", names[own]);
    list[count + 1] = kit_text("GATEWAY_PORT=%d", ports[own]);
    return list;
}

void kit_launch_regions(const char *const names[], size_t count,
                        struct kit_server *servers[])
{
    int *ports = kit_allocate(count * sizeof(*ports));

    take_ports(ports, count);
    for (size_t i = 0; i < count; i++)
        servers[i] =
            kit_launch_server(names[i], variables_of(names, ports, count, i));
}

struct gateways {
    struct kit_server *const *servers;
    size_t count;
    const char *seen; /* of the first region that lacks one */
};

/* Gateways of a list (an object, a member a region), as a number. */
static size_t count_members(const char *json)
{
    size_t count = 0;

    for (const char *c = json; c != NULL && (c = strstr(c, "\"configured\""));
         c++)
        count++;
    return count;
}

static bool all_there(void *argument)
{
    struct gateways *g = argument;

    for (size_t i = 0; i < g->count; i++) {
        struct kit_server *server = g->servers[i];
        size_t out = count_members(
            kit_monitored(server, "/gatewayz", "outbound_gateways"));
        size_t in = count_members(
            kit_monitored(server, "/gatewayz", "inbound_gateways"));
        g->seen = kit_text("%s has %zu outbound and %zu inbound", server->label,
                           out, in);
        if (out != g->count - 1 || in != g->count - 1)
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
