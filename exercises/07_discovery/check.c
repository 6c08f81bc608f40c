/* Who is in the room: found, listed, and asked. */
#include "kit/kit.h"

TestSuite(discovery, .init = kit_begin, .fini = kit_end);

static const char quiet[] = "are answers taken until none came for QUIET_MS?";
static const char rows[] = "is a row added for each, and are they printed?";
static const char at_once[] = "are all asked, as INFO says, and then awaited?";
static const char values[] = "is there a row for each answer, by its owner?";
#define info kit_service_info
#define likes(owner, id) info("favorites", owner, id)
static struct kit_program *who;
static const char *to; /* where to answer its question */

/* From here on the check is the services: who are they? */
static void start(const char *argument, const char *filter)
{
    static size_t runs;

    who = kit_start_brief(argument);
    to = kit_expect_empty_request(who, filter, runs++, "is it PublishRequest?");
}

static const char *asked(const char *owner)
{
    const char *get = kit_text("favorites.%s.get", owner);

    kit_expect_question(get, at_once);
    return kit_tapped_message(get, 0)->reply;
}

Test(discovery, who_lists_every_service_sorted)
{
    kit_by_hand("request --replies=10 '$SRV.INFO' ''");
    start(NULL, "$SRV.INFO");
    kit_publish_each(to, likes("ada", "A1"), likes("bea", "B2"),
                     info("tea", "a\\u001b[2J", "C\\tD"));
    kit_expect_printed(who,
                       "a?[2J\ttea\t1.2.3\tC?D\tlist,get\n"
                       "ada\tfavorites\t1.2.3\tA1\tlist,get\n"
                       "bea\tfavorites\t1.2.3\tB2\tlist,get\n",
                       rows);
}

Test(discovery, it_survives_what_is_not_JSON)
{
    start(NULL, "$SRV.INFO");
    kit_publish_each(to, "", "7", "[1]", "\033[2J", kit_json("{'a':[{'b':}]}"),
                     kit_json("{'metadata':3,'endpoints':{},'name':[]}"),
                     kit_json("{'x':'%s'}", kit_random_text(20000)),
                     info("tea", "ada", "A1"));
    kit_expect_printed(
        who, "-\t-\t-\t-\t-\n-\t-\t-\t-\t-\nada\ttea\t1.2.3\tA1\tlist,get\n",
        "does it go on with the next answer?");
    kit_expect_complaint(who, "…not JSON: ?[2J…", "is it told, by put_text?");
}

Test(discovery, a_thousand_services_are_listed)
{
    struct kit_string all = {0};
    kit_be_patient(10000); /* a slow machine has much to do */
    start(NULL, "$SRV.INFO");
    for (int i = 1000; i < 2000; i++) {
        kit_publish(to, info("tea", "ada", kit_text("%d", i)));
        kit_string_add(&all, "ada\ttea\t1.2.3\t%d\tlist,get\n", i);
        if (i < 1006) /* longer in all than QUIET_MS */
            kit_await_line(who, "no such line", 100);
    }
    kit_expect_printed(who, all.text, quiet);
}

Test(discovery, who_KEY_asks_every_favorites_service_at_once)
{
    start("tea", "$SRV.>");
    kit_publish_each(to, likes("cyd", "1"), likes("ada", "2"),
                     likes("ada", "3"), likes("bea", "4"), likes("eve", "5"),
                     likes("hal", "6"));
    const char *cyd = asked("cyd"), *ada = asked("ada");
    const char *bea = asked("bea"), *eve = asked("eve");
    asked("hal"); /* who is silent, and keeps nobody waiting */
    const struct kit_message *first = kit_tapped_message("*.cyd.get", 0);
    if (kit_tapped_message("*.hal.get", 0)->at - first->at > 250)
        kit_fail("all are asked at once", at_once, "one after another");
    kit_publish_bytes(ada, "100%s\0\033é", 9);
    kit_reply_error_at(kit_room(), bea, "404", "no tea");
    kit_reply_error_at(kit_room(), eve, "400", "not found: \033 tea");
    kit_publish(cyd, "");
    kit_expect_printed(who, "ada: 100%s??é\nbea: -\ncyd: \n", values);
    kit_expect_complaint(who, "…eve…400…not found: ? tea…", "is only 404 a -?");
    kit_assert_asked("*.ada.get", 1, "its instances share one subject");
    if (kit_printed_at(who) - first->at > 2000)
        kit_fail("it ends QUIET_MS after the last answer", quiet, "later");
}

Test(discovery, who_KEY_asks_favorites_only_where_they_say)
{
    const char *value = kit_random_text(20000), *key = kit_text("--%s", value);
    struct kit_string all = {0};
    start(key, "$SRV.>");
    for (int i = 10; i < 22; i++)
        kit_publish(to, likes(kit_text("%d", i), "1"));
    kit_publish(to, likes("\\u0080", "1"));
    if (kit_tapped("$SRV.INFO.*") == 0) /* then it looks at the names */
        kit_publish(to, info("guestbook", "bea", "2"));
    kit_publish(to, kit_json("{'name':'favorites','endpoints':[{'name':'get',"
                             "'subject':'a b'},{'name':'get'}]}"));
    for (int i = 10; i < 22; i++) {
        kit_publish(asked(kit_text("%d", i)), kit_text("%d of them", i));
        kit_string_add(&all, "%d: %d of them\n", i, i);
    }
    kit_publish(asked("\302\200"), value);
    kit_string_add(&all, "?: %s\n", value);
    kit_assert_payload(kit_tapped_message("*.10.get", 0), key, NULL);
    kit_expect_printed(who, all.text, values);
    kit_assert_asked("guestbook.>", 0, "is it asked of favorites only?");
}

Test(discovery, each_run_has_inboxes_of_its_own)
{
    for (int i = 0; i < 2; i++) {
        start("tea", "$SRV.>");
        kit_publish(to, likes("ada", "1"));
        kit_publish(kit_expect_request(who, "*.ada.get", i, NULL)->reply, "x");
        kit_expect_printed(who, "ada: x\n", values);
    }
    kit_assert_inboxes_differ("$SRV.>", "is it natsInbox_Create?");
    kit_assert_inboxes_differ("*.ada.get", "is it natsInbox_Create?");
}

Test(discovery, who_stats_lists_every_endpoint)
{
    start("--stats", "$SRV.STATS");
    kit_publish(to, kit_json("{'name':'tea','endpoints':[{'name':'list'},{"
                             "'name':'get','num_requests':7,'num_errors':2,"
                             "'average_processing_time':31400}]}"));
    kit_expect_printed(who, "-\ttea\tget\t7\t2\t31\n-\ttea\tlist\t0\t0\t0\n",
                       rows);
}

Test(discovery, nobody_there_is_no_failure)
{
    kit_serve_text("favorites.bea.get", "Assam");
    start("tea", "$SRV.>");
    kit_publish_each(to, likes("ada", "1"), likes("bea", "2"));
    kit_untap(); /* nobody is at ada's subject when it is asked */
    kit_expect_printed(who, "bea: Assam\n", "is nobody an answer, too?");
    kit_expect_printed(kit_start_brief("tea"), "", "is NO_RESPONDERS the end?");
    kit_expect_usage_error("it takes one KEY at most", "a", "b");
    kit_expect_no_server(NULL);
}
