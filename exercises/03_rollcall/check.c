/* One asks, everybody answers, and silence is the end. */
#include "kit/kit.h"

TestSuite(rollcall, .init = kit_begin, .fini = kit_end);

#define ROLLCALL "room.rollcall"

static const char silent[] = "is NATS_TIMEOUT the end, but no failure?";
static const char each[] =
    "does on_call publish to the message's reply subject, each time?";
static const char anew[] = "does the time begin anew with each name?";
static const char printed[] = "is each answer printed at once, as a line?";

static struct kit_program *answering(const char *name)
{
    struct kit_program *program = kit_start("answer", name);

    kit_expect_subscribers(ROLLCALL, 1);
    kit_await_ready();
    return program;
}

/* The name is so long that calls pile up while it answers. */
Test(rollcall, who_answers_replies_a_name_to_each_call)
{
    const char *name = kit_random_text(30000);
    kit_by_hand("request room.rollcall ''");
    struct kit_program *program = answering(name);
    struct kit_request calls[] = {kit_ask(ROLLCALL, ""), kit_ask(ROLLCALL, "")};
    kit_expect_each_answered(calls, 2, name, each);
    kit_expect_none_lost(program, ROLLCALL, "", 500, "does leave drain?");
}

Test(rollcall, it_survives_a_call_that_nobody_waits_for)
{
    kit_by_hand("pub room.rollcall ''");
    answering("Ada");
    kit_publish(ROLLCALL, "");
    kit_expect_replies(kit_ask(ROLLCALL, ""), 1, "natsMsg_GetReply is NULL");
    kit_kick(kit_connections().list[0]);
    kit_expect_subscribers(ROLLCALL, 1); /* it comes back */
    kit_expect_replies(kit_ask(ROLLCALL, ""), 1, "does it answer after that?");
    kit_finish();
    kit_assert_asked(ROLLCALL ".>", 0, "nobody waits there");
}

Test(rollcall, everybody_answers_the_same_call)
{
    kit_by_hand("request --replies=10 room.rollcall ''");
    const char *const names[] = {"Ada", "bea-lovelace_\303\251", "100%s"};
    for (int i = 0; i < 3; i++)
        kit_start("answer", names[i]);
    kit_expect_queue(ROLLCALL, "", 3, "in a group only one gets it");
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
    const char *why = "is it PublishRequest, with the inbox?";

    kit_by_hand("reply room.rollcall Ada --queue=''");
    return kit_expect_request(kit_brief(call), ROLLCALL, nth, why)->reply;
}

Test(rollcall, who_calls_asks_once_and_waits_for_SECONDS)
{
    double start = kit_clock();
    struct kit_program *brief = kit_start_brief("call", "0.3");
    struct kit_program *call = kit_start_brief("call");
    struct kit_program *longer = kit_start_brief("call", "1.6");
    inbox_of(brief, 0);
    inbox_of(longer, 2);
    kit_expect_printed(brief, "0 here\n", silent);
    kit_expect_printed(call, "0 here\n", silent);
    kit_assert_lasted(start, kit_printed_at(call), 1000, "it waits", "1 s");
    kit_assert_lasted(kit_printed_at(brief), kit_printed_at(call), 300,
                      "'call 0.3' ends earlier", "is it a whole number?");
    if (!kit_running(longer) || kit_printed_at(brief) - start > 2000)
        kit_fail("it ends after SECONDS, 1 by default", NULL, "later");
    kit_assert_asked(ROLLCALL, 3, "is the question outside of the loop?");
}

Test(rollcall, it_prints_each_name_as_it_comes)
{
    struct kit_program *call = kit_start("call", "60");
    const char *inbox = inbox_of(call, 0);
    for (size_t i = 0; i < 25; i++) {
        const char *name = kit_random_text(i * 10);
        kit_publish(inbox, name);
        kit_expect_line_text(call, name, printed);
    }
    kit_publish_bytes(inbox, "a\0b\033[2J\302\233\303\251", 11);
    kit_expect_line_text(call, "a?b?[2J?\303\251", "is it put_text?");
}

/* Answers come for more than 0.3 s in all, less than 0.3 s one by one. */
Test(rollcall, it_ends_when_no_name_has_come_for_SECONDS)
{
    struct kit_program *call = kit_start("call", "0.3");
    const char *inbox = inbox_of(call, 0), *end = NULL;
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
    kit_string_add(&names, "%d here\n", sent);
    kit_expect_printed(call, names.text, anew);
    kit_assert_lasted(last, kit_printed_at(call), 295, "it goes on", anew);
    if (sent < 300)
        kit_undecided("this machine is too busy to send a name in time");
}

Test(rollcall, it_prints_the_answers_to_its_own_question_only)
{
    const char *late = inbox_of(kit_start("call", "60"), 0);
    struct kit_program *call = kit_start("call", "60");
    const char *inbox = inbox_of(call, 1);
    kit_publish(late, "Ada");
    kit_publish(inbox, "Bea");
    kit_expect_line_text(call, "Bea", printed);
    kit_assert_output(call, "Bea\n", "is the inbox natsInbox_Create's?");
}

Test(rollcall, nobody_there_is_no_failure)
{
    kit_by_hand("request room.rollcall ''");
    kit_untap();
    kit_expect_printed(kit_start("call", "60"), "0 here\n",
                       "is NATS_NO_RESPONDERS the end?");
}

Test(rollcall, wrong_usage_is_refused)
{
    static const char *const wrong[] = {"0", "x", "-1", "1s", NULL};
    kit_expect_usage_errors(wrong, "is SECONDS looked at?", "call", kit_each);
    kit_expect_usage_error("has NAME a letter at least?", "answer", "");
    kit_expect_no_server("answer", "Ada");
}
