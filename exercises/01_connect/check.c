/* One connection, kept through all that happens to its servers. */
#include "kit/kit.h"

TestSuite(connect, .init = kit_begin, .fini = kit_end);

#define NOBODY "nats://127.0.0.1:1" /* no server listens there */
#define CONNECTED "connected to %s (%s), rtt «N:[1-9][0-9]*» us"
#define AS_SYS "--user=sys --password=$SYS_PASSWORD"
#define ANY_SERVER "«server name:n[1-3]»"

/* Returns the round trip time that it prints, in microseconds. */
static long expect_connected(struct kit_program *program, const char *server,
                             const char *cluster, const char *why)
{
    const char *line =
        kit_expect_line(program, kit_text(CONNECTED, server, cluster), why);
    kit_forbid_line(program, "closed",
                    "the connection stays open until the program is stopped",
                    "is nats.c told not to reconnect, or to try a few times "
                    "only (natsOptions_SetMaxReconnect)?");
    return kit_number_after(line, "rtt ");
}

/* It is lost, and once a node is started, if any, back; the connection now. */
static struct kit_connection expect_back(struct kit_program *program,
                                         const char *start)
{
    kit_expect_line(program, "disconnected",
                    "is on_disconnected registered, and does it print? nats.c "
                    "calls it at each loss; who looks now and then misses "
                    "short ones");
    if (start != NULL)
        kit_node_start(start);
    const char *line = kit_expect_line_within(
        program, "reconnected to «server name»", 5000,
        "is on_reconnected registered, and does it print? nats.c reconnects by "
        "itself, and calls it each time");
    struct kit_connection now = kit_expect_connection("connect");
    kit_assert_text(line, kit_text("reconnected to %s", now.server_name),
                    "is the server's name asked for anew each time?");
    return now;
}

Test(connect, the_nats_cli_is_here_and_its_context_leads_to_the_room)
{
    kit_expect_context("room");
}

Test(connect, it_says_to_which_server_it_is_connected)
{
    kit_by_hand("account info");
    expect_connected(kit_start_alone(), ANY_SERVER, "room",
                     "once connected, does report print this line: the name of "
                     "the server, of the cluster, the round trip in "
                     "microseconds, and a newline?");
    kit_finish();
    kit_expect_usage_error("wrong usage ends with 2: is argc looked at?",
                           "room");
}

Test(connect, it_ends_with_status_1_when_no_server_answers_at_the_start)
{
    kit_by_hand("server check connection --server " NOBODY);
    kit_set_env("NATS_URL", NOBODY);
    struct kit_program *program = kit_start_alone();
    kit_expect_exit(program, 1, "does main end at once, with EXIT_FAILURE?");
    kit_assert_output(program, "",
                      "is it printed before natsConnection_Connect returned "
                      "NATS_OK? And the reason belongs on stderr");
    kit_expect_failure(program, 1, "«reason»", "does it say why, on stderr?");
}

Test(connect, the_servers_know_it_by_the_name_connect)
{
    kit_by_hand("server report connections " AS_SYS);
    expect_connected(kit_start_alone(), ANY_SERVER, "room", NULL);
    kit_expect_connection("connect");
    kit_finish();
}

Test(connect, it_finds_the_only_server_that_answers)
{
    const char *const names[] = {"n1", "n2", "n3"};
    const char *const places[] = {"first", "second", "last"};
    int slow = 0;

    kit_by_hand("account info --server " NOBODY ",$NATS_URL");
    for (int i = 0; i < 3; i++) {
        const char *u[] = {NOBODY, NOBODY, NOBODY};
        u[i] = kit_node_url(names[i]);
        kit_set_env("NATS_URL", kit_text("%s,%s,%s", u[0], u[1], u[2]));
        struct kit_program *program = kit_start_alone();
        kit_may_end(program);
        const char *why = kit_text("in NATS_URL only the %s is there: are all "
                                   "set? And is the name the server's own?",
                                   places[i]);
        slow += expect_connected(program, names[i], "room", why) > 50000;
    }
    if (slow == 3)
        kit_fail("a round trip in microseconds", "nats.c counts in nanoseconds",
                 "more than 50000, three times");
    kit_finish();
}

Test(connect, it_says_closed_when_it_is_stopped_and_nothing_else)
{
    struct kit_program *program = kit_start_alone();
    expect_connected(program, ANY_SERVER, "room", NULL);
    kit_stop(program);
    kit_expect_line(program, "closed",
                    "does on_closed print it, and is it registered?");
    kit_assert_line_count(
        program, "…", 2,
        "is `closed` printed once? And to close the connection oneself is no "
        "loss: natsConnection_IsClosed tells on_disconnected");
}

Test(connect, it_comes_back_each_time_a_server_closes_the_connection)
{
    kit_by_hand("server request kick NUMBER SERVER " AS_SYS);
    struct kit_program *program = kit_start_alone();
    expect_connected(program, ANY_SERVER, "room", NULL);
    struct kit_connection on = kit_expect_connection("connect");
    for (int loss = 1; loss <= 5; loss++) {
        kit_kick(on);
        on = expect_back(program, NULL);
    }
    kit_stop_by(program, SIGTERM);
    kit_assert_line_count(program, "…", 12, "is each line printed once?");
}

Test(connect, it_moves_to_another_node_and_when_all_are_gone_it_waits)
{
    kit_use_private_cluster();
    struct kit_program *program = kit_start_alone();
    expect_connected(program, ANY_SERVER, KIT_OWN_ROOM,
                     "this cluster has another name: is it asked for?");
    kit_watch_idle(program);
    struct kit_connection on = kit_expect_connection("connect");
    const char *first = on.server_name;
    for (int loss = 1; loss <= 3; loss++) {
        kit_node_stop(on.server_name, SIGKILL);
        on = expect_back(program, loss == 3 ? first : NULL);
    }
    kit_node_stop(on.server_name, SIGKILL);
    kit_await_line(program, "disconnected", KIT_DEADLINE_MS);
    kit_assert_idle(program);
    kit_stop(program);
    kit_assert_line_count(program, "…", 9, "is each line printed once?");
}
