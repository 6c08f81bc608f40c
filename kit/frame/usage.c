#include "kit/frame/usage.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/requests.h"
#include "kit/frame/room.h"
#include "kit/frame/start.h"
#include "kit/proc/lines.h"
#include "kit/proc/output.h"
#include "kit/proc/printed.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

#include <stdlib.h>
#include <string.h>

const char kit_each[] = "each";
const char *const kit_no_word[] = {"", NULL};

const char *kit_one_token_why(const char *argument)
{
    return kit_text("%s becomes one token of a subject: is it refused where it "
                    "is empty, or has a dot, a wildcard (* or >) or a space of "
                    "any kind in it? Wrong usage ends with 2.",
                    argument);
}

struct kit_program *kit_start_with(const char *const args[], const char *word)
{
    size_t count = 0;

    while (args[count] != NULL)
        count++;
    const char **with = kit_allocate((count + 1) * sizeof(*with));
    for (size_t i = 0; i < count; i++)
        with[i] = args[i] == kit_each ? word : args[i];
    return kit_start_args(with);
}

/* It may be refused, and end with the status of any other failure. */
static void expect_refusal(struct kit_program *program, const char *why)
{
    kit_await_end(program, KIT_DEADLINE_MS);
    if (kit_exit_status(program) == 1 &&
        strstr(kit_complaints(program, NULL), "usage") != NULL)
        why = "it ends with 1, the status of failures; wrong usage is 2";
    kit_expect_exit(program, 2, why);
    kit_expect_complaint(program, "«reason»", "does it say why, on stderr?");
    kit_assert_output(program, "", "does the reason go to stderr only?");
}

/* The first message after so many, but for the events of JetStream, which its
 * servers tell when they like. */
static const struct kit_message *first_since(size_t count)
{
    const struct kit_message *message;

    do
        message = kit_tapped_message(">", count++);
    while (message != NULL && strncmp(message->subject, "$JS.EVENT.", 10) == 0);
    return message;
}

void kit_expect_usage_errors_of(const char *const words[], const char *why,
                                const char *const args[])
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    kit_settle(); /* what others have sent before is not theirs */
    size_t sent = kit_tapped(">");
    struct kit_program **programs = kit_allocate(count * sizeof(*programs));
    for (size_t i = 0; i < count + KIT_AT_ONCE; i++) {
        if (i >= KIT_AT_ONCE)
            expect_refusal(programs[i - KIT_AT_ONCE], why);
        if (i < count)
            programs[i] = kit_brief(kit_start_with(args, words[i]));
    }
    kit_settle();
    const struct kit_message *message = first_since(sent);
    if (message != NULL)
        kit_fail("it is refused before anything is sent",
                 "is it looked at before the request?", "a message on %s",
                 message->subject);
}

void kit_expect_no_server_of(const char *const args[])
{
    const char *urls = kit_text("%s", getenv("NATS_URL"));

    kit_set_env("NATS_URL", "nats://127.0.0.1:1");
    struct kit_program *program = kit_brief(kit_start_args(args));
    kit_set_env("NATS_URL", urls);
    kit_expect_failure(program, 1, "«reason»",
                       "no server answers at the start: is that a failure, "
                       "said in a line?");
}
