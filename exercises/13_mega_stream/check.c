/* Islands that go on alone, and a stream on the hub that has all their orders.
 */
#include "kit/kit.h"

TestSuite(mega_stream, .init = kit_begin, .fini = kit_end);

#define MEGA "global_orders"
#define ORDER "orders.berlin.tea"

static const char denied[] = "is more denied than orders.> and secret.>?";
static const char crosses[] = "is it in both lists? deny_imports: what the hub "
                              "publishes; deny_exports: what the island does";
static const char kept[] = "is there a limit? Orders beyond it get lost";
static const char looks[] = "is the island asked for its stream first, with "
                            "its Domain in jsOptions?";
static const char more[] = "does extend list the sources that are there, and "
                           "then the new one?";
static const char changed[] = "does extend change a copy of the configuration, "
                              "and nothing of it but the sources?";
static const char arrives[] = "is it in the source's External? js_UpdateStream "
                              "ignores Domain (nats.c 3.14)";
static const char once[] = "is it the source alone that copies orders?";

static struct kit_server *start_island(const char *domain)
{
    struct kit_server *island = kit_launch_island(domain);

    kit_add_stream_at(kit_at(island), "orders", "orders.>", 1);
    return island;
}

static void place(struct kit_server *island, const char *const orders[],
                  size_t count)
{
    kit_store_at(kit_at(island), ORDER, orders, count);
}

/* Makes global_orders, with one source. It has one replica: with three, all
 * sources are set up anew some time later. */
static void make_mega_stream(const char *domain, const char *config)
{
    kit_request("$JS.API.STREAM.CREATE." MEGA,
                kit_text("{\"name\":\"" MEGA "\",\"retention\":\"limits\","
                         "\"storage\":\"file\",%s,\"sources\":[{\"name\":"
                         "\"orders\",\"external\":{\"api\":\"$JS.%s.API\"}}]}",
                         config, domain));
    kit_expect_stream(MEGA, {"config.sources.#", "1", NULL});
}

static void expect_listed(struct kit_program *list, const char *domain,
                          const char *lag)
{
    kit_expect_success(list);
    kit_assert_line_count(
        list, kit_text("%s: lag %s, active «N:[0-9]{1,4}» ms ago", domain, lag),
        1, "are Lag, and Active in milliseconds, printed for each source?");
}

Test(mega_stream, the_file_has_no_syntax_error)
{
    kit_assert_config_with(kit_variable("DOMAIN", "berlin"));
}

Test(mega_stream, each_island_has_JetStream_in_a_domain_of_its_own)
{
    const char *domain = kit_random_word();
    struct kit_server *island =
        kit_launch_server(domain, kit_variable("DOMAIN", domain));

    kit_expect_monitored(island, "/jsz", "config.domain", domain,
                         "is domain $DOMAIN, in the block jetstream?");
    kit_expect_monitored(island, "/jsz", "config.store_dir",
                         kit_text("%s/jetstream", island->store),
                         "is store_dir $STORE, a folder for each island?");
    kit_expect_joined(island, NULL);
}

Test(mega_stream, services_cross_the_link_but_orders_and_secrets_do_not)
{
    struct kit_server *island = start_island(kit_random_word());
    struct kit_place *here = kit_at(island), *hub = kit_room();

    kit_serve("room.hub", NULL, kit_say, "the hub");
    kit_serve_at(here, "room.island", NULL, kit_say, "the island");
    kit_expect_answer("room.island", "", "the island", denied);
    kit_expect_answer_at(here, "room.hub", "", "the hub", denied);
    kit_tap_at(here);
    kit_assert_unheard_at(hub, here, ORDER, crosses);
    kit_assert_unheard_at(here, hub, ORDER, crosses);
    kit_assert_unheard_at(hub, here, "secret.a.b", crosses);
    kit_assert_unheard_at(here, hub, "secret.a.b", crosses);
}

Test(mega_stream, add_makes_an_island_the_source_of_global_orders)
{
    const char *domain = kit_random_word();
    const char *const *orders = kit_random_lines(6, 0);
    struct kit_server *island = start_island(domain);

    place(island, orders, 3);
    kit_expect_success(kit_start("add", domain));
    kit_expect_stream(
        MEGA, {"config.name", MEGA, "does create call js_AddStream?"},
        {"config.mirror", "", "a mirror copies one stream; use a source"},
        {"config.subjects", "",
         "with subjects it stores more than its sources"},
        {"config.sources.#", "1", "is the island a source, from the start?"},
        {"config.sources.0.name", "orders", "is Name the island's stream?"},
        {"config.sources.0.external.api", kit_text("$JS.%s.API", domain),
         "is External's APIPrefix the island's, $JS.DOMAIN.API?"},
        {"config.storage", "file", "is Storage js_FileStorage?"},
        {"config.num_replicas", "3", "is Replicas set?"},
        {"config.max_msgs", "-1", kept}, {"config.max_age", "0", kept});
    kit_expect_stored(MEGA, 3, "are the island's earlier orders left out?");
    kit_expect_failure(kit_start_brief("add", domain), 1, "…",
                       "it's a source already: does add return the status of "
                       "js_UpdateStream?");
    kit_expect_stream(MEGA, {"config.sources.#", "1", "is it added twice?"});
    place(island, orders + 3, 3);
    kit_expect_in_order(MEGA, orders, once);
    kit_expect_stored(MEGA, 6, once);
}

Test(mega_stream, add_adds_an_island_to_those_that_are_there)
{
    const char *one = kit_random_word(), *two = kit_random_word();
    const char *const *orders = kit_random_lines(4, 0);
    struct kit_server *first = start_island(one), *second = start_island(two);

    make_mega_stream(one, "\"description\":\"ours\",\"max_age\":3600000000000");
    place(second, orders, 2);
    kit_expect_success(kit_start("add", two));
    kit_expect_stream(MEGA, {"config.sources.#", "2", more},
                      {"config.description", "ours", changed},
                      {"config.max_age", "3600000000000", changed},
                      {"config.num_replicas", "1", changed});
    kit_expect_stored(MEGA, 2, arrives);
    place(first, orders + 2, 2);
    kit_expect_in_order(MEGA, orders, more);
    struct kit_program *list = kit_start("list");
    expect_listed(list, one, "0");
    expect_listed(list, two, "0");
}

Test(mega_stream, each_order_arrives_once_and_in_order_though_a_link_was_cut)
{
    const char *one = kit_random_word(), *two = kit_random_word();
    const char *const *near_orders = kit_random_lines(9, 0);
    const char *const *far_orders = kit_random_lines(9, 0);
    struct kit_server *near = start_island(one), *far = start_island(two);

    make_mega_stream(one, "\"max_age\":0");
    place(near, near_orders, 4);
    place(far, far_orders, 4);
    kit_expect_success(kit_start("add", two));
    kit_expect_stored(MEGA, 8, arrives);
    kit_cut_link(far);
    kit_expect_monitored(far, "/leafz", "leafnodes", "0", NULL);
    place(far, far_orders + 4, 4);
    place(near, near_orders + 4, 4);
    kit_expect_stored(MEGA, 12, more);
    kit_restore_link(far);
    kit_expect_joined(far, NULL);
    kit_expect_stored(MEGA, 16, "does the source go on where it was?");
    place(far, far_orders + 8, 1);
    place(near, near_orders + 8, 1);
    kit_expect_in_order(MEGA, far_orders, once);
    kit_expect_in_order(MEGA, near_orders, once);
    kit_expect_stored(MEGA, 18, once);
}

Test(mega_stream, what_cannot_be_a_source_is_refused)
{
    const char *bare = kit_random_word();

    kit_expect_one_token("DOMAIN", "add", kit_each);
    kit_launch_island(bare);
    kit_untap(); /* a tap would be a responder for domains that aren't there */
    kit_expect_failure(kit_start_brief("add", "atlantis"), 1, "…", looks);
    kit_expect_failure(kit_start_brief("add", bare), 1, "…", looks);
    if (kit_stream_state(MEGA).exists)
        kit_fail("no stream " MEGA, looks, "there is one");
}

Test(mega_stream, list_says_how_far_behind_each_island_is)
{
    const char *domain = kit_random_word();

    kit_expect_failure(kit_start_brief("list"), 1, "…",
                       "does list return the status of js_GetStreamInfo?");
    make_mega_stream("atlantis", "\"max_msgs\":2");
    kit_expect_printed(kit_start("list"), "atlantis: lag 0, never active\n",
                       "is Active less than 0 for an island never heard?");
    kit_request("$JS.API.STREAM.DELETE." MEGA, "");
    place(start_island(domain), kit_random_lines(9, 0), 9);
    make_mega_stream(domain, "\"max_msgs\":2,\"discard\":\"new\"");
    kit_expect_stream(MEGA, {"sources.0.lag", ">= 4", "it's full"});
    expect_listed(kit_start("list"), domain, "«N:[4-7]»");
}
