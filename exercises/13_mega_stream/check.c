/* Islands that go on alone, and a stream on the hub that has all their orders. */
#include "kit/kit.h"

#include <string.h>

TestSuite(mega_stream, .init = kit_begin, .fini = kit_end);

#define MEGA "global_orders"
#define ORDER "orders.berlin.tea"

static const char denied[] = "is more denied than orders.> and secret.>?";
static const char kept[] = "is there a limit? Orders beyond it get lost";
static const char changed[] = "is the rest of the configuration as it was?";
static const char asked[] = "is the island asked first, in its own domain?";
static const char once[] = "is each order stored once, by its source?";
static const char other[] = "is it its APIPrefix? js_UpdateStream does not know Domain";
static const char islands[] = "is the island a source, beside those before it?";
static const char crosses[] = "is it in both lists of the remote, with > at the "
                              "end? deny_imports: from the hub; deny_exports: "
                              "to it";

/* An island with a stream of its own, that is joined to the hub. */
static struct kit_server *start_island(const char *domain)
{
    struct kit_server *island =
        kit_launch_server(domain, kit_variable("DOMAIN", domain));

    kit_expect_joined(island, NULL);
    kit_add_stream_at(kit_at(island), "orders", "orders.>", 1);
    return island;
}

/* Orders on the island, one after the other, up to (not including) end. */
static void place_orders(struct kit_server *island, const char *const orders[],
                         size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        kit_request_at(kit_at(island), ORDER, orders[i]);
}

/* The hub's stream, made by somebody else, with this island as its source. */
static void add_mega_stream(const char *domain, const char *more)
{
    const char *config = kit_text("{\"name\":\"" MEGA "\",\"retention\":"
                                  "\"limits\",\"storage\":\"file\",\"sources\":"
                                  "[{\"name\":\"orders\",\"external\":{\"api\":"
                                  "\"$JS.%s.API\"}}],%s}",
                                  domain, more);
    kit_request("$JS.API.STREAM.CREATE." MEGA, config);
    kit_expect_stream(MEGA, {"config.sources.#", "1", NULL});
}

Test(mega_stream, the_file_has_no_syntax_error)
{
    kit_assert_config_with(kit_variable("DOMAIN", "berlin"));
}

Test(mega_stream, each_island_has_JetStream_in_a_domain_of_its_own)
{
    for (int i = 0; i < 2; i++) {
        const char *domain = kit_random_word();
        struct kit_server *island =
            kit_launch_server(domain, kit_variable("DOMAIN", domain));
        kit_expect_monitored(island, "/jsz", "config.domain", domain,
                             "is domain $DOMAIN, in the block jetstream?");
        kit_expect_monitored(island, "/jsz", "config.store_dir",
                             kit_text("%s/jetstream", island->store),
                             "is store_dir $STORE? Each island has its own");
        kit_expect_monitored(island, "/varz", "server_name", domain, NULL);
        kit_expect_joined(island, NULL);
    }
}

/* What is published on one side of the link isn't heard on the other. */
static void expect_kept(struct kit_place *from, struct kit_place *to,
                        const char *subject, const char *seen)
{
    size_t before = kit_tapped_at(to, subject);

    kit_publish_at(from, subject, "x", 1);
    kit_settle();
    if (kit_tapped_at(to, subject) > before)
        kit_fail("what is published on orders.> or secret.> stays on its side",
                 crosses, "%s", kit_text(seen, subject));
}

Test(mega_stream, services_cross_the_link_but_orders_and_secrets_do_not)
{
    struct kit_server *island = start_island(kit_random_word());
    struct kit_place *here = kit_at(island), *hub = kit_room();

    kit_serve("room.hub", NULL, kit_say, "the hub");
    kit_serve_at(here, "room.island", NULL, kit_say, "the island");
    kit_expect_answer("room.island", "", "the island", denied);
    kit_expect_answer_at(here, "room.hub", "", "the hub", denied);
    kit_publish(ORDER, "x");
    kit_settle();
    kit_assert_json(kit_request_at(here, ORDER, "x").list,
                    {"seq", "1", "has the island stored an order of the hub?"});
    kit_tap_at(here);
    expect_kept(hub, here, ORDER, "%s of the hub is heard on the island");
    expect_kept(here, hub, ORDER, "%s of the island is heard on the hub");
    expect_kept(hub, here, "secret.a.b", "%s of the hub, on the island");
    expect_kept(here, hub, "secret.a.b", "%s of the island, on the hub");
}

Test(mega_stream, add_makes_an_island_the_source_of_global_orders)
{
    const char *domain = kit_random_word();
    const char *const *orders = kit_random_lines(6, 0);
    struct kit_server *island = start_island(domain);

    kit_by_hand("stream info " MEGA);
    place_orders(island, orders, 0, 3);
    kit_expect_success(kit_start("add", domain));
    kit_expect_stream(
        MEGA, {"config.name", MEGA, "does add call js_AddStream?"},
        {"config.mirror", "", "a mirror has one origin; use a source"},
        {"config.subjects", "", "it has sources. With subjects as well, it "
                                "stores what others publish there, too"},
        {"config.sources.#", "1", "is the island in Sources?"},
        {"config.sources.0.name", "orders", "is Name that of its stream?"},
        {"config.sources.0.external.api", kit_text("$JS.%s.API", domain),
         "is External's APIPrefix the island's, $JS.DOMAIN.API?"},
        {"config.storage", "file", "is Storage js_FileStorage?"},
        {"config.num_replicas", "3", "is Replicas set?"},
        {"config.max_msgs", "-1", kept}, {"config.max_age", "0", kept},
        {"config.retention", "limits", kept});
    kit_expect_stored(MEGA, 3, "do orders of before come along?");
    place_orders(island, orders, 3, 6);
    kit_expect_failure(kit_start_brief("add", domain), 1, "…",
                       "it is a source already: does add return the status of js_UpdateStream?");
    kit_expect_stream(MEGA, {"config.sources.#", "1", "is it added again?"});
    kit_expect_in_order(MEGA, orders, "are they copied by the source alone?");
    kit_expect_stored(MEGA, 6, NULL);
}

Test(mega_stream, add_adds_to_the_islands_that_are_there)
{
    const char *one = kit_random_word(), *two = kit_random_word();
    const char *const *orders = kit_random_lines(4, 0);
    struct kit_server *first = start_island(one), *second = start_island(two);

    add_mega_stream(one, "\"description\":\"ours\",\"max_age\":3600000000000,"
                         "\"metadata\":{\"of\":\"all\"}");
    place_orders(second, orders, 0, 2);
    kit_expect_success(kit_start("add", two));
    kit_expect_stream(MEGA, {"config.sources.#", "2", islands},
                      {"config.description", "ours", changed},
                      {"config.max_age", "3600000000000", changed},
                      {"config.metadata.of", "all", changed},
                      {"config.num_replicas", "1", changed});
    kit_expect_stored(MEGA, 2, other);
    place_orders(first, orders, 2, 4);
    kit_expect_in_order(MEGA, orders, islands);
    kit_expect_stored(MEGA, 4, NULL);
}

Test(mega_stream, each_order_arrives_once_and_in_order_though_a_link_was_cut)
{
    const char *one = kit_random_word(), *two = kit_random_word();
    const char *const *first = kit_random_lines(9, 0);
    const char *const *second = kit_random_lines(9, 0);
    struct kit_server *near = start_island(one), *far = start_island(two);

    add_mega_stream(one, "\"max_age\":0");
    place_orders(near, first, 0, 4);
    place_orders(far, second, 0, 4);
    kit_expect_success(kit_start("add", two));
    kit_expect_stored(MEGA, 8, islands);
    kit_cut_link(far);
    kit_expect_monitored(far, "/leafz", "leafnodes", "0", NULL);
    place_orders(far, second, 4, 8);
    place_orders(near, first, 4, 8);
    kit_expect_stored(MEGA, 12, islands);
    kit_restore_link(far);
    kit_expect_joined(far, NULL);
    kit_expect_stored(MEGA, 16, "does the source go on where it was?");
    place_orders(far, second, 8, 9);
    place_orders(near, first, 8, 9);
    kit_expect_in_order(MEGA, first, once);
    kit_expect_in_order(MEGA, second, once);
    kit_expect_stored(MEGA, 18, once);
}

Test(mega_stream, what_cannot_be_a_source_is_refused)
{
    const char *bare = kit_random_word();

    kit_expect_one_token("DOMAIN", "add", kit_each);
    kit_expect_joined(kit_launch_server(bare, kit_variable("DOMAIN", bare)),
                      NULL);
    kit_untap();
    kit_expect_failure(kit_start_brief("add", kit_random_word()), 1, "…", asked);
    kit_expect_failure(kit_start_brief("add", bare), 1, "…", asked);
    if (kit_stream_state(MEGA).exists)
        kit_fail("no stream " MEGA " after that", asked, "there is one");
}

Test(mega_stream, list_tells_of_each_island_how_far_behind_it_is)
{
    const char *domain = kit_random_word();
    struct kit_server *island = start_island(domain);

    kit_expect_failure(kit_start_brief("list"), 1, "…",
                       "does list return the status of js_GetStreamInfo?");
    place_orders(island, kit_random_lines(6, 0), 0, 6);
    add_mega_stream(domain, "\"max_msgs\":2,\"discard\":\"new\"");
    kit_expect_stream(MEGA, {"sources.0.lag", ">= 1", NULL});
    struct kit_program *run = kit_start_brief("list");
    kit_expect_success(run);
    const char *lag = kit_json_value(kit_request("$JS.API.STREAM.INFO." MEGA, "").list->data, "sources.0.lag");
    kit_assert_line_count(run, kit_text("%s: lag %s, active «ms:[0-9]{1,4}» ms ago", domain, lag), 1, "is it Lag, and Active, in nanoseconds, of its jsStreamSourceInfo?");
}
