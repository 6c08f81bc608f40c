/* The room's orders: what is stored, stays; what is processed, is once. */
#include "kit/kit.h"

TestSuite(streams, .init = kit_begin, .fini = kit_end);

#define TEA "orders.rome.tea"
#define PROCESSOR "rome_tea_processor"
#define ORDER "{\"id\":\"%s\",\"sku\":\"tea\",\"quantity\":1}"

static const char prints[] = "does it print one line an order, its id?";
static const char acks[] = "does natsMsg_AckSync follow each print, at once?";
static const char left[] = "does a fetch that got nothing end it too early?";
static const char more[] = "does it go on after a batch, kept at the end?";
static const char duplicate[] = "does the jsPubAck say Duplicate?";
static const char again[] = "is it tried again whatever js_Publish returns?";

/* Orders, and their ids. The one after the first `held` fills a pipe. */
static const char *const *place(const char *subject, size_t count, size_t held)
{
    kit_add_stream("orders", "orders.>", 1);
    return kit_fill_stream("orders", subject, ORDER,
                           kit_random_lines(count, held));
}

Test(streams, create_makes_the_stream_orders)
{
    kit_expect_success(kit_start("create"));
    kit_expect_lasting_stream("orders", "orders.>", "is js_AddStream called?");
    kit_fill_stream("orders", TEA, ORDER, kit_random_lines(1, 0));
    kit_expect_success(kit_start("create"));
    kit_expect_stored("orders", 1, "does create spare what is there?");
}

Test(streams, publish_stores_each_order_once)
{
    kit_add_stream("orders", "orders.>", 1);
    struct kit_program *one = kit_start_brief("publish", "rome", "tea", "1");
    kit_expect_success(one);
    kit_assert_line_count(one, "…", 1, "does store end once it is stored?");
    if (kit_tapped(TEA) == 1) /* sent again, it may be told a duplicate */
        kit_assert_output(one, "stored rome.tea.1\n", duplicate);
    kit_expect_question(TEA, "is it js_Publish, to the order's subject?");
    struct kit_program *two = kit_start_brief("publish", "rome", "tea", "12");
    kit_expect_success(two);
    kit_expect_stored("orders", 12,
                      "is opts.MsgId the order's own id? Are they COUNT?");
    kit_expect_line(two, "duplicate rome.tea.1", duplicate);
    kit_assert_stored_json("orders", 2, {"id", "rome.tea.2", "1 to COUNT?"},
                           {"sku", "tea", NULL}, {"quantity", ">= 1", NULL});
    kit_expect_success(kit_start("publish", "rome", "coffee", "1"));
    kit_expect_success(kit_start("publish", "berlin", "tea", "1"));
    kit_expect_stored("orders", 14, "is a MsgId another order's as well?");
}

Test(streams, process_prints_each_order_and_acknowledges_it)
{
    place("orders.berlin.tea", 5, 0);
    const char *const *ids = place(TEA, 13, 9);
    struct kit_program *run = kit_start_brief("process", "rome", "tea", "4");
    kit_expect_durable("orders", PROCESSOR, TEA);
    kit_expect_exit(run, 0, acks);
    kit_expect_consumer("orders", PROCESSOR, {"num_pending", "0", more},
                        {"num_ack_pending", "0", acks});
    kit_assert_each_once(ids, 13, prints);
    kit_expect_stored("orders", 18, "does process leave the orders there?");
    kit_assert_json(kit_tapped_message("$JS.API.CONSUMER.MSG.NEXT.>", 0),
                    {"batch", "<= 4", "does Fetch ask for a batch of BATCH?"});
}

Test(streams, what_is_no_order_is_terminated)
{
    kit_add_stream("orders", "orders.>", 1);
    kit_publish("orders.berlin.tea", "rubbish");
    kit_publish("orders.berlin.tea", "{\"id\":7}");
    const char *const *ids = place("orders.berlin.tea", 3, 0);
    struct kit_program *run = kit_start_brief("process", "berlin", "tea");
    kit_expect_messages("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>", 2,
                        "is it natsMsg_Term? Else it comes again for ever");
    kit_expect_success(run);
    kit_expect_complaint(run, "…", "does it say so on stderr?");
    kit_assert_each_once(ids, 3, "are the orders after it processed?");
}

Test(streams, what_fails_ends_with_status_1_and_wrong_usage_with_2)
{
    kit_expect_usage_error("COUNT is 0", "publish", "rome", "tea", "0");
    kit_expect_one_token("SKU", "process", "rome", kit_each);
    kit_expect_no_server("create");
    kit_expect_exit(kit_start("process", "rome", "tea"), 1,
                    "does open_consumer return the status of js_AddConsumer?");
    kit_add_stream("orders", "room.orders", 1);
    kit_expect_exit(kit_start("create"), 1, "does create return its status?");
}

Test(streams, two_processors_share_the_orders)
{
    const char *const *ids = place(TEA, 40, 3);
    struct kit_program *one = kit_hold(3, "process", "rome", "tea", "5");
    struct kit_program *two = kit_start_brief("process", "rome", "tea", "5");
    kit_expect_line(two, "…", "are orders left for another who asks as well?");
    kit_release_output(one);
    kit_expect_success(one);
    kit_expect_success(two);
    kit_assert_each_once(ids, 40, "do both ask the same consumer?");
}

Test(streams, no_order_is_lost_when_a_processor_is_killed)
{
    const char *const *ids = place(TEA, 8, 3);
    struct kit_program *run = kit_hold(3, "process", "rome", "tea", "8");
    kit_expect_consumer("orders", PROCESSOR,
                        {"ack_floor.stream_seq", ">= 3", acks});
    kit_kill(run);
    kit_be_patient(KIT_ELECTION_MS);
    run = kit_must_run(kit_start("process", "rome", "tea"), left);
    kit_expect_consumer("orders", PROCESSOR, {"num_pending", "0", left});
    kit_expect_more_messages("$JS.API.CONSUMER.>", 6, left);
    kit_stop_by(run, SIGTERM);
    kit_expect_consumer("orders", PROCESSOR, {"num_waiting", "0", NULL});
    kit_redeliver("orders", PROCESSOR);
    kit_expect_success(kit_start("process", "rome", "tea"));
    kit_assert_each_once(ids, 8, acks);
}

Test(streams, publish_tries_again_whatever_fails)
{
    kit_expect_retries("orders", TEA, 12, again, "publish", "rome", "tea", "1");
}

Test(streams, publish_tries_again_while_the_stream_has_no_leader)
{
    kit_use_private_cluster();
    kit_add_stream("orders", "orders.>", 3);
    const char *leader = kit_freeze_leader("orders");
    struct kit_program *run = kit_start("publish", "rome", "tea", "9");
    kit_must_run(run, again);
    kit_expect_again(TEA, "is opts.MaxWait STORE_MS, in milliseconds?");
    kit_node_stop(leader, SIGTERM);
    kit_be_patient(KIT_ELECTION_MS);
    kit_expect_exit(run, 0, "does the loop in store take the new status?");
    kit_expect_stream("orders",
                      {"state.messages", "<= 10", "a new message id?"},
                      {"state.messages", ">= 9", "is each of them stored?"});
}
