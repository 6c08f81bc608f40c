/* The room's orders: what is stored, stays; what is processed, is once. */
#include "kit/kit.h"

#include <cjson/cJSON.h>
#include <signal.h>
#include <string.h>

TestSuite(streams, .init = kit_begin, .fini = kit_end);

#define MANY 40
#define PRINTED 3 /* lines, until the processor is killed */
#define LONG 5000 /* more than can be printed while nobody reads */
#define ACK_WAIT 5000
#define ELECTION_MS 15000

static const char acks[] =
    "is each order acknowledged, by natsMsg_AckSync, after it is printed?";

/* Runs the program to its end, which is success. */
#define run(...) expect_success(kit_start(__VA_ARGS__))
static struct kit_program *expect_success(struct kit_program *program)
{
    kit_expect_exit(program, 0,
                    "does the command end by itself, with success? Where it "
                    "does not, it says why on stderr.");
    return program;
}

static void expect_processed(struct kit_program *process)
{
    kit_expect_exit(process, 0,
                    "does `process` end by itself, with success? It goes on "
                    "until each order is acknowledged, by natsMsg_AckSync, "
                    "after it is printed.");
}

/* An order, as somebody else may place it. */
static void place_one(const char *franchise, const char *sku, const char *id)
{
    kit_publish(
        kit_text("orders.%s.%s", franchise, sku),
        kit_text("{\"id\":\"%s\",\"sku\":\"%s\",\"quantity\":1}", id, sku));
}

/* Places orders, and returns their ids. The one after the first PRINTED has an
 * id of this length. */
static const char *const *place(const char *franchise, const char *sku,
                                int count, int length)
{
    static const char *ids[MANY];
    uint64_t before = kit_stream_state("orders").messages;

    for (int i = 0; i < count; i++) {
        ids[i] = kit_text("%s-%0*d", kit_random_word(),
                          i == PRINTED ? length : 1, i + 1);
        place_one(franchise, sku, ids[i]);
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
                     "%d replica%s, in %s", state.replicas,
                     state.replicas == 1 ? "" : "s",
                     state.in_files ? "files" : "memory");
    }
}

/* What publish printed, if so many orders were sent until now. Where an answer
 * took too long there are more: the order was sent again, and is a duplicate.
 */
static void assert_told(struct kit_program *publish, const char *text,
                        const char *subject, size_t sent, const char *why)
{
    if (kit_tapped(subject) == sent)
        kit_assert_output(publish, text, why);
}

Test(streams, publish_stores_each_order_once)
{
    const char *franchise = kit_random_word(), *sku = kit_random_word();
    const char *id = kit_text("%s.%s", franchise, sku);
    const char *to = kit_text("orders.%s", id);

    kit_by_hand("stream view orders");
    kit_add_stream("orders", "orders.>", 1);
    struct kit_program *first = run("publish", franchise, sku, "2");
    kit_expect_stored("orders", 2,
                      "does try_to_store call js_Publish, to the order's "
                      "subject, and with a message id of its own?");
    expect_order(1, franchise, sku);
    expect_order(2, franchise, sku);
    kit_expect_messages(to, 2, NULL);
    if (kit_tapped_message(to, 0)->reply[0] == '\0')
        kit_fail("an order that asks the stream for its answer",
                 "natsConnection_Publish does not wait until it is stored: is "
                 "it js_Publish?",
                 "a message without a reply subject");
    assert_told(first, kit_text("stored %s.1\nstored %s.2\n", id, id), to, 2,
                "is what the stream answered printed?");

    struct kit_program *again = run("publish", franchise, sku, "3");
    kit_expect_stored("orders", 3,
                      "what the stream knows by its message id is "
                      "not stored again: is opts.MsgId the order's id?");
    assert_told(
        again,
        kit_text("duplicate %s.1\nduplicate %s.2\nstored %s.3\n", id, id, id),
        to, 5, "does the jsPubAck say Duplicate?");
}

/* It has asked its consumer for orders, or has ended. (While a consumer is
 * being added, JetStream leaves questions about it unanswered.) */
static bool has_asked(void *process)
{
    return kit_tapped("$JS.API.CONSUMER.MSG.NEXT.orders.>") > 0 ||
           !kit_running(process);
}

static void expect_consumer(const char *name, const char *filter)
{
    struct kit_consumer_state state = kit_consumer_state("orders", name);

    if (!state.exists)
        kit_fail(kit_text("the durable consumer %s", name),
                 "does open_consumer add it, by js_AddConsumer, with its name "
                 "in config.Durable?",
                 "none of that name");
    if (state.durable[0] == '\0')
        kit_fail(kit_text("the durable consumer %s", name),
                 "is its name in config.Durable? By Name alone it is "
                 "ephemeral: gone soon after the program.",
                 "one that is not durable");
    if (strcmp(state.filter, filter) != 0)
        kit_fail(kit_text("a consumer of %s", filter),
                 "is config.FilterSubject set?", "one of %s",
                 state.filter[0] ? state.filter : "all orders");
    if (!state.explicit_acks)
        kit_fail("a consumer with explicit acks",
                 "is config.AckPolicy js_AckExplicit? With js_AckNone an order "
                 "is done when it is sent, with js_AckAll by the ack of a "
                 "later one.",
                 "another ack policy");
    if (state.ack_wait_ms != ACK_WAIT)
        kit_fail(kit_text("an ack wait of %d ms", ACK_WAIT),
                 "is AckWait set, and in nanoseconds? A millisecond has a "
                 "million of them.",
                 "%d ms", (int)state.ack_wait_ms);
}

Test(streams, process_prints_each_order_and_acknowledges_it)
{
    const char *franchise = kit_random_word(), *sku = kit_random_word();
    const char *name = kit_text("%s_%s_processor", franchise, sku);

    kit_by_hand("consumer info orders %s", name);
    kit_add_stream("orders", "orders.>", 1);
    place(franchise, kit_random_word(), 5, 1);
    const char *const *ids = place(franchise, sku, 25, 1);

    struct kit_program *processor = kit_start("process", franchise, sku, "4");
    kit_may_end(processor);
    kit_wait(has_asked, processor, KIT_DEADLINE_MS);
    expect_consumer(name, kit_text("orders.%s.%s", franchise, sku));
    kit_expect_line(processor, "…",
                    "does process_order print the id, and a newline?");
    expect_processed(processor);
    struct kit_consumer_state state = kit_consumer_state("orders", name);
    if (state.pending > 0)
        kit_fail("all orders given out",
                 "does it go on after a batch? The consumer's info has "
                 "NumPending: how many nobody was given yet.",
                 "%d orders nobody was given", (int)state.pending);
    if (state.unacknowledged > 0)
        kit_fail("all orders acknowledged", acks, "%d are not",
                 (int)state.unacknowledged);
    kit_assert_each_once(ids, 25,
                         "does it print one line an order, its id, "
                         "and all orders, a batch after the other?");
}

Test(streams, what_is_no_order_is_terminated)
{
    kit_by_hand("pub orders.berlin.tea rubbish");
    kit_add_stream("orders", "orders.>", 1);
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
    expect_processed(processor);
    kit_expect_complaint(processor, "«reason»", "does it say so on stderr?");
    kit_assert_each_once(ids, 3, "are the orders after it processed?");
}

Test(streams, without_a_stream_processing_fails)
{
    kit_expect_exit(kit_start("process", "berlin", "tea"), 1,
                    "does open_consumer return the status of js_AddConsumer?");
}

Test(streams, create_fails_where_another_stream_has_the_name)
{
    kit_add_stream("orders", "room.orders", 1);
    kit_expect_exit(kit_start("create"), 1,
                    "does create return the status of js_AddStream?");
}

/* The first is held while it prints, so that the second has to work, too. It
 * starts when there is a consumer: two that make it at once disturb each other.
 */
Test(streams, two_processors_share_the_orders)
{
    kit_add_stream("orders", "orders.>", 1);
    const char *const *ids = place("berlin", "tea", MANY, LONG);
    kit_hold_output_after(PRINTED);
    struct kit_program *one = kit_start("process", "berlin", "tea", "5");
    kit_may_end(one);
    kit_expect_held(one, "does it print one line an order, its id?");
    kit_hold_output_after(0);
    struct kit_program *two = kit_start("process", "berlin", "tea", "5");
    kit_may_end(two);
    kit_expect_line(two, "…",
                    "are orders left for another who asks the same consumer?");
    kit_release_output(one);
    expect_processed(one);
    expect_processed(two);
    kit_assert_each_once(ids, MANY,
                         "do both take their orders from the same consumer?");
}

static const char durable[] = "berlin_tea_processor";
static const char asks[] =
    "$JS.API.CONSUMER.MSG.NEXT.orders.berlin_tea_processor";

static bool is_acknowledged(void *unused)
{
    (void)unused;
    return kit_consumer_state("orders", durable).ack_floor >= PRINTED;
}

static bool is_given_out(void *unused)
{
    (void)unused;
    return kit_consumer_state("orders", durable).pending == 0;
}

/* How often a `process` had asked when all orders were given out. */
struct waiting {
    struct kit_program *program;
    size_t asked;
};

/* It has asked for orders in vain, and asks once more. */
static bool asks_again(void *argument)
{
    struct waiting *waiting = argument;

    return kit_tapped(asks) >= waiting->asked + 2 ||
           !kit_running(waiting->program);
}

/* All orders are given out, some not acknowledged: `process` waits for these,
 * but not when it is told to end. */
static void expect_to_wait(void)
{
    struct waiting waiting = {.program = kit_start("process", "berlin", "tea")};

    kit_may_end(waiting.program);
    kit_wait(is_given_out, NULL, KIT_DEADLINE_MS);
    kit_settle();
    waiting.asked = kit_tapped(asks);
    kit_wait(asks_again, &waiting, KIT_DEADLINE_MS);
    if (!kit_running(waiting.program))
        kit_fail("`process` goes on while orders are given out to another",
                 "who has them may be dead, and they will come again: does it "
                 "end by what the consumer's info says, or by a fetch that got "
                 "nothing?",
                 "it has ended");
    kit_stop(waiting.program);
    kit_expect_no_connections("is the connection destroyed?");
}

/* The first is killed while it prints an order: those before are done, this one
 * is not, nor are those that it has fetched already. */
Test(streams, no_order_is_lost_when_a_processor_is_killed)
{
    kit_by_hand("consumer info orders %s", durable);
    kit_add_stream("orders", "orders.>", 1);
    const char *const *ids = place("berlin", "tea", 8, LONG);
    kit_hold_output_after(PRINTED);
    struct kit_program *killed = kit_start("process", "berlin", "tea", "8");
    kit_expect_held(killed, "does it print one line an order, its id?");
    kit_wait(is_acknowledged, NULL, KIT_DEADLINE_MS);
    kit_kill(killed);
    kit_hold_output_after(0);

    expect_to_wait();
    kit_redeliver("orders", durable);
    expect_processed(kit_start("process", "berlin", "tea", "8"));
    kit_assert_each_once(
        ids, 8,
        "an order acknowledged before it is printed is lost if the program is "
        "killed between the two; one acknowledged later than right after it "
        "is printed comes again.");
}

static const char subject[] = "orders.berlin.tea";

static bool tries_again(void *program)
{
    return kit_tapped(subject) > 1 || !kit_running(program);
}

static void expect_same_order(void)
{
    const struct kit_message *first = kit_tapped_message(subject, 0);
    const struct kit_message *next = kit_tapped_message(subject, 1);

    if (strcmp(first->data, next->data) != 0)
        kit_fail("the first order is published again",
                 "does try_to_store return the status of js_Publish? Else "
                 "store takes a failure for success.",
                 "another order is published");
}

static bool is_told_twice(struct kit_program *publish)
{
    const char *told = strstr(kit_output(publish, NULL), "berlin.tea.1\n");

    return told != NULL && strstr(told + 1, "berlin.tea.1\n") != NULL;
}

static bool has_ended(void *publish)
{
    return !kit_running(publish) || is_told_twice(publish);
}

/* The leader is stopped first, so that it certainly does not answer, and dies
 * when an order has been sent to it again. Then there may be an election. */
Test(streams, publish_tries_again_while_the_stream_has_no_leader)
{
    const char *why =
        "publishing fails while the stream has no leader, in one way or "
        "another: is it tried again, for RETRY_MS, whatever the failure?";

    kit_by_hand("stream info orders");
    kit_use_private_cluster();
    kit_add_stream("orders", "orders.>", 3);
    const char *leader = kit_freeze_leader("orders");
    struct kit_program *publisher = kit_start("publish", "berlin", "tea", "9");
    kit_may_end(publisher);
    kit_wait(tries_again, publisher, KIT_DEADLINE_MS);
    if (kit_tapped(subject) < 2 && kit_running(publisher))
        kit_fail("the first order is published again",
                 "an attempt waits for STORE_MS: is opts.MaxWait set, and in "
                 "milliseconds?",
                 "`publish` still waits for the answer to its first attempt");
    if (kit_tapped(subject) < 2)
        kit_fail("the first order is published again", why,
                 "`publish` has ended instead");
    expect_same_order();
    kit_node_stop(leader, SIGTERM);
    kit_wait(has_ended, publisher, ELECTION_MS);
    if (is_told_twice(publisher))
        kit_fail("an order that is stored is published no more",
                 "does the loop in store take the new status?",
                 "berlin.tea.1 is published, and told, again and again");
    kit_expect_exit(publisher, 0, why);
    kit_expect_stored("orders", 9,
                      "is it tried again with the same message id?");
}
