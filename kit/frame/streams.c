#include "kit/frame/streams.h"

#include "kit/base/text.h"
#include "kit/frame/room.h"
#include "kit/frame/start.h"
#include "kit/proc/output.h"
#include "kit/proc/printed.h"
#include "kit/proc/program.h"

void kit_expect_lasting_stream(const char *stream, const char *subject,
                               const char *why)
{
    static const char limit[] = "is there a limit? What is beyond it gets lost";

    kit_expect_stream(
        stream, {"config.name", stream, why},
        {"config.subjects", kit_text("[\"%s\"]", subject),
         "are the Subjects right?"},
        {"config.storage", "file", "what is in memory ends with the servers"},
        {"config.num_replicas", "3", "on one server it would end with it"},
        {"config.retention", "limits", limit}, {"config.max_age", "0", limit},
        {"config.max_msgs", "-1", limit}, {"config.max_bytes", "-1", limit},
        {"config.max_msg_size", "-1", limit},
        {"config.max_msgs_per_subject", "-1", limit},
        {"config.max_consumers", "-1", "how many consumers may it have?"},
        {"config.no_ack", "", "is NoAck set? Then nobody knows what is stored"},
        {"config.duplicate_window", "120000000000",
         "is Duplicates set? It is two minutes by itself"},
        {"config.allow_direct", "false",
         "is AllowDirect set? Then it differs from the stream by hand"});
}

void kit_expect_durable(const char *stream, const char *consumer,
                        const char *subject)
{
    kit_expect_consumer(
        stream, consumer, {"name", consumer, "added, and kept at the end?"},
        {"config.durable_name", consumer, "by Name alone it is ephemeral"},
        {"config.filter_subject|config.filter_subjects.0", subject,
         "is config.FilterSubject set?"},
        {"config.ack_policy", "explicit", "is AckPolicy js_AckExplicit?"},
        {"config.max_deliver", "-1",
         "is MaxDeliver set? Then messages get lost"},
        {"config.inactive_threshold", "",
         "is InactiveThreshold set? Then the consumer ends"},
        {"config.ack_wait", ">= 1000000000", "is AckWait in nanoseconds?"},
        {"config.ack_wait", "<= 10000000000",
         "is AckWait set? It is 30 s by itself"});
}

static void limit_messages(const char *stream, const char *subject,
                           const char *bytes)
{
    const char *update =
        kit_json("{'name':'%s','subjects':['%s'],'max_msg_size':%s}", stream,
                 subject, bytes);

    kit_request(kit_text("$JS.API.STREAM.UPDATE.%s", stream), update);
    kit_expect_stream(stream, {"config.max_msg_size", bytes, NULL});
}

void kit_expect_retries_of(const char *stream, const char *subject,
                           size_t count, const char *why,
                           const char *const args[])
{
    kit_add_stream(stream, subject, 1);
    limit_messages(stream, subject, "1");
    struct kit_program *deaf = kit_must_run(kit_start_args(args), why);
    kit_expect_messages(subject, count, why);
    kit_stop(deaf); /* it is deaf where it only tries */
    struct kit_program *program = kit_must_run(kit_start_args(args), why);
    kit_expect_more_messages(subject, 2, why);
    kit_may_end(program);
    limit_messages(stream, subject, "-1");
    kit_expect_exit(program, 0, "does the loop take the new status?");
    kit_expect_stored(stream, 1, why);
    kit_assert_line_count(program, KIT_ANYTHING, 1,
                          "does it print a line where nothing was stored?");
}

struct kit_program *kit_hold_of(int lines, const char *const args[])
{
    struct kit_program *program = kit_start_held_args(lines, args);

    kit_expect_held(program, "does it print one line for each, at once?");
    return program;
}
