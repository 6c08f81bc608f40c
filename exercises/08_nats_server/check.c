/* A server of one's own: named, watched, limited, and with a canary. */
#include "kit/kit.h"

#include <string.h>

TestSuite(nats_server, .init = kit_begin, .fini = kit_end);

#define GET "room.favorites.get"
#define CANARY "room.favorites.canary.get"
#define LIST "room.favorites.list"
#define REQUESTS 1000
#define MOST 65536 /* bytes in a message */

static const char *const *variables(void)
{
    return kit_variable("LOG", kit_text("\"%s\"", kit_path("server.log")));
}

static struct kit_server *start(void)
{
    return kit_launch_server("server", variables());
}

Test(nats_server, the_file_has_no_syntax_error)
{
    kit_assert_config_with(variables());
}

Test(nats_server, the_server_starts_and_is_called_mine)
{
    kit_expect_monitored(start(), "/varz", "server_name", "mine",
                         "is there a server_name? Is it mine?");
}

Test(nats_server, only_this_machine_can_connect_and_look_inside)
{
    kit_expect_written(variables(), 8333,
                       "is http an address and a port, 127.0.0.1:8333?", 4333,
                       "is listen as it was given, 127.0.0.1:4333?");
}

Test(nats_server, its_log_goes_to_a_file)
{
    const char *terminal = kit_server_log(start());
    const char *said = "the file that log_file names has what it says";

    if (terminal[0] != '\0')
        kit_fail(said, "is there a log_file?", "%zu bytes on the terminal",
                 strlen(terminal));
    if (strstr(kit_file_text("server.log"), "Server is ready") == NULL)
        kit_fail(said, "is log_file $LOG?", "nothing in $LOG");
}

Test(nats_server, a_message_has_at_most_64_KB)
{
    static const char why[] = "is max_payload 64KB?";
    struct kit_place *place = kit_as(start(), (struct kit_login){0});
    const char *text = kit_random_text(MOST + 1);

    kit_assert_allowed(kit_try_publish_at(place, "x", text, MOST), why);
    kit_assert_refused(kit_try_publish_at(place, "x", text, MOST + 1), why);
}

Test(nats_server, streams_take_at_most_100_MB_on_disk_and_16_MB_of_memory)
{
    struct kit_server *server = start();

    kit_expect_monitored(server, "/jsz", "config.max_storage", "104857600",
                         "is it in the block jetstream? Is max_file 100MB? "
                         "100M is less");
    kit_expect_monitored(server, "/jsz", "config.max_memory", "16777216",
                         "is it in the block jetstream? Is max_mem 16MB? 16M "
                         "is less");
    kit_expect_monitored(server, "/jsz", "config.store_dir",
                         kit_text("%s/jetstream", kit_server_store(server)),
                         "is store_dir $STORE, in the block jetstream?");
    struct kit_place *place = kit_as(server, (struct kit_login){0});
    kit_assert_reply(
        kit_try_request_at(place, "$JS.API.STREAM.CREATE.big",
                           kit_json("{'name':'big','max_bytes':104857601}")),
        {"error.code", ">= 400", "does max_file forbid it?"});
    kit_assert_reply(
        kit_try_request_at(place, "$JS.API.STREAM.CREATE.fits",
                           kit_json("{'name':'fits','max_bytes':104857600}")),
        {"error.description", "", "may a stream take all of it?"});
}

/* Chance cannot tell 10% from 11%, so the server is asked as well. It adds the
 * weights up, the smallest first. */
static void expect_mapping(struct kit_server *server, const char *why)
{
    const char *account =
        kit_monitored(server, "/connz?auth=true", "connections.0.account");

    kit_expect_monitored(
        server, kit_text("/accountz?acc=%s", account != NULL ? account : "$G"),
        "account_detail.mappings",
        "{\"" GET "\":[{\"subject\":\"" CANARY "\",\"weight\":10},"
        "{\"subject\":\"" GET "\",\"weight\":100}]}",
        why);
}

/* By chance: of 1,000, the canary gets 100, give or take ten; to be off by 60
 * would be a chance of one in a billion. */
Test(nats_server, one_request_in_ten_goes_to_the_canary)
{
    static const char mapped[] =
        "are the weights 90% and 10%, of what comes to " GET "?";
    static struct kit_request requests[REQUESTS];
    struct kit_server *server = start();
    struct kit_place *place = kit_at(server);

    kit_tap_at(place);
    kit_serve_at(place, GET, NULL, kit_say, "stable");
    kit_serve_at(place, CANARY, NULL, kit_say, "canary");
    kit_serve_at(place, LIST, NULL, kit_say, "[]");
    for (int i = 0; i < REQUESTS; i++)
        requests[i] = kit_ask_at(place, GET, "tea", 3);
    for (int i = 0; i < REQUESTS; i++)
        kit_expect_replies(requests[i], 1, mapped);
    size_t canary = kit_tapped_at(place, CANARY);
    if (canary < 40 || canary > 160)
        kit_fail("some 100 of 1,000 requests go to " CANARY, mapped, "%zu do",
                 canary);
    for (int i = 0; i < 100; i++)
        requests[i] = kit_ask_at(place, LIST, "", 0);
    kit_expect_each_answered(requests, 100, "[]", mapped);
    kit_expect_answer_at(place, CANARY, "tea", "canary", mapped);
    expect_mapping(server, mapped);
}
