#include "kit/frame/regions.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/frame/servers.h"
#include "kit/frame/test.h"
#include "kit/say/fail.h"
#include "kit/server/delay.h"
#include "kit/server/monitor.h"

#include <string.h>

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
    struct gateway_ports ports = {.own = kit_take_port("a gateway")};

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
    size_t hearsay = count_text(outbound, "\"configured\":false");

    g->seen =
        kit_text("%s has %zu outbound%s and %zu inbound%s", server->label, out,
                 hearsay > 0 ? ", not all by its own list," : "", in,
                 unknown > 0 ? ", and does not know how far they are" : "");
    return out == g->count - 1 && in == g->count - 1 && unknown + hearsay == 0;
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
