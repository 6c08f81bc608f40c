/* Islands that go on alone, and one stream that has all their orders. */
#include "kit/kit.h"

TestSuite(mega_stream, .init = kit_begin, .fini = kit_end);

#define MEGA "global_orders"
#define ORDER "orders.berlin.tea"

static const char denied[] = "is more denied than orders.> and secret.>?";
static const char crosses[] = "is it in deny_imports, and in deny_exports?";
static const char kept[] = "is there a limit? Orders beyond it get lost";
static const char looks[] = "is its stream asked for first, by opts.Domain?";
static const char more[] = "does extend keep the sources, and add one?";
static const char changed[] = "does extend change nothing but the sources?";
static const char arrives[] = "js_UpdateStream ignores Domain: use External";
static const char once[] = "is it the source alone that copies orders?";
static const char listed[] = "are Lag, and Active in ms, those of the source?";

Test(mega_stream, the_file_has_no_syntax_error)
{
    kit_assert_config_with(kit_variable("DOMAIN", "berlin"));
}

Test(mega_stream, an_island_has_JetStream_in_a_domain_of_its_own)
{
    const char *domain = kit_random_word();
    struct kit_server *island = kit_launch_island(domain, NULL);

    kit_expect_monitored(island, "/jsz", "config.domain", domain,
                         "is domain $DOMAIN, in the block jetstream?");
    kit_expect_monitored(island, "/jsz", "config.store_dir",
                         kit_text("%s/jetstream", island->store),
                         "is store_dir $STORE, a folder for each island?");
}

Test(mega_stream, services_cross_the_link_but_orders_and_secrets_do_not)
{
    struct kit_place *island = kit_at(kit_launch_island("berlin", "orders"));
    struct kit_place *hub = kit_room();

    kit_serve("room.hub", NULL, kit_say, "the hub");
    kit_serve_at(island, "room.island", NULL, kit_say, "the island");
    kit_expect_answer("room.island", "", "the island", denied);
    kit_expect_answer_at(island, "room.hub", "", "the hub", denied);
    kit_tap_at(island);
    kit_assert_unheard_at(hub, island, ORDER, crosses);
    kit_assert_unheard_at(island, hub, ORDER, crosses);
    kit_assert_unheard_at(hub, island, "secret.a.b", crosses);
    kit_assert_unheard_at(island, hub, "secret.a.b", crosses);
}

Test(mega_stream, add_makes_an_island_the_source_of_global_orders)
{
    const char *const *orders = kit_random_lines(6, 0);
    struct kit_place *island = kit_at(kit_launch_island("berlin", "orders"));

    kit_store_at(island, ORDER, orders, 3);
    kit_expect_exit(kit_start("add", "berlin"), 0, looks);
    kit_expect_stream(
        MEGA, {"config.name", MEGA, "does create call js_AddStream?"},
        {"config.mirror", "", "a mirror copies one stream; use a source"},
        {"config.subjects", "", "it stores what its sources have, no more"},
        {"config.sources.#", "1", "is the island a source, from the start?"},
        {"config.sources.0.name", "orders", "is Name the island's stream?"},
        {"config.sources.0.external.api", "$JS.berlin.API",
         "is it External's APIPrefix, and the island's, $JS.DOMAIN.API?"},
        {"config.storage", "file", "is Storage js_FileStorage?"},
        {"config.num_replicas", "3", "is Replicas set?"},
        {"config.max_msgs", "-1", kept}, {"config.max_age", "0", kept});
    kit_expect_stored(MEGA, 3, "are the island's earlier orders left out?");
    kit_store_at(island, ORDER, orders + 3, 3);
    kit_expect_in_order_at(kit_room(), MEGA, orders, once);
    kit_expect_stored(MEGA, 6, once);
}

Test(mega_stream, add_adds_an_island_to_those_that_are_there)
{
    struct kit_place *oslo = kit_at(kit_launch_island("oslo", "orders"));

    kit_add_sourced_at(kit_room(), MEGA, "orders", "atlantis",
                       "\"max_age\":86400000000000");
    kit_store_at(oslo, ORDER, kit_random_lines(2, 0), 2);
    kit_expect_success(kit_start("add", "oslo"));
    kit_expect_stream(MEGA, {"config.sources.#", "2", more},
                      {"config.max_age", "86400000000000", changed},
                      {"config.num_replicas", "1", changed});
    kit_expect_stored(MEGA, 2, arrives);
    struct kit_program *list = kit_start("list");
    kit_expect_success(list);
    kit_assert_line_count(list, "atlantis: lag 0, never active", 1, listed);
    kit_assert_line_count(list, "oslo: lag 0, active «N:[0-9]{1,4}» ms ago", 1,
                          listed);
    kit_expect_failure(kit_start_brief("add", "oslo"), 1, "…",
                       "added twice, does js_UpdateStream's status count?");
}

Test(mega_stream, each_order_arrives_once_and_in_order_though_a_link_was_cut)
{
    const char *const *ones = kit_random_lines(9, 0);
    const char *const *twos = kit_random_lines(9, 0);
    struct kit_server *far = kit_launch_island("berlin", "orders");
    struct kit_place *near = kit_at(kit_launch_island("oslo", "orders"));

    kit_add_sourced_at(kit_room(), MEGA, "orders", "berlin", NULL);
    kit_store_at(kit_at(far), ORDER, ones, 4);
    kit_store_at(near, ORDER, twos, 4);
    kit_expect_stored(MEGA, 4, NULL);
    kit_cut_link(far);
    kit_expect_monitored(far, "/leafz", "leafnodes", "0", NULL); /* it knows */
    kit_store_at(kit_at(far), ORDER, ones + 4, 4);
    kit_expect_success(kit_start("add", "oslo"));
    kit_expect_stored(MEGA, 8, "is it the same stream, with one more source?");
    kit_store_at(near, ORDER, twos + 4, 4);
    kit_restore_link(far);
    kit_expect_joined(far, NULL);
    kit_expect_stored(MEGA, 16, "is the first island still a source?");
    kit_store_at(kit_at(far), ORDER, ones + 8, 1);
    kit_store_at(near, ORDER, twos + 8, 1);
    kit_expect_in_order_at(kit_room(), MEGA, ones, once);
    kit_expect_in_order_at(kit_room(), MEGA, twos, once);
    kit_expect_stored(MEGA, 18, once);
}

Test(mega_stream, what_cannot_be_a_source_is_refused)
{
    kit_expect_one_token("DOMAIN", "add", kit_each);
    kit_launch_island("berlin", NULL);
    kit_untap(); /* a tap would be a responder for domains that aren't there */
    kit_expect_failure(kit_start_brief("add", "atlantis"), 1, "…", looks);
    kit_expect_failure(kit_start_brief("add", "berlin"), 1, "…", looks);
    if (kit_stream_state(MEGA).exists)
        kit_fail("no stream " MEGA, looks, "there is one");
}

Test(mega_stream, list_says_how_far_behind_an_island_is)
{
    const char *const *orders = kit_random_lines(9, 0);

    kit_expect_failure(kit_start_brief("list"), 1, "…",
                       "does list return js_GetStreamInfo's status?");
    kit_store_at(kit_at(kit_launch_island("oslo", "orders")), ORDER, orders, 9);
    kit_add_sourced_at(kit_room(), MEGA, "orders", "oslo",
                       "\"max_msgs\":2,\"discard\":\"new\"");
    kit_expect_stream(MEGA, {"sources.0.lag", ">= 4", "full, it stays behind"});
    struct kit_program *list = kit_start("list");
    kit_expect_success(list);
    kit_expect_line(list, "oslo: lag «N:[4-7]», active «N:[0-9]{1,4}» ms ago",
                    listed);
}
