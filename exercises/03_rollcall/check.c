/* The rollcall: one asks, everybody answers, silence is the end. */
#include "kit/kit.h"

#include <string.h>

TestSuite(rollcall, .init = kit_begin, .fini = kit_end);

#define ANSWERERS 3
#define NAMES 25
#define QUIET_MS 300 /* of `call 0.3` */

/* ---- those who answer -------------------------------------------------- */

static void expect_one_reply(struct kit_request call, const char *name)
{
    struct kit_replies replies = kit_replies_to(call);
    size_t seen = 0;

    for (size_t i = 0; i < replies.count; i++)
        seen += replies.list[i].length == strlen(name) &&
                memcmp(replies.list[i].data, name, strlen(name)) == 0;
    if (seen == 0)
        kit_fail(kit_text("the reply %s", kit_quote(name, strlen(name))),
                 "is it the name from the command line, byte for byte, without "
                 "its final NUL?",
                 "%s", kit_quote(replies.list[0].data, replies.list[0].length));
    if (seen > 1)
        kit_fail(kit_text("one reply from '%s' to each call", name),
                 "does on_call reply more than once?", "%zu", seen);
}

Test(rollcall, who_answers_replies_a_name_to_each_call)
{
    const char *name = kit_random_word();
    struct kit_request calls[2];

    kit_by_hand("request room.rollcall ''");
    kit_start("answer", name);
    kit_expect_subscribers("room.rollcall", 1);
    for (int i = 0; i < 2; i++) {
        calls[i] = kit_ask("room.rollcall", "");
        kit_expect_replies(calls[i], 1,
                           "does on_call publish to the message's reply "
                           "subject, each time?");
    }
    kit_settle();
    kit_finish();
    expect_one_reply(calls[0], name);
    expect_one_reply(calls[1], name);
}

Test(rollcall, it_survives_a_call_that_nobody_waits_for)
{
    kit_by_hand("pub room.rollcall ''");
    kit_start("answer", "Ada");
    kit_expect_subscribers("room.rollcall", 1);
    kit_publish("room.rollcall", "");
    kit_expect_replies(kit_ask("room.rollcall", ""), 1,
                       "a message that is no request has no reply subject: "
                       "natsMsg_GetReply is NULL then");
    kit_finish();
}

Test(rollcall, everybody_answers_the_same_call)
{
    const char *names[ANSWERERS];

    kit_by_hand("request --replies=10 room.rollcall ''");
    for (int i = 0; i < ANSWERERS; i++) {
        names[i] = kit_random_word();
        kit_start("answer", names[i]);
    }
    kit_expect_queue("room.rollcall", "", ANSWERERS,
                     "in a queue group only one would get the call: is it "
                     "natsConnection_Subscribe?");
    struct kit_request call = kit_ask("room.rollcall", "");
    kit_expect_replies(call, ANSWERERS, "does each of them reply?");
    kit_settle();
    kit_finish();
    for (int i = 0; i < ANSWERERS; i++)
        expect_one_reply(call, names[i]);
}

/* ---- who calls: here the check answers --------------------------------- */

struct call {
    struct kit_program *program;
    size_t number; /* of its message on room.rollcall */
    const char *inbox;
};

static const char no_failure[] = "does NextMsg wait for quiet_ms, and is "
                                 "NATS_TIMEOUT the end, but no failure?";

static bool has_ended(void *program)
{
    return !kit_running(program);
}

static bool has_called(void *call)
{
    const struct call *c = call;

    return kit_tapped("room.rollcall") > c->number || has_ended(c->program);
}

/* Starts `call SECONDS` and waits until it has asked. */
static struct call start_call(const char *seconds)
{
    struct call call = {.number = kit_tapped("room.rollcall")};

    kit_by_hand("reply room.rollcall Ada --queue='' & "
                "make run EX=03 ARGS='call %s'",
                seconds);
    call.program = kit_start("call", seconds);
    kit_type_end(call.program); /* it may end by itself */
    kit_wait(has_called, &call, KIT_DEADLINE_MS);
    const struct kit_message *asked =
        kit_tapped_message("room.rollcall", call.number);
    if (asked == NULL)
        kit_fail("'call' asks on room.rollcall",
                 "is the question published, and to that subject?",
                 "no message there; 'call' %s",
                 has_ended(call.program) ? "has ended" : "is running");
    if (asked->reply[0] == '\0')
        kit_fail("the call names a reply subject",
                 "is it natsConnection_PublishRequest, with the inbox?",
                 "a message without one on room.rollcall");
    call.inbox = asked->reply;
    return call;
}

Test(rollcall, who_calls_asks_once_and_ends)
{
    struct call call = start_call("0.1");

    kit_expect_exit(call.program, 0, no_failure);
    kit_settle();
    if (kit_tapped("room.rollcall") != 1)
        kit_fail("one message on room.rollcall",
                 "is the question outside of the loop that takes the answers?",
                 "%zu", kit_tapped("room.rollcall"));
    kit_assert_output(call.program, "0 here\n",
                      "nobody answered: does it listen on its inbox only, and "
                      "count nothing but answers?");
}

Test(rollcall, it_prints_each_name_as_it_comes)
{
    struct call call = start_call("60");

    for (int i = 0; i < NAMES; i++) {
        const char *name = kit_random_word();
        kit_publish(call.inbox, name);
        kit_expect_line(call.program, name,
                        i == 0 ? "is each answer printed at once, as a line?"
                               : "does it go on for any number of answers, "
                                 "and print each as a line of its own?");
    }
    const char *name = kit_text("%0200u", kit_random(UINT32_MAX));
    kit_publish(call.inbox, name);
    kit_expect_line(call.program, name,
                    "is it all that natsMsg_GetData points to, as long as "
                    "natsMsg_GetDataLength says?");
}

static bool has_counted(void *program)
{
    return kit_count_lines(program, ".* here") > 0 || has_ended(program);
}

Test(rollcall, it_ends_when_no_name_has_come_for_SECONDS)
{
    const char *const names[] = {"Ada", "Bea", "Cyd", "Dan", "Eve"};
    struct call patient = start_call("60");
    struct call call = start_call("0.3");
    double last = kit_clock();
    int sent = 0;

    /* They come for more than 0.3 s in all, less than 0.3 s one by one. */
    while (sent < 5 && kit_clock() - last < QUIET_MS * 2 / 3 &&
           !has_counted(call.program)) {
        kit_publish(call.inbox, names[sent++]);
        last = kit_clock();
        kit_wait(has_counted, call.program, QUIET_MS / 3);
    }
    kit_wait(has_counted, call.program, KIT_DEADLINE_MS);
    double silence = kit_clock() - last;
    if (silence < QUIET_MS - 5)
        kit_fail("'call 0.3' ends 0.3 s after the last name",
                 "does the time begin anew with each name, or does it run from "
                 "the question on?",
                 "it ended %.2f s after it", silence / 1e3);
    if (sent < 5)
        kit_undecided("this machine is too busy to send a name in time");
    kit_expect_exit(call.program, 0, no_failure);
    kit_assert_output(call.program, "Ada\nBea\nCyd\nDan\nEve\n5 here\n",
                      "is each answer printed and counted, once?");
    if (has_ended(patient.program))
        kit_fail("'call 60' waits longer than 'call 0.3'",
                 "is it quiet_ms that NextMsg waits for?", "it ended first");
}

Test(rollcall, it_prints_the_answers_to_its_own_question_only)
{
    struct call late = start_call("60");
    struct call call = start_call("60");
    const char *name = kit_random_word();

    kit_publish(late.inbox, kit_random_word());
    kit_publish(call.inbox, name);
    kit_expect_line(call.program, name, "is each answer printed at once?");
    kit_assert_output(call.program, kit_text("%s\n", name),
                      "the other name answered an earlier call: does each call "
                      "make its own inbox (natsInbox_Create)?");
}

Test(rollcall, nobody_there_is_no_failure)
{
    kit_by_hand("request room.rollcall ''");
    kit_untap();
    struct kit_program *program = kit_start("call", "60");
    kit_expect_exit(program, 0,
                    "the server says at once that nobody listens: is "
                    "NATS_NO_RESPONDERS the end, but no failure? And did you "
                    "subscribe before you asked, or did its word come too "
                    "soon?");
    kit_assert_output(program, "0 here\n",
                      "that nobody listens is no answer: is it counted?");
}
