/* Buckets: what is put is there, and what is counted is counted once. */
#include "kit/kit.h"

TestSuite(key_value, .init = kit_begin, .fini = kit_end);

#define SMALL "put", "fruits", "best"
#define COUNTERS 4
#define EACH 50

static const char opened[] =
    "is it js_KeyValue, and js_CreateKeyValue if it returns NATS_NOT_FOUND?";
static const char revision[] = "is the revision of kvStore_Put printed?";
static const char bytes[] =
    "is it kvEntry_ValueLen bytes of kvEntry_Value, and then kvEntry_Destroy?";
static const char missing[] = "is the status of kvStore_Get returned?";
static const char listed[] = "is each entry of kvStore_History printed?";
static const char mark[] = "does `--` stand for the entry that is NULL?";
static const char present[] = "is a DEL skipped that comes before the mark?";
static const char first[] = "is every entry of kvWatcher_Next printed?";
static const char change[] = "does it go on after the mark, and NATS_TIMEOUT?";
static const char adds[] = "is number + 1 stored, and then printed?";
static const char compared[] = "is opts.ExpectLastSubjectSeq the revision?";
static const char repeated[] =
    "is opts.MsgId set, and the same one for each attempt to store a number?";

/* Another one, which does what it should. */
#define RUN(...) kit_expect_success(kit_start(__VA_ARGS__))

Test(key_value, put_creates_the_bucket_if_it_is_missing)
{
    kit_be_patient(KIT_ELECTION_MS); /* three replicas elect a leader */
    kit_expect_printed(kit_start(SMALL, "apple"), "1\n", opened);
    kit_expect_stream(
        "KV_fruits",
        {"config.max_msgs_per_subject", "5", "is config.History 5?"},
        {"config.num_replicas", "3", "on one server it would end with it"},
        {"config.storage", "file", "in memory it would end with the servers"});
    kit_expect_printed(kit_start(SMALL, "pear"), "2\n", opened);
}

Test(key_value, a_bucket_that_exists_is_used_as_it_is)
{
    kit_add_bucket("fruits", 1, "best", "apple");
    kit_expect_printed(kit_start(SMALL, "pear"), "2\n", opened);
    kit_expect_printed(kit_start("get", "fruits", "best"), "pear", bytes);
    kit_expect_failure(kit_start("get", "fruits", "worst"), 1, "…not found…",
                       missing);
    RUN("del", "fruits", "best");
    kit_expect_failure(kit_start("get", "fruits", "best"), 1, "…not found…",
                       missing);
}

Test(key_value, values_are_bytes)
{
    static const char value[] = "a\0b\xff\n\n";
    struct kit_program *put = kit_start(SMALL);

    kit_add_bucket("fruits", 5, NULL);
    kit_type_bytes(put, value, sizeof(value));
    kit_type_end(put);
    kit_expect_printed(put, "1\n", "is kvStore_Put given length, not strlen?");
    kit_expect_printed_bytes(kit_start("get", "fruits", "best"), value,
                             sizeof(value), bytes);
    kit_expect_printed(kit_start("put", "fruits", "none", ""), "2\n", revision);
    kit_expect_printed(kit_start("get", "fruits", "none"), "", bytes);
}

Test(key_value, history_shows_each_revision)
{
    kit_by_hand("kv history fruits best");
    kit_add_bucket("fruits", 5, "best", "apple", "worst", "fig", "best", "pear",
                   "best", KIT_STEERING);
    RUN("del", "fruits", "best");
    kit_expect_printed(kit_start("history", "fruits", "best"),
                       "1 PUT apple\n3 PUT pear\n4 PUT " KIT_STEERING_LINE
                       "\n5 DEL\n",
                       listed);
    kit_expect_failure(kit_start("history", "fruits", "none"), 1, "…not found…",
                       "is the status returned?");
}

Test(key_value, watch_shows_what_is_there_and_then_each_change)
{
    kit_by_hand("kv watch fruits");
    kit_add_bucket("fruits", 5, "best", "fig", "worst", "", "best", "apple");
    RUN("put", "fruits", "gone", "kiwi");
    RUN("del", "fruits", "gone");
    struct kit_program *watch = kit_start("watch", "fruits");
    kit_forbid_line(watch, "DEL gone", "only what is there, before `--`",
                    present);
    kit_must_run(watch, change);
    kit_expect_line(watch, "PUT worst ", first);
    kit_expect_line(watch, "PUT best apple", first);
    kit_expect_line(watch, "--", mark);
    RUN(SMALL, "pear");
    kit_expect_line(watch, "PUT best pear", change);
    RUN("del", "fruits", "worst");
    kit_expect_line(watch, "DEL worst", change);
    kit_stop(watch);
    kit_assert_line_count(watch, "…", 5, "is each change printed once?");
}

Test(key_value, incr_adds_one_and_prints_the_number)
{
    kit_be_patient(KIT_ELECTION_MS);
    RUN("put", "shop", "visits", "41");
    RUN("put", "shop", "name", "Ada");
    kit_expect_printed(kit_start("incr", "shop", "visits"), "42\n", adds);
    kit_expect_printed(kit_start("incr", "shop", "sold", "3"), "1\n2\n3\n",
                       "is opts.ExpectNoMessage set if revision is 0?");
    RUN("del", "shop", "sold");
    kit_expect_printed(kit_start("incr", "shop", "sold"), "1\n", compared);
    struct kit_program *none = kit_let_end(kit_start("incr", "shop", "name"));
    kit_expect_complaint(none, "…number…", NULL);
    kit_expect_exit(none, 1, "is the status of kv_look returned?");
    kit_expect_value("shop", "name", "Ada", "what isn't a number stays");
}

Test(key_value, a_lost_ack_does_not_count_twice)
{
    kit_be_patient(KIT_ELECTION_MS);
    RUN("put", "shop", "visits", "7");
    kit_set_mute("shop", true);
    struct kit_program *incr = kit_start("incr", "shop", "visits");
    kit_must_run(incr, "is it tried again while there is no answer?");
    kit_expect_messages("$KV.shop.visits", 3, "is opts.MaxWait STORE_MS?");
    kit_set_mute("shop", false);
    kit_expect_printed(incr, "8\n", repeated);
    kit_expect_value("shop", "visits", "8", repeated);
}

Test(key_value, no_count_is_lost_when_the_bucket_loses_its_leader)
{
    struct kit_program *incr[COUNTERS];
    const char *total = kit_text("%d", COUNTERS * EACH);

    kit_use_private_cluster();
    kit_be_patient(KIT_ELECTION_MS);
    struct kit_program *watch = kit_start("watch", "shop");
    kit_expect_line(watch, "--", mark);
    for (int i = 0; i < COUNTERS; i++)
        incr[i] = kit_start("incr", "shop", "visits", kit_text("%d", EACH));
    for (int i = 0; i < COUNTERS; i++)
        kit_expect_line(incr[i], "…", adds);
    kit_stop_leader("KV_shop", SIGTERM);
    for (int i = 0; i < COUNTERS; i++)
        kit_expect_exit(incr[i], 0, "is it tried again while nobody answers?");
    kit_expect_value("shop", "visits", total, compared);
    kit_expect_line(watch, kit_text("PUT visits %s", total), change);
}
