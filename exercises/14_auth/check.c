/* Two teams on one server: who may come in, and what each may do. */
#include "kit/kit.h"

#include <string.h>

TestSuite(auth, .init = kit_begin, .fini = kit_end);

#define MOST 65536
#define LOGIN(name, secret)                                                    \
    ((struct kit_login){name, secret, .inbox_prefix = "_INBOX_" name})
#define ADMIN LOGIN("admin", "admin-works-in-team-a")
#define USER LOGIN("user", "user-just-asks-for-echoes")
#define GUEST LOGIN("guest", "guest-belongs-to-team-b")

static struct kit_login echo; /* its key is another one in each run */

static const char limited[] = "is it in the block limits of TEAM_A?";
static const char least[] = "is more allowed than is needed?";
static const char shared[] =
    "is it exported by TEAM_A, imported by TEAM_B? May echo reply to anybody?";

static const char *const *variables(void)
{
    echo = kit_nkey("echo");
    return kit_variable("ECHO_NKEY", echo.nkey);
}

static struct kit_server *start(void)
{
    return kit_launch_server("server", variables());
}

Test(auth, the_file_has_no_syntax_error)
{
    kit_assert_config_with(variables());
}

Test(auth, admin_may_do_everything_in_TEAM_A)
{
    struct kit_place *place = kit_as(start(), ADMIN);
    struct kit_attempt info = kit_try_request_at(place, "$JS.API.INFO", "");

    kit_assert_allowed(kit_try_hear_at(place, ">", place, "any.thing", "x"),
                       "has it permissions? It needs none");
    kit_assert_reply(info, {"error.description", "", "is it on in TEAM_A?"},
                     {"limits.max_storage", "10485760", "is max_file 10MB?"},
                     {"limits.max_memory", "1048576", "is max_mem 1MB?"});
}

Test(auth, TEAM_A_has_ten_connections_and_messages_of_64_KB)
{
    struct kit_server *server = start();
    struct kit_place *place = kit_as(server, ADMIN);
    const char *text = kit_random_text(MOST + 1);
    size_t count = kit_count_logins(kit_server_url(server), echo, 15);

    if (count != 10)
        kit_fail("10 connections, and no more", limited, "%zu", count);
    kit_assert_allowed(kit_try_publish_at(place, "x", text, MOST), limited);
    kit_assert_refused(kit_try_publish_at(place, "x", text, MOST + 1), limited);
}

Test(auth, echo_in_TEAM_A_answers_user_and_guest_in_TEAM_B)
{
    struct kit_server *server = start();

    kit_serve_at(kit_log_in(server, echo), "echo", NULL, kit_say, "hello");
    kit_assert_allowed(kit_try_request_at(kit_as(server, USER), "echo", "hi"),
                       "has user a publish, echo an allow_responses?");
    kit_assert_allowed(kit_try_request_at(kit_as(server, GUEST), "echo", "hi"),
                       shared);
}

Test(auth, user_may_do_nothing_else)
{
    struct kit_place *place = kit_as(start(), USER);

    kit_assert_allowed(kit_try_subscribe_at(place, "_INBOX_user.>", NULL),
                       NULL);
    kit_assert_publish_refused(place, least, "news.x", "echo.x", "x", "x.y",
                               "_INBOX_admin.x", "_INBOX_user.x", "$SRV.PING",
                               "$JS.API.INFO", "$SYS.REQ.USER.INFO", "_R_.x");
    kit_assert_subscribe_refused(place, least, ">", "*", "echo", "_INBOX.>",
                                 "_INBOX.x", "_INBOX_admin.>", "news.>", "x",
                                 "x.y", "*.>", "$SYS.>", "$SRV.>", "$JS.>");
    kit_assert_refused(kit_try_subscribe_at(place, "echo", "group"), least);
}

Test(auth, echo_may_reply_once_and_do_nothing_else)
{
    struct kit_server *server = start();
    struct kit_place *place = kit_as(server, echo);
    struct kit_place *asker = kit_as(server, USER);

    kit_assert_allowed(kit_try_reply_at(place, "echo", asker, 1), NULL);
    kit_assert_refused(kit_try_reply_at(place, "echo", asker, 2),
                       "does allow_responses say max: 1?");
    kit_assert_allowed(kit_try_subscribe_at(place, "$SRV.PING", NULL), NULL);
    kit_assert_publish_refused(place, least, "echo", "news.x", "x", "x.y",
                               "_INBOX_user.x", "_INBOX.x", "$JS.API.INFO");
    kit_assert_subscribe_refused(place, least, ">", "*", "x", "news.>",
                                 "_INBOX.>", "_INBOX_user.>", "$JS.>");
}

Test(auth, guest_may_hear_the_news_of_TEAM_A_and_do_nothing_else)
{
    struct kit_server *server = start();
    struct kit_place *place = kit_as(server, GUEST);

    kit_assert_allowed(kit_try_hear_at(place, "news.>", kit_as(server, ADMIN),
                                       "news.x.y", "hi"),
                       "is it exported by TEAM_A, imported by TEAM_B?");
    kit_assert_publish_refused(place, least, "news.x", "x", "x.y", "echo.x",
                               "$JS.API.INFO", "_INBOX_admin.x");
    kit_assert_subscribe_refused(place, least, ">", "*", "x", "echo",
                                 "_INBOX.>", "_INBOX_user.>", "$SYS.>");
    kit_expect_monitored(server, "/accountz?acc=TEAM_A",
                         "account_detail.exports.1.approved_accounts.0|"
                         "account_detail.exports.0.approved_accounts.0",
                         "TEAM_B", "may other accounts import the news?");
}

Test(auth, nobody_else_may_log_in)
{
    struct kit_server *server = start();
    struct kit_login forger = {.nkey = echo.nkey,
                               .seed = kit_nkey("other").seed};

    kit_assert_logins_refused(
        server, "does somebody need no password, or another one?",
        {.user = NULL}, LOGIN("admin", ""),
        LOGIN("user", "admin-works-in-team-a"), LOGIN("sys", ""),
        LOGIN("sys", "sys"), LOGIN("echo", ""), forger);
    if (strstr(kit_server_log(server), "Plaintext passwords") != NULL)
        kit_fail("passwords are in the file as hashes", "nats server passwd",
                 "the server warns: Plaintext passwords detected");
}

Test(auth, user_may_only_connect_as_an_ordinary_client)
{
    kit_assert_refused(kit_try_mqtt(kit_launch_for_mqtt(variables()), USER),
                       "is allowed_connection_types [\"STANDARD\"]?");
}
