/* Questions about streams, and a leader that is stopped. */
#include "kit/kit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(stream, .init = kit_begin, .fini = kit_end);

/* The command succeeds; what it printed. */
static const char *run(const char *command)
{
    const char *said;

    if (kit_run(command, &said) != 0)
        kit_fail(command, NULL, "%s", said);
    return said;
}

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

Test(stream, what_it_shall_be_is_awaited)
{
    static const char format[] = "{\"line\":\"%s\",\"n\":7}";
    const char *const *lines = kit_random_lines(3, 0);

    kit_add_stream("orders", "orders.>", 1);
    kit_fill_stream("orders", "orders.one", format, lines);
    kit_expect_stream("orders", {"state.messages", "3", NULL},
                      {"config.num_replicas", "<= 1", NULL},
                      {"config.nothing|config.subjects.0", "orders.>", NULL},
                      {"config.nothing", "", NULL});
    kit_assert_stored_json("orders", 3, {"line", lines[2], NULL},
                           {"n", ">= 7", NULL});
    kit_run("nats consumer add orders taker --pull --defaults", NULL);
    kit_expect_consumer("orders", "taker", {"num_pending", "3", NULL});
    kit_ask("$JS.API.CONSUMER.MSG.NEXT.orders.taker", "");
    kit_expect_consumer("orders", "taker", {"num_ack_pending", "1", NULL});
    kit_expect_question("$JS.API.CONSUMER.MSG.NEXT.orders.taker", NULL);
    kit_publish("orders.one", kit_text(format, lines[0]));
    kit_expect_again("orders.one", NULL);
}

Test(stream, json_is_compared_by_values)
{
    static const char text[] = "{\"a\":{\"b\":[1,\"2\"]},\"c\":true} ";
    const char *seen = "";

    cr_assert_null(kit_json_difference(
        text, strlen(text),
        kit_values({"a.b.0", "1", NULL}, {"a.b.1", "2", NULL},
                   {"a.b.#", ">= 2", NULL}, {"c", "true", NULL}),
        &seen));
    cr_assert_not_null(kit_json_difference(
        text, strlen(text), kit_values({"a.b.1", ">= 2", NULL}), &seen));
    cr_assert_str_eq(seen, "a.b.1 2, not a number");
    cr_assert_not_null(kit_json_difference(
        text, strlen(text), kit_values({"a.x", "1", NULL}), &seen));
    cr_assert_str_eq(seen, "no a.x");
    cr_assert_not_null(kit_json_difference(
        text, sizeof(text), kit_values({"c", "true", NULL}), &seen));
    cr_assert_str_eq(seen, "JSON, and after it \"\\x00\"");
    cr_assert_not_null(
        kit_json_difference("{", 1, kit_values({"c", "", NULL}), &seen));
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
    run("nats stream add orders --subjects 'orders.>' --replicas 3 --defaults");
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

    kit_add_stream("orders", "orders.>", 1);
    run("nats consumer add orders taker --pull --defaults --wait 1h");
    kit_publish("orders.one", "1");
    kit_expect_stored("orders", 1, NULL);
    run(kit_text("%s --no-ack", next));
    kit_redeliver("orders", "taker");
    kit_assert_text(run(next), "1\n", NULL);
    kit_expect_consumer("orders", "taker", {"ack_floor.stream_seq", "1", NULL});
}

Test(stream, a_program_is_held_in_the_middle_of_a_line)
{
    struct kit_program *program = kit_start_held(2, "held");
    kit_expect_held(program, NULL);
    kit_kill(program);
    cr_assert_eq(kit_count_lines(program, "line «number:[0-9]*»"), 2);
    cr_assert_eq(kit_count_lines(program, "«x:x{5000}»"), 0);
}
