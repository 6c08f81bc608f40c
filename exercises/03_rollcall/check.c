/* One asks, everybody answers, and silence is the end. */
#include "kit/kit.h"

TestSuite(rollcall, .init = kit_begin, .fini = kit_end);

#define ROLLCALL "room.rollcall"

Test(rollcall, who_answers_replies_a_name_to_each_call)
{
    kit_by_hand("request room.rollcall ''");
    struct kit_request calls[2];
    kit_start("answer", "bea");
    kit_expect_subscribers(ROLLCALL, 1);
    kit_await_ready();
    for (int i = 0; i < 2; i++) {
        calls[i] = kit_ask(ROLLCALL, "");
        kit_expect_replies(
            calls[i], 1,
            "does on_call publish to the message's reply subject, each time?");
    }
    kit_finish();
    kit_assert_one_reply(calls[0], "bea", NULL);
    kit_assert_one_reply(calls[1], "bea", NULL);
}

Test(rollcall, it_survives_a_call_that_nobody_waits_for)
{
    kit_by_hand("pub room.rollcall ''");
    kit_start("answer", "Ada");
    kit_expect_subscribers(ROLLCALL, 1);
    kit_await_ready();
    kit_publish(ROLLCALL, "");
    kit_expect_replies(kit_ask(ROLLCALL, ""), 1,
                       "no reply subject: natsMsg_GetReply is NULL");
    kit_finish();
}

Test(rollcall, everybody_answers_the_same_call)
{
    kit_by_hand("request --replies=10 room.rollcall ''");
    const char *const names[] = {"Ada", "bea-lovelace_\303\251", "100%s"};
    for (int i = 0; i < 3; i++)
        kit_start("answer", names[i]);
    kit_expect_queue(ROLLCALL, "", 3,
                     "in a queue group only one would get the call");
    kit_await_ready();
    struct kit_request call = kit_ask(ROLLCALL, "");
    kit_expect_replies(call, 3, "does each of them reply?");
    kit_finish();
    for (int i = 0; i < 3; i++)
        kit_assert_one_reply(call, names[i], NULL);
}

/* From here on the check answers: where the nth that calls wants it. */
static const char *inbox_of(struct kit_program *call, size_t nth)
{
    const char *why = "is it natsConnection_PublishRequest, with the inbox?";
    kit_by_hand("reply room.rollcall Ada --queue=''");
    return kit_expect_request(kit_brief(call), ROLLCALL, nth, why)->reply;
}

Test(rollcall, who_calls_asks_once_and_ends)
{
    double start = kit_clock();
    struct kit_program *call = kit_let_end(kit_start("call"));
    inbox_of(call, 0);
    kit_expect_printed(
        call, "0 here\n",
        "is NATS_TIMEOUT the end, but no failure? does it listen on its "
        "inbox only, and count nothing but answers?");
    kit_assert_lasted(start, kit_clock(), 1000, "it waits", "SECONDS is 1");
    kit_assert_asked(ROLLCALL, 1,
                     "is the question outside of the loop of the answers?");
}

Test(rollcall, it_prints_each_name_as_it_comes)
{
    struct kit_program *call = kit_start("call", "60");
    const char *inbox = inbox_of(call, 0);
    for (int i = 0; i < 25; i++) {
        const char *name = kit_text("%0*u", i * 10 + 3, kit_random(1000));
        kit_publish(inbox, name);
        kit_expect_line_text(call, name,
                             "is each answer printed at once, as a line? "
                             "does it go on for any number of answers?");
    }
    kit_publish_bytes(inbox, "a\0b\033[2J\302\233\303\251", 11);
    kit_expect_line_text(call, "a?b?[2J?\303\251",
                         "a terminal acts on it: is all of it put_text?");
}

/* Answers come for more than 0.3 s in all, less than 0.3 s one by one. */
Test(rollcall, it_ends_when_no_name_has_come_for_SECONDS)
{
    struct kit_program *patient = kit_start("call", "60");
    inbox_of(patient, 0);
    struct kit_program *call = kit_start("call", "0.3");
    const char *inbox = inbox_of(call, 1), *end = NULL;
    struct kit_string names = {0};
    double last = kit_clock();
    int sent = 0;
    while (sent < 300 && end == NULL && kit_clock() - last < 200) {
        for (int i = 0; i < 60; i++) {
            kit_string_add(&names, "%d\n", sent);
            kit_publish(inbox, kit_text("%d", sent++));
        }
        last = kit_clock();
        end = kit_await_line(call, "«N» here", 100);
    }
    kit_await_line(call, "«N» here", KIT_DEADLINE_MS);
    kit_assert_lasted(last, kit_clock(), 295,
                      "'call 0.3' goes on after the last name",
                      "does the time begin anew with each name?");
    if (!kit_running(patient))
        kit_fail("'call' waits longer than 'call 0.3'",
                 "is it quiet_ms that NextMsg waits for?", "it ended first");
    if (sent < 300)
        kit_undecided("this machine is too busy to send a name in time");
    kit_string_add(&names, "300 here\n");
    kit_expect_printed(call, names.text,
                       "is each answer printed and counted, once?");
}

Test(rollcall, it_prints_the_answers_to_its_own_question_only)
{
    const char *late = inbox_of(kit_start("call", "60"), 0);
    struct kit_program *call = kit_start("call", "60");
    const char *inbox = inbox_of(call, 1);
    kit_publish(late, "Ada");
    kit_publish(inbox, "Bea");
    kit_expect_line_text(call, "Bea", "is each answer printed at once?");
    kit_assert_output(call, "Bea\n",
                      "does each call make its own inbox (natsInbox_Create)?");
}

Test(rollcall, nobody_there_is_no_failure)
{
    kit_by_hand("request room.rollcall ''");
    kit_untap();
    kit_expect_printed(kit_start("call", "60"), "0 here\n",
                       "is NATS_NO_RESPONDERS the end, but no failure? And "
                       "did you subscribe before you asked?");
}

Test(rollcall, wrong_usage_is_refused)
{
    static const char *const wrong[] = {"0", "x", "-1", "1s", NULL};
    kit_expect_usage_errors(wrong, "is SECONDS looked at?", "call", kit_each);
    kit_expect_usage_error("has NAME a letter at least?", "answer", "");
}
