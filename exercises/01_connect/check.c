/* connect: one connection, kept through all that happens to its servers. */
#include "kit/kit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(connect, .init = kit_begin, .fini = kit_end);

#define NOBODY "nats://127.0.0.1:1" /* no server listens there */
#define BACK_MS 5000
#define KICKS 5

/* A line, an expression, that is to be printed the nth time. */
struct awaited {
    struct kit_program *program;
    const char *line, *in_words;
    int nth, within_ms;
};

static bool is_closed(struct kit_program *program)
{
    return kit_count_lines(program, "closed") > 0;
}

static bool is_decided(void *argument)
{
    const struct awaited *a = argument;

    return kit_count_lines(a->program, a->line) >= a->nth ||
           is_closed(a->program) || !kit_running(a->program);
}

static void expect(struct awaited a, const char *why)
{
    kit_wait(is_decided, &a, a.within_ms);
    const char *seen = kit_output(a.program, NULL);
    if (is_closed(a.program))
        kit_fail("the connection stays open until the program is stopped",
                 "is nats.c told not to reconnect, or to try a few times only "
                 "(natsOptions_SetMaxReconnect)?",
                 "%s", seen);
    if (kit_count_lines(a.program, a.line) < a.nth)
        kit_fail(kit_text("within %d s the line: %s", a.within_ms / 1000,
                          a.in_words),
                 why, "%s", seen[0] != '\0' ? seen : "nothing on stdout");
}

static void expect_connected(struct kit_program *program, const char *server,
                             const char *why)
{
    const char *line =
        kit_text("connected to %s [(]room[)], rtt [1-9][0-9]* us", server);
    const char *in_words =
        kit_text("connected to %s (room), rtt «N» us",
                 strlen(server) == 2 ? server : "«server name»");

    expect((struct awaited){program, line, in_words, 1, KIT_DEADLINE_MS}, why);
}

static void expect_loss(struct kit_program *program, int nth)
{
    expect((struct awaited){program, "disconnected", "disconnected", nth,
                            KIT_DEADLINE_MS},
           "is on_disconnected registered, and does it print? nats.c calls it "
           "at each loss; who looks now and then misses short ones");
}

/* It says that it is back, and is, with one connection, which is returned. */
static struct kit_connection expect_return(struct kit_program *program, int nth)
{
    expect((struct awaited){program, "reconnected to .*",
                            "reconnected to «server name»", nth, BACK_MS},
           "is on_reconnected registered, and does it print? nats.c reconnects "
           "by itself, and calls it each time");
    struct kit_connection now = kit_expect_connection("connect");
    kit_expect_line(program, kit_text("reconnected to %s", now.server_name),
                    "is the server's name asked for anew each time?");
    return now;
}

/* It is stopped, and has said each thing as often as it happened. */
static void expect_told(struct kit_program *program, int losses)
{
    kit_stop(program);
    int lost = kit_count_lines(program, "disconnected");
    int back = kit_count_lines(program, "reconnected to .*");
    int all = kit_count_lines(program, ".*");
    if (lost != losses || back != losses || all != 2 * losses + 2)
        kit_fail(kit_text("of %d losses %d lines `disconnected` and %d "
                          "`reconnected to ...`, and %d lines in all",
                          losses, losses, losses, 2 * losses + 2),
                 "is each line printed once, in one place?", "%d, %d and %d",
                 lost, back, all);
}

/* About the learner's desk, not about the program. */
Test(connect, the_nats_cli_is_here_and_its_context_leads_to_the_room)
{
    const char *answer;

    if (kit_run("nats --version", NULL) != 0)
        kit_environment("scripts/nats-cli", "there is no nats command line");
    int status = kit_run("unset NATS_URL; nats --context room request --raw "
                         "'$SYS.REQ.USER.INFO' ''",
                         &answer);
    if (status != 0 || strstr(answer, "\"account\":\"ROOM\"") == NULL)
        kit_environment(kit_text("make shell, and there:\n"
                                 "nats context save room --select \\\n"
                                 "--server %s",
                                 getenv("KIT_SERVERS")),
                        "the nats command line has no context `room`, or it "
                        "does not lead to this room");
}

Test(connect, it_says_to_which_server_it_is_connected)
{
    kit_by_hand("account info");
    expect_connected(kit_start_alone(), "n[1-3]",
                     "once connected, does report print this line: the name "
                     "of the server, of the cluster, the round trip in "
                     "microseconds, and a newline?");
    kit_finish();
}

Test(connect, it_ends_with_status_1_when_no_server_answers_at_the_start)
{
    kit_by_hand("server check connection --server " NOBODY);
    kit_set_env("NATS_URL", NOBODY);
    struct kit_program *program = kit_start_alone();
    kit_expect_exit(program, 1,
                    "where natsConnection_Connect fails, does main end at "
                    "once, with EXIT_FAILURE? Never to give up is for a "
                    "connection that was there");
    kit_assert_output(program, "",
                      "is it printed before natsConnection_Connect returned "
                      "NATS_OK? And the reason belongs on stderr");
    const char *reason =
        kit_expect_complaint(program, ".+", "does it say why, on stderr?");
    const char *all = kit_complaints(program, NULL);
    if (strcmp(all, kit_text("%s\n", reason)) != 0)
        kit_fail("one line on stderr",
                 "natsStatus_GetText gives the reason in a few words", "%s",
                 all);
}

Test(connect, the_servers_know_it_by_the_name_connect)
{
    kit_by_hand("--user sys --password sys server report connections");
    kit_start_alone();
    kit_expect_connection("connect");
    kit_finish();
}

Test(connect, it_finds_the_only_server_that_answers)
{
    const char *const names[] = {"n1", "n2", "n3"};
    const char *const places[] = {"first", "second", "last"};
    struct kit_program *programs[3];

    kit_by_hand("account info --server " NOBODY ",$NATS_URL");
    for (int i = 0; i < 3; i++) {
        const char *url = kit_node_url(names[i]);
        kit_set_env("NATS_URL",
                    kit_text("%s,%s,%s", i == 0 ? url : NOBODY,
                             i == 1 ? url : NOBODY, i == 2 ? url : NOBODY));
        programs[i] = kit_start_alone();
        kit_may_end(programs[i]);
    }
    for (int i = 0; i < 3; i++)
        expect_connected(programs[i], names[i],
                         kit_text("of the three servers in NATS_URL only the "
                                  "%s is there: are all set? And is the name "
                                  "the server's own?",
                                  places[i]));
    kit_finish();
}

Test(connect, it_says_closed_when_it_is_stopped_and_nothing_else)
{
    struct kit_program *program = kit_start_alone();

    expect_connected(program, "n[1-3]", NULL);
    const char *connected = kit_output(program, NULL);
    kit_stop(program);
    if (!is_closed(program))
        kit_fail("at the end the line: closed",
                 "does on_closed print it, and is it registered?", "%s",
                 kit_output(program, NULL));
    kit_assert_output(program, kit_text("%sclosed\n", connected),
                      "is `closed` printed once? And to close the connection "
                      "oneself is no loss: natsConnection_IsClosed tells "
                      "on_disconnected");
}

Test(connect, it_comes_back_each_time_a_server_closes_the_connection)
{
    kit_by_hand("--user sys --password sys server request kick NUMBER SERVER");
    struct kit_program *program = kit_start_alone();

    expect_connected(program, "n[1-3]", NULL);
    struct kit_connection on = kit_expect_connection("connect");
    for (int loss = 1; loss <= KICKS; loss++) {
        kit_kick(on);
        expect_loss(program, loss);
        on = expect_return(program, loss);
    }
    expect_told(program, KICKS);
}

Test(connect, it_moves_to_another_node_and_when_all_are_gone_it_waits)
{
    kit_use_private_cluster();
    struct kit_program *program = kit_start_alone();

    expect_connected(program, "n[1-3]", NULL);
    struct kit_connection on = kit_expect_connection("connect");
    const char *first = on.server_name;
    for (int loss = 1; loss <= 3; loss++) {
        kit_node_stop(on.server_name, SIGKILL);
        expect_loss(program, loss);
        if (loss == 3)
            kit_node_start(first);
        on = expect_return(program, loss);
    }
    expect_told(program, 3);
}
