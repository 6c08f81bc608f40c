/* Two teams on one server: who may come in, and what each may do. */
#include "kit/kit.h"

#include <string.h>

TestSuite(auth, .init = kit_begin, .fini = kit_end);

#define EXPORT "account_detail.exports."
#define LOGIN(name, secret)                                                    \
    ((struct kit_login){name, secret, .inbox_prefix = "_INBOX_" name})
#define USER LOGIN("user", "user-just-asks-for-echoes")

static struct kit_login key; /* of echo: another one in each run */
static struct kit_server *server;
static struct kit_place *admin, *user, *echo, *guest;

static const char limited[] = "is it in the block limits of TEAM_A?";
static const char more[] = "is more allowed than is needed?";
static const char shared[] =
    "is it exported by TEAM_A, imported by TEAM_B? May echo reply to anybody?";

static const char *const *variables(void)
{
    key = kit_nkey("echo");
    return kit_variable("ECHO_NKEY", key.nkey);
}

static void start(void)
{
    server = kit_launch_server("server", variables());
    admin = kit_as(server, LOGIN("admin", "admin-works-in-team-a"));
    user = kit_as(server, USER);
    echo = kit_as(server, key);
    guest = kit_as(server, LOGIN("guest", "guest-belongs-to-team-b"));
}

Test(auth, the_file_has_no_syntax_error)
{
    kit_assert_config_with(variables());
}

Test(auth, admin_may_do_everything_in_TEAM_A)
{
    start();
    kit_assert_allowed(kit_try_hear_at(admin, ">", admin, "any.thing", "x"),
                       "has it permissions? It needs none");
    kit_assert_reply(kit_try_request_at(admin, "$JS.API.INFO", ""),
                     {"error.description", "", "is it on in TEAM_A?"},
                     {"limits.max_storage", "10485760", "is max_file 10MB?"},
                     {"limits.max_memory", "1048576", "is max_mem 1MB?"});
}

Test(auth, TEAM_A_has_ten_connections_and_messages_of_64_KB)
{
    start();
    const char *text = kit_random_text(65537);
    size_t count = kit_count_logins(kit_server_url(server), key, 15);
    if (count != 10)
        kit_fail("10 connections of echo, and no more", limited, "%zu", count);
    kit_assert_allowed(kit_try_publish_at(admin, "x", text, 65536), limited);
    kit_assert_refused(kit_try_publish_at(admin, "x", text, 65537), limited);
    kit_assert_monitored(server, "/varz", {"max_connections", ">= 11", limited},
                         {"max_payload", ">= 65537", limited});
}

Test(auth, echo_in_TEAM_A_answers_user_and_guest_in_TEAM_B)
{
    start();
    kit_serve_at(kit_log_in(server, key), "echo", NULL, kit_say, "hello");
    kit_assert_allowed(kit_try_request_at(user, "echo", "hi"),
                       "has user a publish, echo an allow_responses?");
    kit_assert_allowed(kit_try_request_at(guest, "echo", "hi"), shared);
}

Test(auth, user_may_do_nothing_else)
{
    start();
    kit_assert_allowed(
        kit_try_hear_at(user, "_INBOX_user.>", admin, "_INBOX_user.x.y", "hi"),
        "is user in TEAM_A?");
    kit_assert_refused(kit_try_reply_at(user, "_INBOX_user.x", admin, 1), more);
    kit_assert_publish_refused(user, more, "news.x", "echo.x", "x", "x.y",
                               "_INBOX_admin.x", "_INBOX_user.x", "$SRV.PING",
                               "$JS.API.INFO", "$SYS.REQ.USER.INFO", "_R_.x");
    kit_assert_subscribe_refused(user, more, ">", "*", "echo", "_INBOX.>",
                                 "_INBOX.x", "_INBOX_admin.>", "news.>", "x",
                                 "x.y", "*.>", "$SYS.>", "$SRV.>", "$JS.>");
    kit_assert_refused(kit_try_subscribe_at(user, "echo", "group"), more);
}

Test(auth, echo_may_reply_once_and_do_nothing_else)
{
    start();
    kit_assert_allowed(kit_try_reply_at(echo, "echo", user, 1), NULL);
    kit_assert_refused(kit_try_reply_at(echo, "echo", user, 2),
                       "does allow_responses say max: 1?");
    kit_assert_allowed(kit_try_subscribe_at(echo, "$SRV.PING.echo.1", NULL),
                       "may echo subscribe to $SRV.>?");
    kit_assert_publish_refused(echo, more, "echo", "echo.x", "news.x", "x",
                               "x.y", "_INBOX_user.x", "_INBOX_guest.x",
                               "_INBOX.x", "$SRV.PING", "$JS.API.INFO");
    kit_assert_subscribe_refused(echo, more, ">", "*", "x", "echo.x", "news.>",
                                 "_INBOX.>", "_INBOX_user.>", "$JS.>");
}

Test(auth, guest_may_hear_the_news_of_TEAM_A_and_do_nothing_else)
{
    start();
    kit_assert_allowed(kit_try_hear_at(guest, "news.>", admin, "news.x.y", ""),
                       "is it exported by TEAM_A, imported by TEAM_B?");
    kit_assert_allowed(kit_try_subscribe_at(guest, "news.x.y", NULL),
                       "may guest subscribe to news.>, and not just news.*?");
    kit_assert_refused(kit_try_reply_at(guest, "news.x", admin, 1), more);
    kit_assert_publish_refused(guest, more, "news.x", "x", "x.y", "echo.x",
                               "$SRV.PING", "$JS.API.INFO", "_INBOX_guest.x");
    kit_assert_subscribe_refused(guest, more, ">", "*", "x", "echo", "news",
                                 "_INBOX.>", "_INBOX_user.>", "$SYS.>");
    kit_assert_monitored(
        server, "/accountz?acc=TEAM_A",
        {EXPORT "#", "2", "is more exported than is needed?"},
        {EXPORT "0.subject", "echo", "is echo exported?"},
        {EXPORT "1.subject", "news.>", "is it exported as news.>?"},
        {EXPORT "1.approved_accounts", "[\"TEAM_B\"]",
         "may other accounts import the news?"});
    kit_assert_monitored(
        server, "/accountz?acc=TEAM_B",
        {"account_detail.client_connections", ">= 1", "is guest in TEAM_B?"},
        {"account_detail.jetstream_enabled", "false",
         "is it for TEAM_A only?"});
}

Test(auth, nobody_else_may_log_in)
{
    start();
    kit_assert_logins_refused(
        server, "does somebody need no password, or another one?",
        {.user = NULL}, LOGIN("admin", ""),
        LOGIN("user", "admin-works-in-team-a"), LOGIN("sys", ""),
        LOGIN("sys", "sys"), LOGIN("echo", ""),
        {.nkey = key.nkey, .seed = kit_nkey("other").seed});
    if (strstr(kit_server_log(server), "Plaintext passwords") != NULL)
        kit_fail("each password is a hash", "nats server passwd",
                 "the server warns: Plaintext passwords detected");
}

Test(auth, user_may_only_connect_as_an_ordinary_client)
{
    kit_assert_doors_refused(kit_launch_with_doors(variables()), USER,
                             "is allowed_connection_types [\"STANDARD\"]?");
}
