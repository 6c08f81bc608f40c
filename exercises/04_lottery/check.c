/* The lottery: every member is asked by nobody in particular, one answers. */
#include "kit/kit.h"

#include <string.h>

TestSuite(lottery, .init = kit_begin, .fini = kit_end);

#define DRAWS 200
#define DRAWS_IN_FLIGHT 600

static const char in_group[] =
    "is it natsConnection_QueueSubscribe, with the group \"lottery\" for "
    "every member?";

static const char no_reply[] = "a message that is no request has no reply "
                               "subject: natsMsg_GetReply is NULL then";
static const char usage[] = "it is `lottery NAME`; wrong usage ends with 2";

static void expect_members(size_t count)
{
    kit_expect_queue("room.lottery", "lottery", count, in_group);
    kit_expect_subscribers("room.lottery", count);
    kit_await_ready();
}

static void expect_answers(const struct kit_request draws[], int count)
{
    for (int i = 0; i < count; i++)
        kit_expect_replies(draws[i], 1,
                           "does on_draw publish to the message's reply "
                           "subject, each time, whatever the draw says?");
}

/* Which of the names the draw's only reply is; fails where it is none. */
static size_t winner_of(struct kit_request draw, const char *const names[],
                        size_t count)
{
    struct kit_replies replies = kit_replies_to(draw);
    const char *like = names[0];

    if (replies.count != 1)
        kit_fail("exactly one reply to each draw",
                 "does a member reply twice, or is not every member in the "
                 "one queue group \"lottery\"?",
                 "%zu replies to one of the draws", replies.count);
    for (size_t i = 0; i < count; i++) {
        if (kit_message_is(&replies.list[0], names[i]))
            return i;
        if (strncmp(replies.list[0].data, names[i], 4) == 0)
            like = names[i];
    }
    kit_fail(kit_text("the reply %s%s", kit_quote(like, strlen(like)),
                      count > 1 ? " or another name" : ""),
             "is it the name from the command line, and nothing else?", "%s",
             kit_difference(like, strlen(like), replies.list[0].data,
                            replies.list[0].length));
}

Test(lottery, it_answers_each_draw_with_its_name)
{
    const char *name = kit_random_word();
    const char *asked[3] = {"who wins?", "", kit_random_text(20000)};
    struct kit_request draws[3];

    kit_by_hand("request room.lottery 'who wins?'");
    kit_start(name);
    kit_expect_subscribers("room.lottery", 1);
    kit_await_ready();
    for (int i = 0; i < 3; i++)
        draws[i] = kit_ask("room.lottery", asked[i]);
    expect_answers(draws, 3);
    kit_finish();
    for (int i = 0; i < 3; i++)
        winner_of(draws[i], &name, 1);
}

Test(lottery, it_survives_a_draw_that_nobody_waits_for)
{
    const char *name = kit_random_text(3000);
    const char *far = kit_text("answers.%060d", 0);

    kit_by_hand("pub room.lottery 'who wins?'");
    kit_start(name);
    kit_expect_subscribers("room.lottery", 1);
    kit_await_ready();
    kit_publish_for_at(kit_room(), "room.lottery", far, "who wins?");
    kit_expect_message(far, name,
                       "is it all of the name, however long that or "
                       "the reply subject is?");
    kit_publish("room.lottery", "who wins?");
    kit_expect_replies(kit_ask("room.lottery", "and now?"), 1, no_reply);
    kit_finish();
    if (kit_tapped(">") != 5) /* three draws, two of them answered */
        kit_fail("what was just published is not answered", no_reply,
                 "%s besides the draws and their answers",
                 kit_count(kit_tapped(">") - 5, "message", "messages"));
}

Test(lottery, it_is_in_the_queue_group_lottery)
{
    kit_by_hand("request --replies=10 room.lottery 'who wins?'");
    kit_start("Ada");
    kit_start("Bea");
    expect_members(2);
}

Test(lottery, each_draw_has_one_winner_and_each_member_wins_sometimes)
{
    const char *names[3];
    struct kit_request draws[DRAWS];
    int wins[3] = {0};

    kit_by_hand("request --count=30 --raw room.lottery 'who wins?'");
    for (int i = 0; i < 3; i++) {
        names[i] =
            kit_text("%s%s", kit_random_word(), i < 2 ? "" : " X\u00c9 %d");
        kit_start(names[i]);
    }
    expect_members(3);
    for (int i = 0; i < DRAWS; i++)
        draws[i] = kit_ask("room.lottery", "who wins?");
    expect_answers(draws, DRAWS);
    kit_finish();

    for (int i = 0; i < DRAWS; i++)
        wins[winner_of(draws[i], names, 3)]++;
    if (wins[0] == 0 || wins[1] == 0 || wins[2] == 0)
        kit_fail(kit_text("each of three members wins some of %d draws", DRAWS),
                 in_group, "%s won %d, %s %d, %s %d", names[0], wins[0],
                 names[1], wins[1], names[2], wins[2]);
}

Test(lottery, no_draw_is_lost_when_a_member_leaves)
{
    /* A name so long that answering takes time: draws wait in her memory. */
    struct kit_program *leaving = kit_start(kit_text("Ada%060000d", 0));
    kit_start("Bea");
    expect_members(2);
    kit_untap(); /* a second copy of all that would be slow */
    kit_expect_none_lost(leaving, "room.lottery", "who wins?", DRAWS_IN_FLIGHT,
                         "is the subscription drained, and drained to its end, "
                         "before anything is destroyed?");
}

Test(lottery, it_says_why_it_cannot_play)
{
    kit_expect_usage_error(usage, NULL);
    kit_expect_usage_error(usage, "Ada", "Bea");
    kit_expect_no_server("Ada");
}
