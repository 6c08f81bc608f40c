/* A supercluster of one file: tests/programs/region.conf. */
#include "kit/kit.h"

#include <signal.h>
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
