/* Regions of one file: found by name, near ones first, far ones when needed. */
#include "kit/kit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(supercluster, .init = kit_begin, .fini = kit_end);

#define REGIONS 3
#define WHERE "room.where"
#define SLOW_MS 20

static const char *const names[REGIONS] = {"east", "west", "north"};
static const char *const example[] = {"REGION=east",
                                      "GATEWAY_PORT=7401",
                                      "EAST_GATEWAY=nats://127.0.0.1:7401",
                                      "WEST_GATEWAY=nats://127.0.0.1:7402",
                                      "NORTH_GATEWAY=nats://127.0.0.1:7403",
                                      NULL};

static const char listed[] =
    "are all three in gateways, with the name and the URL of each?";
static const char nearest[] = "is it answered by the nearest?";
static const char own[] = "is the URL of each region its own variable?";
static const char taken[] = "does a gateway lead to who is left?";

/* Answers in a region, in a queue group that all regions share. */
static void serve(struct kit_server *server, const char *name)
{
    kit_serve_at(kit_at(server), WHERE, "where", kit_say, (void *)name);
}

Test(supercluster, the_file_has_no_syntax_error)
{
    kit_assert_config_with(example);
}

Test(supercluster, each_region_has_a_name_of_its_own)
{
    struct kit_server *servers[REGIONS];

    kit_launch_regions(names, REGIONS, servers);
    for (int i = 0; i < REGIONS; i++) {
        kit_expect_monitored(servers[i], "/varz", "server_name", names[i],
                             "is server_name $REGION?");
        kit_expect_monitored(servers[i], "/varz", "gateway.name", names[i],
                             "is the name in the block gateway $REGION?");
        kit_expect_monitored(servers[i], "/varz", "gateway.host", "127.0.0.1",
                             "is host 127.0.0.1, of this machine only?");
    }
}

Test(supercluster, the_near_one_answers_and_the_far_one_when_it_has_left)
{
    struct kit_server *servers[REGIONS];

    kit_by_hand("trace -s 127.0.0.1:4341 " WHERE);
    kit_launch_regions(names, REGIONS, servers);
    kit_expect_gateways(servers, REGIONS, listed);
    struct kit_place *east = kit_at(servers[0]), *west = kit_at(servers[1]);
    serve(servers[0], "east");
    serve(servers[1], "west");
    kit_expect_delivery(east, WHERE, "east", 1, nearest);
    kit_expect_hops(east, WHERE, "out", "gateway", 0, nearest);
    kit_expect_delivery(west, WHERE, "west", 1, nearest);
    kit_serve_no_more_at(east, WHERE);
    kit_expect_delivery(east, WHERE, "west", 1, taken);
    kit_expect_hops(east, WHERE, "out", "gateway", 1, taken);
    kit_expect_answer_at(east, WHERE, "", "west", taken);
    serve(servers[0], "east");
    kit_expect_delivery(east, WHERE, "east", 1, nearest);
    kit_stop_server(servers[0], SIGKILL);
    struct kit_place *north = kit_at(servers[2]);
    kit_expect_delivery(north, WHERE, "west", 1, taken);
    kit_expect_answer_at(north, WHERE, "", "west", taken);
}

/* A gateway of another URL, of which others have told, would go round the slow
 * line. */
static void assert_slow(struct kit_server *server, const char *region)
{
    const char *path = kit_text("outbound_gateways.%s.connection.rtt", region);
    const char *rtt = kit_monitored(server, "/gatewayz", path);

    if (rtt == NULL || strstr(rtt, "µs") != NULL ||
        (strstr(rtt, "ms") != NULL && strtod(rtt, NULL) < 2 * SLOW_MS))
        kit_fail(kit_text("the gateway of east to %s is %d ms away", region,
                          2 * SLOW_MS),
                 own, "%s", rtt != NULL ? rtt : "no round trip time");
}

/* Which of two far regions answers east, when a slow line leads to one. */
static void expect_nearer(const int delays_ms[REGIONS], const char *nearer)
{
    struct kit_server *servers[REGIONS];

    kit_launch_regions_apart(names, delays_ms, REGIONS, servers);
    kit_expect_gateways(servers, REGIONS, listed);
    serve(servers[1], "west");
    serve(servers[2], "north");
    assert_slow(servers[0], names[delays_ms[1] > 0 ? 1 : 2]);
    kit_expect_delivery(kit_at(servers[0]), WHERE, nearer, 1, own);
    for (int i = 0; i < 10; i++)
        kit_expect_answer_at(kit_at(servers[0]), WHERE, "", nearer, nearest);
}

Test(supercluster, of_two_far_ones_the_nearer_answers)
{
    expect_nearer((const int[]){0, 0, SLOW_MS}, "west");
}

Test(supercluster, of_two_far_ones_the_nearer_answers_the_other_way_round)
{
    expect_nearer((const int[]){0, SLOW_MS, 0}, "north");
}
