/* Which way messages go: tests/programs/traced.conf. */
#include "kit/kit.h"

#include <string.h>

TestSuite(trace, .init = kit_begin, .fini = kit_end);

static const struct kit_login guest = {.user = "guest", .password = "guest"};

static struct kit_server *join(void)
{
    struct kit_server *island = kit_start_server();

    kit_expect_joined(island, NULL);
    kit_untap();
    return island;
}

Test(trace, a_request_goes_to_the_nearest_member_of_a_queue_group)
{
    struct kit_server *server = join();
    struct kit_place *island = kit_at(server);

    cr_assert_eq(kit_trace_at(island, "where", "").count, 1);
    kit_serve("where", "members", kit_say, "hub");
    kit_expect_delivery(island, "where", "room", 1, NULL);
    kit_expect_hops(island, "where", "out", "leaf", 1, NULL);
    kit_serve_at(island, "where", "members", kit_say, "island");
    kit_expect_delivery(island, "where", "island", 1, "is it the nearest?");
    kit_expect_hops(island, "where", "out", "leaf", 0, NULL);
    kit_expect_delivery(kit_room(), "where", "room", 1, NULL);
    kit_serve_no_more("where");
    kit_expect_delivery(kit_room(), "where", "island", 1, NULL);
    kit_serve_no_more_at(island, "where");
    kit_expect_hops(island, "where", "out", NULL, 0, NULL);
}

Test(trace, a_hop_tells_names_subjects_queues_and_accounts)
{
    struct kit_server *server = join();
    struct kit_place *island = kit_at(server);

    kit_serve_at(island, "where.*", "members", kit_say, "island");
    kit_expect_delivery(kit_room(), "where.now", "island", 1, NULL);
    struct kit_trace trace = kit_trace_at(kit_room(), "where.now", "");
    const struct kit_hop *in = kit_trace_find(&trace, "in", "client");
    const struct kit_hop *leaf = kit_trace_find(&trace, "in", "leaf");
    const struct kit_hop *out = kit_trace_find(&trace, "out", "client");
    cr_assert(in && leaf && out, "%s", kit_trace_describe(&trace));
    cr_assert_str_eq(in->cluster, "room");
    cr_assert_str_eq(in->subject, "where.now");
    cr_assert_str_eq(in->name, "kit");
    cr_assert_str_eq(leaf->server, "island");
    cr_assert_str_eq(leaf->account, "ISLAND");
    cr_assert_str_eq(out->subject, "where.*");
    cr_assert_str_eq(out->queue, "members");
    cr_assert_str_eq(out->error, "");
    cr_assert_null(kit_trace_find(&trace, "mapping", NULL));
    cr_assert_null(kit_trace_find(&trace, "out", "gateway"));
}

Test(trace, the_tap_is_no_part_of_the_way)
{
    struct kit_trace trace = kit_trace_at(kit_room(), "anything", "");

    cr_assert_eq(kit_trace_count(&trace, "out", "client"), 0);
    kit_serve("anything", NULL, kit_say, "hi");
    kit_expect_delivery(kit_room(), "anything", "room", 1, NULL);
    cr_assert_eq(kit_tapped("anything"), 0);
}

Test(trace, weights_of_a_mapping_are_counted)
{
    struct kit_place *island = kit_at(join());
    size_t canary = 0;

    for (int i = 0; i < 200; i++) {
        struct kit_trace trace = kit_trace_at(island, "price", "");
        const struct kit_hop *mapping = kit_trace_find(&trace, "mapping", NULL);
        if (mapping == NULL)
            kit_fail("a mapping", "is there one?", "%s",
                     kit_trace_describe(&trace));
        canary += strcmp(mapping->subject, "price.canary") == 0;
    }
    if (canary < 60 || canary > 140)
        kit_fail("about 100 of 200 go to the canary", NULL, "%zu", canary);
}

Test(trace, a_stream_is_on_the_way)
{
    struct kit_place *island = kit_at(join());

    kit_add_stream_at(island, "orders", "orders.>", 1);
    kit_expect_hops(island, "orders.7", "stream", NULL, 1, NULL);
    kit_expect_hops(kit_room(), "orders.7", "stream", NULL, 1,
                    "is the link open both ways?");
    struct kit_trace trace = kit_trace_at(kit_room(), "orders.7", "");
    const struct kit_hop *hop = kit_trace_find(&trace, "stream", NULL);
    cr_assert_str_eq(hop->stream, "orders");
    cr_assert_str_eq(hop->server, "island");
    cr_assert_eq(kit_stream_state_at(island, "orders").messages, 0);
    kit_add_stream("readings", "readings.>", 3);
    kit_expect_hops(kit_room(), "readings.7", "stream", NULL, 1, NULL);
}

Test(trace, an_import_is_crossed_where_it_may_be_traced)
{
    struct kit_server *server = join();
    struct kit_place *island = kit_at(server);
    struct kit_place *other = kit_log_in(server, guest);

    kit_serve_at(island, "echo", NULL, kit_say, "hi");
    kit_serve_at(island, "hidden", NULL, kit_say, "hi");
    kit_expect_hops(other, "island.echo", "import", NULL, 1,
                    "does the export allow tracing?");
    kit_expect_delivery(other, "island.echo", "island", 1, NULL);
    struct kit_trace trace = kit_trace_at(other, "island.echo", "");
    const struct kit_hop *hop = kit_trace_find(&trace, "import", NULL);
    cr_assert_str_eq(hop->account, "ISLAND");
    cr_assert_str_eq(hop->subject, "echo");
    kit_expect_hops(other, "hidden", "out", "client", 0, NULL);
}
