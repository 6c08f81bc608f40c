/* The lottery: every member is asked by nobody in particular, one answers. */
#include "kit/kit.h"

#include <string.h>

TestSuite(lottery, .init = kit_begin, .fini = kit_end);

#define DRAWS 200
#define DRAWS_IN_FLIGHT 1000
#define LONG_NAME 60000

static const char in_group[] =
    "is it natsConnection_QueueSubscribe, with the group \"lottery\" for "
    "every member?";

static void expect_members(size_t count)
{
    kit_expect_queue("room.lottery", "lottery", count, in_group);
    kit_expect_subscribers("room.lottery", count);
    kit_await_ready();
}

static void make_draws(struct kit_request draws[], int count)
{
    for (int i = 0; i < count; i++)
        draws[i] = kit_ask("room.lottery", "who wins?");
}

static void expect_answers(const struct kit_request draws[], int count)
{
    for (int i = 0; i < count; i++)
        kit_expect_replies(draws[i], 1,
                           "does on_draw publish to the message's reply "
                           "subject, each time?");
}

/* Which of the names the draw's only reply is; fails where it is none. */
static size_t winner_of(struct kit_request draw, const char *const names[],
                        size_t count)
{
    struct kit_replies replies = kit_replies_to(draw);

    if (replies.count != 1)
        kit_fail("exactly one reply to each draw",
                 "does a member reply twice, or is not every member in the "
                 "one queue group \"lottery\"?",
                 "%zu replies to one of the draws", replies.count);
    for (size_t i = 0; i < count; i++) {
        if (replies.list[0].length == strlen(names[i]) &&
            memcmp(replies.list[0].data, names[i], strlen(names[i])) == 0)
            return i;
    }
    kit_fail(kit_text("the reply \"%s\"%s", names[0],
                      count > 1 ? " or another name" : ""),
             "is it the name from the command line, and nothing else?", "%s",
             kit_difference(names[0], strlen(names[0]), replies.list[0].data,
                            replies.list[0].length));
}

Test(lottery, it_answers_each_draw_with_its_name)
{
    const char *name = kit_random_word();
    struct kit_request draws[3];

    kit_by_hand("request room.lottery 'who wins?'");
    kit_start(name);
    kit_expect_subscribers("room.lottery", 1);
    kit_await_ready();
    make_draws(draws, 3);
    expect_answers(draws, 3);
    kit_finish();
    for (int i = 0; i < 3; i++)
        winner_of(draws[i], &name, 1);
}

Test(lottery, it_survives_a_draw_that_nobody_waits_for)
{
    kit_by_hand("pub room.lottery 'who wins?'");
    kit_start("Ada");
    kit_expect_subscribers("room.lottery", 1);
    kit_await_ready();
    kit_publish("room.lottery", "who wins?");
    kit_expect_replies(kit_ask("room.lottery", "and now?"), 1,
                       "a message that is no request has no reply subject: "
                       "natsMsg_GetReply is NULL then");
    kit_finish();
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
        names[i] = kit_random_word();
        kit_start(names[i]);
    }
    expect_members(3);
    make_draws(draws, DRAWS);
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
    /* Her name is so long that answering takes time: draws are waiting in her
     * memory when she is to leave. */
    char ada[LONG_NAME + 1] = "Ada";

    memset(ada + 3, 'a', LONG_NAME - 3);
    struct kit_program *leaving = kit_start(ada);
    kit_start("Bea");
    expect_members(2);
    kit_untap(); /* a second copy of all that would be slow */
    kit_expect_none_lost(leaving, "room.lottery", "who wins?", DRAWS_IN_FLIGHT,
                         "is the subscription drained, and drained to its end, "
                         "before anything is destroyed?");
}
