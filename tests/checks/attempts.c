/* What a login may do, and what it may not: tests/programs/accounts.conf. */
#include "kit/kit.h"

#include <stdlib.h>
#include <string.h>

TestSuite(attempts, .init = kit_begin, .fini = kit_end);

static const struct kit_login admin = {.user = "admin", .password = "admin"};
static const struct kit_login user = {.user = "user",
                                      .password = "sesame is no password",
                                      .inbox_prefix = "_INBOX_user"};
static const struct kit_login responder = {.user = "responder",
                                           .password = "responder"};
static const struct kit_login b = {.user = "b", .password = "b"};

/* The nth line of what a command prints. */
static const char *line_of(const char *output, int n)
{
    for (; n > 0; n--)
        output += strcspn(output, "\n") + 1;
    return kit_text("%.*s", (int)strcspn(output, "\n"), output);
}

/* Its key and its hash are made anew: none stands in a file. */
static struct kit_server *start_for(struct kit_login device)
{
    const char *hash;

    kit_run("nats server passwd --cost 4 --pass 'sesame is no password'",
            &hash);
    return kit_launch_server(
        "server",
        (const char *const[]){kit_text("KEY=%s", device.nkey),
                              kit_text("HASH=\"%s\"", line_of(hash, 0)), NULL});
}

static struct kit_server *start(void)
{
    return start_for(kit_nkey("device"));
}

Test(attempts, a_login_is_let_in_or_refused)
{
    struct kit_login device = kit_nkey("device");
    struct kit_server *server = start_for(device);
    const char *url = kit_server_url(server);
    struct kit_login other = {.user = "user", .password = "sesam"};
    struct kit_login nobody = {0};

    kit_assert_allowed(kit_try_login(url, admin), NULL);
    kit_assert_allowed(kit_try_login(url, user), NULL);
    kit_assert_allowed(kit_try_login(url, device), NULL);
    kit_assert_refused(kit_try_login(url, nobody), "is there a no_auth_user?");
    kit_assert_refused(kit_try_login(url, other), NULL);
    other.user = "stranger";
    kit_assert_refused(kit_try_login(url, other), NULL);
    device.seed = kit_nkey("other").seed;
    kit_assert_refused(kit_try_login(url, device), NULL);
}

struct deed {
    const char *subject;
    bool allowed;
};

static void try_publishing(struct kit_place *place, const struct deed *deeds)
{
    for (; deeds->subject != NULL; deeds++)
        kit_assert_outcome(
            kit_try_publish_at(place, deeds->subject, "x", 1),
            deeds->allowed ? KIT_ALLOWED : KIT_REFUSED,
            "is the list of what user may publish as short as can be?");
}

static void try_subscribing(struct kit_place *place, const struct deed *deeds)
{
    for (; deeds->subject != NULL; deeds++)
        kit_assert_outcome(kit_try_subscribe_at(place, deeds->subject, NULL),
                           deeds->allowed ? KIT_ALLOWED : KIT_REFUSED,
                           "is an inbox everybody's?");
}

Test(attempts, a_user_may_do_what_it_is_permitted_and_no_more)
{
    struct kit_place *place = kit_log_in(start(), user);

    try_publishing(place, (const struct deed[]){{"echo", true},
                                                {"orders.7.new", true},
                                                {"orders.7.8.new", false},
                                                {"orders.7", false},
                                                {"echo.more", false},
                                                {"news.today", false},
                                                {"$SYS.REQ.USER.INFO", false},
                                                {"$JS.API.INFO", false},
                                                {"_INBOX.x", false},
                                                {NULL, false}});
    try_subscribing(place, (const struct deed[]){{"_INBOX_user.1", true},
                                                 {"news.today", true},
                                                 {"news.secret", false},
                                                 {"news.>", true},
                                                 {"_INBOX.>", false},
                                                 {"jobs", false},
                                                 {"echo", false},
                                                 {">", false},
                                                 {NULL, false}});
    kit_assert_allowed(kit_try_subscribe_at(place, "jobs", "workers"), NULL);
    kit_assert_refused(kit_try_subscribe_at(place, "jobs", "idlers"), NULL);
}

Test(attempts, the_user_with_the_nkey_has_permissions_of_its_own)
{
    struct kit_login device = kit_nkey("device");
    struct kit_place *place = kit_log_in(start_for(device), device);

    try_publishing(place, (const struct deed[]){{"devices.d7", true},
                                                {"echo", false},
                                                {NULL, false}});
    cr_assert(strstr(kit_try_publish_at(place, "echo", "", 0).text,
                     "Permissions Violation for Publish to \"echo\""));
}

Test(attempts, a_limit_is_a_refusal)
{
    static const char payload[128 * 1024];
    struct kit_server *server = start();
    struct kit_place *place = kit_log_in(server, admin);

    kit_assert_allowed(kit_try_publish_at(place, "a", payload, 1024), NULL);
    kit_assert_refused(kit_try_publish_at(place, "a", payload, 1025), NULL);
    kit_assert_refused(kit_try_publish_at(place, "a", payload, sizeof(payload)),
                       NULL);
    struct kit_place *other = kit_log_in(server, b);
    kit_assert_allowed(kit_try_publish_at(other, "a", payload, 1025), NULL);
    size_t most = kit_count_logins(kit_server_url(server), admin, 30);
    cr_assert_eq(most, 17, "%zu, beside the place's three", most);
    most = kit_count_logins(kit_server_url(server), b, 30);
    cr_assert_eq(most, 30, "%zu, of the other account", most);
}

Test(attempts, a_request_has_an_answer_or_nobody_or_silence)
{
    struct kit_server *server = start();
    struct kit_place *place = kit_log_in(server, user);
    struct kit_place *boss = kit_log_in(server, admin);

    kit_assert_outcome(kit_try_request_at(place, "echo", ""), KIT_NOBODY, NULL);
    kit_serve_at(boss, "quiet", NULL, kit_keep_silent, NULL);
    kit_assert_outcome(kit_try_request_at(boss, "quiet", ""), KIT_UNANSWERED,
                       NULL);
    kit_assert_refused(kit_try_request_at(place, "quiet", ""), NULL);
    kit_serve_at(kit_log_in(server, responder), "echo", NULL, kit_say, "hi");
    struct kit_attempt attempt = kit_try_request_at(place, "echo", "");
    kit_assert_allowed(attempt, "may the responder reply?");
    cr_assert_str_eq(attempt.text, "hi");
}

Test(attempts, a_responder_replies_and_publishes_nothing_else)
{
    struct kit_server *server = start();
    struct kit_place *place = kit_log_in(server, responder);

    kit_serve_at(place, "echo", NULL, kit_say, "hi");
    kit_assert_allowed(kit_try_request_at(kit_log_in(server, b), "echo", ""),
                       "is echo exported, and imported?");
    kit_assert_refused(kit_try_publish_at(place, "_INBOX.x", "", 0), NULL);
    kit_assert_refused(kit_try_publish_at(place, "echo", "", 0), NULL);
}

Test(attempts, one_account_is_not_heard_in_another)
{
    struct kit_server *server = start();
    struct kit_place *team_a = kit_log_in(server, admin);
    struct kit_place *team_b = kit_log_in(server, b);

    kit_serve_at(team_a, "private", NULL, kit_say, "hi");
    kit_assert_outcome(kit_try_request_at(team_b, "private", ""), KIT_NOBODY,
                       NULL);
    struct kit_attempt mine = kit_try_request_at(team_a, "$JS.API.INFO", "");
    struct kit_attempt other = kit_try_request_at(team_b, "$JS.API.INFO", "");
    cr_assert(strstr(mine.text, "limits"), "%s", mine.text);
    cr_assert(strstr(other.text, "not enabled"), "%s", other.text);
    kit_assert_allowed(
        kit_try_hear_at(team_a, "news.*", team_a, "news.1", "hi"), NULL);
    kit_assert_outcome(kit_try_hear_at(team_b, ">", team_a, "jobs", "hi"),
                       KIT_UNANSWERED, NULL);
}

/* One connection does for many attempts, also the same one again. */
Test(attempts, a_place_aside_logs_in_once_for_what_is_not_refused_twice)
{
    struct kit_server *server = start();
    struct kit_place *place = kit_as(server, user);

    for (int i = 0; i < 2; i++) {
        kit_assert_refused(kit_try_publish_at(place, "a", "", 0), NULL);
        kit_assert_allowed(kit_try_publish_at(place, "echo", "", 0), NULL);
        kit_assert_refused(kit_try_subscribe_at(place, "a.b", NULL), NULL);
        kit_assert_allowed(kit_try_subscribe_at(place, "news.>", NULL), NULL);
    }
    for (int i = 0; i < 2; i++)
        kit_assert_refused(kit_try_publish_at(place, "a", "", 0), NULL);
    const char *logins = kit_monitored(server, "/varz", "total_connections");
    cr_assert_str_eq(logins, "2", "%s: one, and one for the last a", logins);
}
