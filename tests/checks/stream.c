/* Questions about streams, and a leader that is stopped. */
#include "kit/kit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(stream, .init = kit_begin, .fini = kit_end);

Test(stream, it_tells_what_a_stream_is)
{
    cr_assert_not(kit_stream_state("orders").exists);
    kit_add_stream("orders", "orders.>", 3);
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

Test(stream, its_leader_stops_and_comes_back)
{
    kit_use_private_cluster();
    kit_add_stream("orders", "orders.>", 3);
    const char *leader = kit_stop_leader("orders", SIGTERM);
    kit_publish("orders.one", "1");
    kit_node_start(leader);
    kit_await_current("orders");
    cr_assert_eq(kit_stream_state("orders").current, 3);
}

Test(stream, a_new_cluster_places_three_replicas_at_once)
{
    kit_use_private_cluster();
    cr_assert_eq(kit_run("nats stream add orders --subjects 'orders.>' "
                         "--replicas 3 --defaults",
                         NULL),
                 0);
}

Test(stream, its_leader_freezes_and_dies)
{
    kit_use_private_cluster();
    kit_add_stream("orders", "orders.>", 3);
    const char *leader = kit_freeze_leader("orders");
    kit_publish("orders.one", "1");
    kit_expect_messages("orders.one", 1, NULL);
    cr_assert_null(strstr(getenv("NATS_URL"), kit_node_url(leader)));
    kit_node_stop(leader, SIGTERM);
    cr_assert_str_neq(kit_stream_state("orders").leader, leader);
}

Test(stream, what_is_not_acknowledged_is_given_out_again)
{
    const char *next = "nats consumer next --raw orders taker";
    const char *given;

    kit_add_stream("orders", "orders.>", 1);
    kit_run("nats consumer add orders taker --pull --defaults --wait 1h", NULL);
    kit_publish("orders.one", "1");
    kit_expect_stored("orders", 1, NULL);
    kit_run(kit_text("%s --no-ack", next), NULL);
    kit_redeliver("orders", "taker");
    cr_assert_eq(kit_run(next, &given), 0);
    cr_assert_str_eq(given, "1\n");
    cr_assert_eq(kit_consumer_state("orders", "taker").ack_floor, 1);
}

Test(stream, a_program_is_held_in_the_middle_of_a_line)
{
    kit_hold_output_after(2);
    struct kit_program *program = kit_start_alone();
    kit_expect_held(program, NULL);
    kit_kill(program);
    cr_assert_eq(kit_count_lines(program, "line «number:[0-9]*»"), 2);
    cr_assert_eq(kit_count_lines(program, "«x:x{5000}»"), 0);
}
