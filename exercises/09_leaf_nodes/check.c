/* The island: a server of the learner's, joined to the hub as a leaf node. */
#include "kit/kit.h"

#include <string.h>

TestSuite(leaf_nodes, .init = kit_begin, .fini = kit_end);

#define REQUESTS 20
#define LONG 200000

static const char reconnect[] =
    "how long does the server wait between two attempts? leafnodes has "
    "`reconnect` for that";

static struct kit_server *start_joined(void)
{
    struct kit_server *server = kit_start_server();

    kit_expect_joined(server, NULL);
    return server;
}

static void expect_answers(struct kit_place *place, const char *text,
                           const char *why)
{
    for (int i = 0; i < REQUESTS; i++)
        kit_expect_answer_at(place, "room.where", "where are you?", text, why);
    kit_expect_answer_at(place, "room.where", kit_random_text(LONG), text,
                         "does the file limit how long a message may be?");
}

Test(leaf_nodes, the_file_has_no_syntax_error)
{
    kit_assert_config();
}

Test(leaf_nodes, the_server_starts_and_is_called_island)
{
    const char *name = kit_server_name(kit_start_server());
    if (strcmp(name, "island") != 0)
        kit_fail("a server called 'island'",
                 "is there a server_name? A server without one makes up its "
                 "own, another at each start",
                 "'%s'", name);
}

Test(leaf_nodes, it_joins_the_hub_in_the_account_of_its_login)
{
    start_joined();
}

Test(leaf_nodes, the_hub_is_answered_by_a_service_on_the_island)
{
    kit_by_hand("request room.where ''");
    struct kit_server *island = start_joined();
    kit_serve_at(kit_at(island), "room.where", NULL, kit_say, "the island");
    expect_answers(kit_room(), "the island",
                   "requests come in from the hub: is that forbidden by "
                   "deny_imports?");
}

Test(leaf_nodes, the_island_is_answered_by_a_service_of_the_hub)
{
    kit_by_hand("request --server 127.0.0.1:4333 room.where ''");
    struct kit_server *island = start_joined();
    kit_serve("room.where", NULL, kit_say, "the hub");
    expect_answers(kit_at(island), "the hub",
                   "requests go out to the hub: is that forbidden by "
                   "deny_exports?");
}

Test(leaf_nodes, the_nearest_answers_and_the_far_one_when_it_leaves)
{
    kit_by_hand("request --server 127.0.0.1:4333 room.where ''");
    struct kit_server *island = start_joined();
    kit_serve("room.where", "where", kit_say, "the hub");
    kit_serve_at(kit_at(island), "room.where", "where", kit_say, "the island");
    expect_answers(kit_at(island), "the island", "who is nearest to it?");
    expect_answers(kit_room(), "the hub", "who is nearest to it?");
    kit_serve_no_more_at(kit_at(island), "room.where");
    expect_answers(kit_at(island), "the hub", "does it cross the link?");
}

Test(leaf_nodes, the_island_goes_on_while_the_link_is_cut)
{
    kit_by_hand("request --server 127.0.0.1:4333 room.where ''");
    struct kit_server *island = start_joined();
    kit_serve_at(kit_at(island), "room.where", NULL, kit_say, "the island");
    kit_cut_link(island);
    expect_answers(kit_at(island), "the island", "does it run on alone?");
    kit_settle();
    if (kit_tapped("room.where") > 0)
        kit_fail("nothing crosses a link that is cut",
                 "is there another way to the hub in the file?",
                 "the hub got the island's requests");
}

Test(leaf_nodes, it_joins_again_within_2_s_of_the_link_being_back)
{
    struct kit_server *island = start_joined();
    kit_serve_at(kit_at(island), "room.where", "island", kit_say, "the island");
    kit_serve("room.where", "hub", kit_say, "the hub");
    kit_cut_link(island);
    kit_restore_link(island);
    double back = kit_clock();
    kit_expect_joined(island, reconnect);
    double waited = kit_clock() - back;
    if (waited > 2000)
        kit_fail("it joins again within 2 s", reconnect, "after %.1f s",
                 waited / 1000);
    kit_expect_replies(kit_ask("room.where", "where?"), 2, NULL);
    kit_expect_replies(kit_ask_at(kit_at(island), "room.where", "where?", 6), 2,
                       NULL);
}
