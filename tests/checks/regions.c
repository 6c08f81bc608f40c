/* A supercluster of one file: tests/programs/region.conf. */
#include "kit/kit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(regions, .init = kit_begin, .fini = kit_end);

#define REGIONS 3

static const char *const names[REGIONS] = {"east", "west", "north"};

static void start(struct kit_server *servers[REGIONS])
{
    kit_launch_regions(names, REGIONS, servers);
    kit_expect_gateways(servers, REGIONS, "is each region in the list?");
}

Test(regions, each_has_gateways_to_the_others)
{
    struct kit_server *servers[REGIONS];

    start(servers);
    for (int i = 0; i < REGIONS; i++)
        kit_expect_monitored(servers[i], "/varz", "gateway.name", names[i],
                             NULL);
    kit_stop_server(servers[2], SIGTERM);
    kit_expect_gateways(servers, REGIONS - 1, NULL);
    kit_start_server_again(servers[2]);
    kit_expect_gateways(servers, REGIONS, NULL);
}

Test(regions, the_near_member_answers_and_the_far_one_when_it_has_left)
{
    struct kit_server *servers[REGIONS];

    start(servers);
    struct kit_place *east = kit_at(servers[0]), *west = kit_at(servers[1]);
    kit_serve_at(east, "room.where", "members", kit_say, "east");
    kit_serve_at(west, "room.where", "members", kit_say, "west");
    kit_expect_delivery(east, "room.where", "east", 1, "is it the nearest?");
    kit_expect_hops(east, "room.where", "out", "gateway", 0, NULL);
    kit_expect_delivery(west, "room.where", "west", 1, NULL);
    kit_serve_no_more_at(east, "room.where");
    kit_expect_delivery(east, "room.where", "west", 1, "is it taken over?");
    kit_expect_hops(east, "room.where", "out", "gateway", 1, NULL);
    kit_expect_answer_at(east, "room.where", "", "west", NULL);
    kit_serve_at(east, "room.where", "members", kit_say, "east");
    kit_expect_delivery(east, "room.where", "east", 1, NULL);
    struct kit_trace trace = kit_trace_at(east, "room.where", "");
    cr_assert_str_eq(kit_trace_describe(&trace),
                     "in client at east, out client at east");
}

Test(regions, a_region_takes_over_when_another_is_gone)
{
    struct kit_server *servers[REGIONS];

    start(servers);
    struct kit_place *north = kit_at(servers[2]);
    kit_serve_at(kit_at(servers[0]), "room.where", "members", kit_say, "east");
    kit_expect_delivery(north, "room.where", "east", 1, NULL);
    kit_stop_server(servers[0], SIGKILL);
    kit_serve_at(kit_at(servers[1]), "room.where", "members", kit_say, "west");
    kit_expect_delivery(north, "room.where", "west", 1, NULL);
    kit_expect_answer_at(north, "room.where", "", "west", NULL);
}

/* A gateway that was found by what another region told, and not by the list,
 * would go round the slow line. */
static void expect_slow(struct kit_server *server, const char *region)
{
    const char *path = kit_text("outbound_gateways.%s.connection.rtt", region);
    const char *rtt = kit_monitored(server, "/gatewayz", path);

    if (rtt == NULL || strtod(rtt, NULL) < 40 || strstr(rtt, "ms") == NULL)
        kit_fail(kit_text("%s is 40 ms away", region), NULL, "%s",
                 rtt != NULL ? rtt : "no round trip time");
}

/* Which of two far regions answers east, when north or west is a slow line
 * away. */
static void expect_nearer(const int delays_ms[REGIONS], const char *nearer)
{
    struct kit_server *servers[REGIONS];

    kit_launch_regions_apart(names, delays_ms, REGIONS, servers);
    kit_expect_gateways(servers, REGIONS, NULL);
    for (int i = 1; i < REGIONS; i++)
        kit_serve_at(kit_at(servers[i]), "room.where", "members", kit_say,
                     (void *)names[i]);
    struct kit_place *east = kit_at(servers[0]);
    expect_slow(servers[0], delays_ms[1] > 0 ? "west" : "north");
    kit_expect_delivery(east, "room.where", nearer, 1,
                        "does every message cross the gateway?");
    for (int i = 0; i < 10; i++)
        kit_expect_answer_at(east, "room.where", "", nearer, NULL);
}

Test(regions, of_two_far_ones_the_nearer_answers_and_west_is_near)
{
    expect_nearer((const int[]){0, 0, 20}, "west");
}

Test(regions, of_two_far_ones_the_nearer_answers_and_north_is_near)
{
    expect_nearer((const int[]){0, 20, 0}, "north");
}
