/* Questions about streams, and a leader that is stopped. */
#include "kit/kit.h"

#include <signal.h>

TestSuite(stream, .init = kit_begin, .fini = kit_end);

Test(stream, it_tells_what_a_stream_is)
{
    cr_assert_not(kit_stream_state("orders").exists);
    kit_run("nats stream add orders --subjects 'orders.>' --replicas 3 "
            "--defaults",
            NULL);
    kit_run("nats consumer add orders taker --pull --defaults "
            "--filter orders.one",
            NULL);
    kit_publish("orders.one", "1");
    kit_publish("orders.two", "2");
    kit_expect_stored("orders", 2, NULL);

    struct kit_stream_state state = kit_stream_state("orders");
    cr_assert_str_eq(state.subjects, "orders.>");
    cr_assert_eq(state.replicas, 3);
    cr_assert(state.in_files);
    cr_assert_eq(state.consumers, 1);

    struct kit_consumer_state taker = kit_consumer_state("orders", "taker");
    cr_assert_str_eq(taker.filter, "orders.one");
    cr_assert(taker.pull && taker.explicit_acks);
    cr_assert_eq(taker.pending, 1);
    cr_assert_str_eq(kit_stream_message("orders", 2).data, "2");
    cr_assert_null(kit_stream_message("orders", 3).data);
}

/* A cluster that is new may not know yet where to put three replicas. */
static bool add_orders(void *unused)
{
    (void)unused;
    return kit_run("nats stream add orders --subjects 'orders.>' "
                   "--replicas 3 --defaults",
                   NULL) == 0;
}

Test(stream, its_leader_stops_and_comes_back)
{
    kit_use_private_cluster();
    cr_assert(kit_wait(add_orders, NULL, 15000));
    const char *leader = kit_stop_leader("orders", SIGTERM);
    kit_publish("orders.one", "1");
    kit_node_start(leader);
    kit_await_current("orders");
    cr_assert_eq(kit_stream_state("orders").current, 3);
}
