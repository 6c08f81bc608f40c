/* The room's orders: what is stored, stays; what is processed, is once. */
#include "kit/kit.h"

#include <cjson/cJSON.h>
#include <signal.h>
#include <string.h>

TestSuite(streams, .init = kit_begin, .fini = kit_end);

#define MANY 120 /* with long ids more than a held output takes */
#define LONG 2000
#define PUBLISHED 400
#define ELECTION_MS 15000
#define STALLED 8 /* looks at a consumer, in which nothing has moved */

static const char acks[] =
    "is each order acknowledged, by natsMsg_AckSync, after it is printed?";
static const char none_lost[] =
    "an order that is acknowledged before it is printed is lost if the program "
    "dies between the two";

/* Runs the program to its end, which is success. */
#define run(...) expect_success(kit_start(__VA_ARGS__))
static struct kit_program *expect_success(struct kit_program *program)
{
    kit_expect_exit(program, 0,
                    "does the command end by itself, with success? `process` "
                    "goes on until each order is acknowledged, by "
                    "natsMsg_AckSync, after it is printed.");
    return program;
}

/* Then all nodes know of its subject, too. */
static void create_stream(void)
{
    run("create");
    kit_settle();
}

/* Places orders, as somebody else may, and returns their ids. */
static const char *const *place(const char *franchise, const char *sku,
                                int count, int id_length)
{
    static const char *ids[MANY];
    uint64_t before = kit_stream_state("orders").messages;

    for (int i = 0; i < count; i++) {
        ids[i] = kit_text("%s-%0*d", kit_random_word(), id_length, i);
        kit_publish(kit_text("orders.%s.%s", franchise, sku),
                    kit_text("{\"id\":\"%s\",\"sku\":\"%s\",\"quantity\":%d}",
                             ids[i], sku, i + 1));
    }
    kit_expect_stored("orders", before + (uint64_t)count, NULL);
    kit_await_current("orders");
    return ids;
}

static void expect_order(uint64_t sequence, const char *franchise,
                         const char *sku)
{
    struct kit_message order = kit_stream_message("orders", sequence);
    const char *id = kit_text("%s.%s.%d", franchise, sku, (int)sequence);
    cJSON *json = cJSON_ParseWithLength(order.data, order.length);
    const char *has_id = cJSON_GetStringValue(cJSON_GetObjectItem(json, "id"));
    const char *has_sku =
        cJSON_GetStringValue(cJSON_GetObjectItem(json, "sku"));

    if (has_id == NULL || strcmp(has_id, id) != 0 || has_sku == NULL ||
        strcmp(has_sku, sku) != 0 ||
        !cJSON_IsNumber(cJSON_GetObjectItem(json, "quantity")))
        kit_fail(
            kit_text("{\"id\":\"%s\",\"sku\":\"%s\",\"quantity\":1}", id, sku),
            "is the order JSON, with these three?", "%s",
            kit_quote(order.data, order.length));
    cJSON_Delete(json);
}

Test(streams, create_makes_the_stream_orders)
{
    kit_by_hand("stream info orders");
    for (int i = 0; i < 2; i++) {
        run("create");
        struct kit_stream_state state = kit_stream_state("orders");
        if (!state.exists)
            kit_fail("a stream called orders", "does create call js_AddStream?",
                     "no such stream");
        if (strcmp(state.subjects, "orders.>") != 0)
            kit_fail("the subjects orders.>",
                     "what are Subjects, and how "
                     "many (SubjectsLen)?",
                     "%s", state.subjects);
        if (!state.in_files || state.replicas != 3)
            kit_fail("three replicas, in files",
                     "are Storage and Replicas set? In memory, or on one "
                     "server, orders would end with it.",
                     "%d, in %s", state.replicas,
                     state.in_files ? "files" : "memory");
    }
}

Test(streams, publish_stores_each_order_once)
{
    const char *franchise = kit_random_word(), *sku = kit_random_word();
    const char *id = kit_text("%s.%s", franchise, sku);

    kit_by_hand("stream view orders");
    create_stream();
    struct kit_program *first = run("publish", franchise, sku, "2");
    kit_expect_stored("orders", 2,
                      "does store publish each order, to orders.FRANCHISE.SKU, "
                      "and with a message id of its own?");
    expect_order(1, franchise, sku);
    expect_order(2, franchise, sku);
    kit_expect_messages(kit_text("orders.%s", id), 2, NULL);
    if (kit_tapped_message(kit_text("orders.%s", id), 0)->reply[0] == '\0')
        kit_fail("an order that asks the stream for its answer",
                 "natsConnection_Publish does not wait until it is stored: is "
                 "it js_Publish?",
                 "a message without a reply subject");
    kit_assert_output(first, kit_text("stored %s.1\nstored %s.2\n", id, id),
                      "does store print what the stream answered?");

    struct kit_program *again = run("publish", franchise, sku, "3");
    kit_expect_stored("orders", 3,
                      "what the stream knows by its message id is "
                      "not stored again: is opts.MsgId the order's id?");
    kit_assert_output(again,
                      kit_text("duplicate %s.1\nduplicate %s.2\n"
                               "stored %s.3\n",
                               id, id, id),
                      "does the jsPubAck say Duplicate?");
}

Test(streams, process_prints_each_order_and_acknowledges_it)
{
    const char *franchise = kit_random_word(), *sku = kit_random_word();
    const char *durable = kit_text("%s_%s_processor", franchise, sku);

    kit_by_hand("consumer info orders %s", durable);
    create_stream();
    place(franchise, kit_random_word(), 5, 1);
    const char *const *ids = place(franchise, sku, 25, 1);

    struct kit_program *processor = kit_start("process", franchise, sku, "4");
    kit_expect_line(processor, ".*", "does process_order print the id?");
    kit_may_end(processor);
    struct kit_consumer_state state = kit_consumer_state("orders", durable);
    if (!state.exists || state.durable[0] == '\0')
        kit_fail(kit_text("the durable consumer %s", durable),
                 "is its name in config.Durable? By Name alone it would be "
                 "ephemeral: gone soon after the program.",
                 state.exists ? "one that is not durable"
                              : "none of that name");
    if (strcmp(state.filter, kit_text("orders.%s.%s", franchise, sku)) != 0)
        kit_fail(kit_text("a consumer of orders.%s.%s", franchise, sku),
                 "is config.FilterSubject set?", "one of %s",
                 state.filter[0] ? state.filter : "all orders");
    if (!state.explicit_acks)
        kit_fail("a consumer with explicit acks",
                 "is config.AckPolicy js_AckExplicit? Without, an order counts "
                 "as done when it is sent.",
                 "another ack policy");
    expect_success(processor);
    state = kit_consumer_state("orders", durable);
    if (state.pending > 0)
        kit_fail("all orders given out",
                 "does it go on after a batch? The consumer's info has "
                 "NumPending: how many nobody was given yet.",
                 "%d orders nobody was given", (int)state.pending);
    if (state.unacknowledged > 0)
        kit_fail("all orders acknowledged", acks, "%d are not",
                 (int)state.unacknowledged);
    kit_assert_each_once(ids, 25, 0,
                         "does it print one line an order, its id, "
                         "and all orders, a batch after the other?");
    run("process", franchise, sku);
    kit_assert_each_once(ids, 25, 0, acks);
}

Test(streams, what_is_no_order_is_terminated)
{
    kit_by_hand("pub orders.berlin.tea rubbish");
    create_stream();
    kit_publish("orders.berlin.tea", "rubbish");
    kit_publish("orders.berlin.tea", "{\"id\":7}");
    kit_expect_stored("orders", 2, NULL);
    const char *const *ids = place("berlin", "tea", 3, 1);
    struct kit_program *processor = kit_start("process", "berlin", "tea");
    kit_may_end(processor);
    kit_expect_messages("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>", 2,
                        "what is no order now, will not be later: is it "
                        "natsMsg_Term? Else it comes again for ever, or "
                        "counts as processed.");
    expect_success(processor);
    kit_expect_complaint(processor, ".+", "does it say so on stderr?");
    kit_assert_each_once(ids, 3, 0, "are the orders after it processed?");
}

Test(streams, without_a_stream_processing_fails)
{
    kit_expect_exit(kit_start("process", "berlin", "tea"), 1,
                    "does open_consumer return the status of js_AddConsumer?");
}

Test(streams, two_processors_share_the_orders)
{
    create_stream();
    const char *const *ids = place("berlin", "tea", 100, 1);
    struct kit_program *one = kit_start("process", "berlin", "tea", "5");
    struct kit_program *two = kit_start("process", "berlin", "tea", "5");
    kit_may_end(one);
    kit_may_end(two);
    expect_success(one);
    expect_success(two);
    kit_assert_each_once(ids, 100, 0, acks);
}

/* The processor's acks have come to a stop: it waits for its output to be read,
 * or else the machine is busy, which does not matter. */
static bool is_stalled(void *looks)
{
    static uint64_t floor;
    uint64_t now =
        kit_consumer_state("orders", "berlin_tea_processor").ack_floor;

    *(int *)looks = now > 0 && now == floor ? *(int *)looks + 1 : 0;
    floor = now;
    return *(int *)looks == STALLED;
}

Test(streams, no_order_is_lost_when_a_processor_is_killed)
{
    int looks = 0;

    kit_by_hand("consumer info orders berlin_tea_processor");
    create_stream();
    const char *const *ids = place("berlin", "tea", MANY, LONG);
    struct kit_program *killed = kit_start("process", "berlin", "tea", "100");
    kit_hold_output(killed);
    if (!kit_wait(is_stalled, &looks, KIT_DEADLINE_MS))
        kit_fail("some orders acknowledged, while others wait to be printed",
                 acks, "none");
    kit_kill(killed);
    kit_release_output(killed);
    run("process", "berlin", "tea", "100");
    kit_assert_each_once(ids, MANY, 1, none_lost);
}

/* Servers that have just begun refuse it while they have not heard of all. */
static bool makes_stream(void *unused)
{
    (void)unused;
    return kit_run("nats stream add orders --subjects 'orders.>' --replicas 3 "
                   "--defaults",
                   NULL) == 0;
}

static bool has_another_leader(void *stopped)
{
    const char *leader = kit_stream_state("orders").leader;

    return leader[0] != '\0' && strcmp(leader, stopped) != 0;
}

Test(streams, publish_goes_on_when_the_stream_has_a_new_leader)
{
    kit_use_private_cluster();
    if (!kit_wait(makes_stream, NULL, ELECTION_MS))
        kit_undecided("the private cluster does not make a stream");
    kit_settle();
    struct kit_program *publisher =
        kit_start("publish", "berlin", "tea", kit_text("%d", PUBLISHED));
    kit_expect_line(publisher, "stored berlin.tea.1", NULL);
    const char *stopped = kit_stop_leader("orders", SIGTERM);
    if (!kit_wait(has_another_leader, (void *)stopped, ELECTION_MS))
        kit_undecided("the stream did not get a new leader");
    kit_may_end(publisher);
    for (int n = 1; n <= 4; n++)
        kit_expect_line(publisher,
                        kit_text(".* berlin.tea.%d", PUBLISHED / 4 * n),
                        "while there is no leader js_Publish fails at once: is "
                        "it tried again, for RETRY_MS?");
    expect_success(publisher);
    kit_expect_stored("orders", PUBLISHED,
                      "is it tried again with the same id?");
}
