/* The island: a server of the learner's, joined to the hub as a leaf node. */
#include "kit/kit.h"

#include <string.h>

TestSuite(leaf_nodes, .init = kit_begin, .fini = kit_end);

#define REQUESTS 20

static const void *say(const struct kit_message *request, size_t *length,
                       void *text)
{
    (void)request;
    *length = strlen(text);
    return text;
}

static void start_joined(void)
{
    kit_start_server();
    kit_expect_leafs(1, NULL);
}

/* Requests, by kit_ask or kit_ask_island, are all answered by this text. */
static void expect_answers(int (*ask)(const char *subject, const char *text),
                           const char *text, const char *why)
{
    int requests[REQUESTS];

    for (int i = 0; i < REQUESTS; i++)
        requests[i] = ask("room.where", "where are you?");
    for (int i = 0; i < REQUESTS; i++) {
        struct kit_replies replies = kit_expect_replies(requests[i], 1, why);
        const struct kit_message *first = &replies.list[0];

        if (first->length != strlen(text) ||
            memcmp(first->data, text, first->length) != 0)
            kit_fail(kit_text("the reply \"%s\"", text), why, "the reply %s",
                     kit_quote(first->data, first->length));
    }
}

Test(leaf_nodes, the_file_has_no_syntax_error)
{
    kit_assert_config();
}

Test(leaf_nodes, the_server_starts_and_is_called_island)
{
    kit_start_server();
    if (strcmp(kit_server_name(), "island") != 0)
        kit_fail("a server called 'island'",
                 "is there a server_name? A server without one makes up its "
                 "own, another at each start",
                 "'%s'", kit_server_name());
}

Test(leaf_nodes, it_joins_the_hub_in_the_account_of_its_login)
{
    start_joined();
}

Test(leaf_nodes, the_hub_is_answered_by_a_service_on_the_island)
{
    kit_by_hand("request room.where ''");
    start_joined();
    kit_serve_island("room.where", NULL, say, "the island");
    expect_answers(kit_ask, "the island",
                   "requests come in from the hub: is that forbidden by "
                   "deny_imports?");
}

Test(leaf_nodes, the_island_is_answered_by_a_service_of_the_hub)
{
    kit_by_hand("request --server 127.0.0.1:4333 room.where ''");
    start_joined();
    kit_serve("room.where", NULL, say, "the hub");
    expect_answers(kit_ask_island, "the hub",
                   "requests go out to the hub: is that forbidden by "
                   "deny_exports?");
}

Test(leaf_nodes, the_nearest_answers_and_the_far_one_when_it_leaves)
{
    kit_by_hand("request --server 127.0.0.1:4333 room.where ''");
    start_joined();
    kit_serve("room.where", "where", say, "the hub");
    kit_serve_island("room.where", "where", say, "the island");
    expect_answers(kit_ask_island, "the island", "who is nearest to it?");
    expect_answers(kit_ask, "the hub", "who is nearest to it?");
    kit_serve_island_no_more("room.where");
    expect_answers(kit_ask_island, "the hub", "does it cross the link?");
}

Test(leaf_nodes, the_island_goes_on_while_the_link_is_cut)
{
    kit_by_hand("request --server 127.0.0.1:4333 room.where ''");
    start_joined();
    kit_serve_island("room.where", NULL, say, "the island");
    kit_cut_link();
    expect_answers(kit_ask_island, "the island", "does it run on alone?");
    kit_settle();
    if (kit_tapped("room.where") > 0)
        kit_fail("nothing crosses a link that is cut",
                 "is there another way to the hub in the file?",
                 "the hub got the island's requests");
}

Test(leaf_nodes, it_joins_again_within_2_s_of_the_link_being_back)
{
    start_joined();
    kit_serve_island("room.where", "island", say, "the island");
    kit_serve("room.where", "hub", say, "the hub");
    kit_cut_link();
    kit_restore_link();
    kit_expect_leafs(1, "how long does the server wait between two attempts? "
                        "leafnodes has `reconnect` for that");
    kit_expect_replies(kit_ask("room.where", "where?"), 2, NULL);
    kit_expect_replies(kit_ask_island("room.where", "where?"), 2, NULL);
}
