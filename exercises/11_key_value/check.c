/* Buckets: what is put is there, and what is counted is counted once. */
#include "kit/kit.h"

TestSuite(key_value, .init = kit_begin, .fini = kit_end);

#define SMALL "put", "fruits", "best"
enum { COUNTERS = 4, EACH = 50, USUAL_MS = 3000 };

static const char opened[] =
    "is it js_KeyValue, and js_CreateKeyValue if it returns NATS_NOT_FOUND?";
static const char revision[] = "is the revision of kvStore_Put printed?";
static const char bytes[] =
    "is it kvEntry_ValueLen bytes of kvEntry_Value, and then kvEntry_Destroy?";
static const char missing[] = "is the status of kvStore_Get returned?";
static const char mark[] = "does `--` stand for the entry that is NULL?";
static const char first[] = "is every entry of kvWatcher_Next printed?";
static const char change[] = "does it go on after the mark, and NATS_TIMEOUT?";
static const char adds[] = "is number + 1 stored, and then printed?";
static const char stored[] =
    "is each number stored: under an id of its own, if revision is the last?";
static const char compared[] =
    "is opts.ExpectLastSubjectSeq the revision? ExpectNoMessage set for 0?";
static const char repeated[] = "is opts.MsgId set, and the same one again?";

#define RUN(...) kit_expect_success(kit_start(__VA_ARGS__))
#define PRINTS(text, why, ...)                                                 \
    kit_expect_printed(kit_start(__VA_ARGS__), text, why)
#define LACKS(why, ...)                                                        \
    kit_expect_failure(kit_start(__VA_ARGS__), 1, "…not found…", why)
#define CREATES(...)                                                           \
    kit_be_patient(KIT_ELECTION_MS);                                           \
    LACKS(opened, "history", __VA_ARGS__);                                     \
    kit_be_patient(USUAL_MS)

Test(key_value, the_first_command_creates_the_bucket)
{
    CREATES("fruits", "best");
    kit_expect_stream(
        "KV_fruits",
        {"config.max_msgs_per_subject", "5", "created? is config.History 5?"},
        {"config.num_replicas", "3", "on one server it would end with it"},
        {"config.storage", "file", "in memory it would end with the servers"},
        {"config.max_age", "0", "does a value end after a while?"});
    PRINTS("1\n", revision, SMALL, "apple");
}

Test(key_value, a_bucket_that_exists_is_used_as_it_is)
{
    kit_add_bucket("fruits", 1, "best", "apple");
    PRINTS("2\n", opened, SMALL, "pear");
    PRINTS("pear", bytes, "get", "fruits", "best");
    LACKS(missing, "get", "fruits", "worst");
    RUN("del", "fruits", "best");
    LACKS(missing, "get", "fruits", "best");
    kit_expect_stream("KV_fruits",
                      {"config.max_msgs_per_subject", "1", "is it changed?"});
}

Test(key_value, values_are_bytes)
{
    static const char value[20000] = "a\0%%\xff\n\n"; /* and zeros */

    kit_add_bucket("fruits", 5, NULL);
    struct kit_program *put = kit_start(SMALL);
    kit_type_bytes(put, value, sizeof(value));
    kit_type_end(put);
    kit_expect_printed(put, "1\n", "is kvStore_Put given length, not strlen?");
    kit_expect_printed_bytes(kit_start("get", "fruits", "best"), value,
                             sizeof(value), bytes);
    PRINTS("2\n", revision, "put", "fruits", "none", "");
    PRINTS("", bytes, "get", "fruits", "none");
}

Test(key_value, history_shows_each_revision)
{
    kit_add_bucket("fruits", 5, "best", "apple", "worst", "fig", "best", "pear",
                   "best", KIT_STEERING);
    RUN("del", "fruits", "best");
    PRINTS("1 PUT apple\n3 PUT pear\n4 PUT " KIT_STEERING_LINE "\n5 DEL\n",
           "every entry? Is del kvStore_Delete?", "history", "fruits", "best");
}

Test(key_value, watch_shows_what_is_there_and_then_each_change)
{
    kit_add_bucket("fruits", 5, "best", "fig", "worst.1", KIT_STEERING, "none",
                   "", "best", "apple");
    RUN("put", "fruits", "gone", "kiwi");
    RUN("del", "fruits", "gone");
    struct kit_program *watch = kit_start("watch", "fruits");
    kit_forbid_line(watch, "DEL gone", "only what is there, before `--`",
                    "is a DEL skipped that comes before the mark?");
    kit_must_run(watch, change);
    kit_expect_line(watch, "PUT worst.1 " KIT_STEERING_LINE, first);
    kit_expect_line(watch, "--", mark);
    RUN(SMALL, "apple"); /* the same again is a change, too */
    kit_expect_line(watch, "PUT best apple", change);
    RUN("del", "fruits", "worst.1");
    kit_expect_line(watch, "DEL worst.1", change);
    kit_stop_by(watch, SIGTERM);
    kit_assert_line_count(watch, "…", 6, "is each change printed once?");
}

Test(key_value, incr_adds_one_and_prints_the_number)
{
    CREATES("shop", "sold");
    PRINTS("1\n", adds, "incr", "shop", "sold");
    kit_assert_compared("shop", "sold", 0, compared);
    PRINTS("2\n3\n", stored, "incr", "shop", "sold", "2");
    RUN("del", "shop", "sold");
    PRINTS("1\n", stored, "incr", "shop", "sold");
    PRINTS("1 PUT 1\n2 PUT 2\n3 PUT 3\n4 DEL\n5 PUT 1\n", stored, "history",
           "shop", "sold");
    RUN("put", "shop", "visits", "5000000000");
    RUN("put", "shop", "name", "4 cups");
    PRINTS("5000000001\n", "is it int64_t? is it ExpectLastSubjectSeq?", "incr",
           "shop", "visits");
    struct kit_program *none = kit_let_end(kit_start("incr", "shop", "name"));
    kit_expect_complaint(none, "…number…", "is all of it a number?");
    kit_expect_exit(none, 1, "is the status of kv_look returned?");
}

Test(key_value, a_lost_ack_does_not_count_twice)
{
    CREATES("shop", "visits");
    RUN("put", "shop", "visits", "7");
    kit_set_mute("shop", true);
    struct kit_program *incr = kit_start("incr", "shop", "visits");
    kit_must_run(incr, "is it tried again while there is no answer?");
    kit_expect_messages("$KV.shop.visits", 3, "is opts.MaxWait STORE_MS?");
    kit_set_mute("shop", false);
    kit_expect_printed(incr, "8\n", repeated);
    kit_assert_compared("shop", "visits", 1, compared);
}

Test(key_value, no_count_is_lost_when_the_bucket_loses_its_leader)
{
    kit_use_private_cluster();
    kit_be_patient(KIT_ELECTION_MS);
    struct kit_program *incr[COUNTERS];
    struct kit_program *watch = kit_start("watch", "shop");
    kit_expect_line(watch, "--", mark);
    for (int i = 0; i < COUNTERS; i++)
        incr[i] = kit_start("incr", "shop", "visits", kit_text("%d", EACH));
    for (int i = 0; i < COUNTERS; i++)
        kit_expect_line(incr[i], "…", adds);
    kit_stop_leader("KV_shop", SIGTERM);
    kit_be_patient(2 * KIT_ELECTION_MS); /* until a watch finds out */
    kit_expect_numbers(incr, COUNTERS, COUNTERS * EACH, compared);
    kit_expect_line(watch, kit_text("PUT visits %d", COUNTERS * EACH), change);
}
