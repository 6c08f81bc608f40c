/* Who is in the room: found, listed, and asked. */
#include "kit/kit.h"

TestSuite(discovery, .init = kit_begin, .fini = kit_end);

static const char quiet[] = "are answers taken until none came for QUIET_MS?";
static const char rows[] = "is a row added for each, and are they printed?";
static const char at_once[] = "are all asked, as INFO says, and then awaited?";
static const char values[] = "is there a row for each answer, by its owner?";

static const char *info(const char *name, const char *owner, const char *id)
{
    return kit_json("{'type':'io.nats.micro.v1.info_response','name':'%s',"
                    "'id':'%s','version':'1.2.3','metadata':{'owner':'%s'},"
                    "'endpoints':[{'name':'list','subject':'%s.%s.list'},"
                    "{'name':'get','subject':'%s.%s.get'}]}",
                    name, id, owner, name, owner, name, owner);
}

/* From here on the check is the services: where to answer who they are. */
static const char *inbox_of(struct kit_program *who, const char *filter)
{
    return kit_expect_request(who, filter, 0, "is it PublishRequest?")->reply;
}

/* The same, of somebody's favorite things. */
static const char *asked(const char *owner)
{
    const char *filter = kit_text("favorites.%s.get", owner);

    kit_expect_question(filter, at_once);
    return kit_tapped_message(filter, 0)->reply;
}

Test(discovery, who_lists_every_service_sorted)
{
    kit_by_hand("request --replies=10 '$SRV.INFO' ''");
    struct kit_program *who = kit_start_brief(NULL);
    const char *to = inbox_of(who, "$SRV.INFO");
    kit_publish(to, info("favorites", "bea", "B2"));
    kit_publish(to, info("favorites", "ada", "A1"));
    kit_publish(to, info("tea", "a\\u001b[2J", "C\\tD"));
    kit_expect_printed(who,
                       "a?[2J\ttea\t1.2.3\tC?D\tlist,get\n"
                       "ada\tfavorites\t1.2.3\tA1\tlist,get\n"
                       "bea\tfavorites\t1.2.3\tB2\tlist,get\n",
                       rows);
}

Test(discovery, it_survives_what_is_not_JSON)
{
    static const char *const broken[] = {
        "",    "{\"name\":\"a\",\"endpoints\":[{\"queue_group\":}]}", "7",
        "[1]", "{\"metadata\":3,\"endpoints\":{},\"name\":[]}",       "\033[2J",
        NULL};
    struct kit_program *who = kit_start_brief(NULL);
    const char *to = inbox_of(who, "$SRV.INFO");
    for (int i = 0; broken[i] != NULL; i++)
        kit_publish(to, broken[i]);
    kit_publish(to, info("tea", "ada", "A1"));
    kit_expect_printed(who, "-\t-\t-\t-\t-\nada\ttea\t1.2.3\tA1\tlist,get\n",
                       "does it go on with the next answer?");
    kit_expect_complaint(who, "…not JSON: ?[2J…", "is it told, by put_text?");
}

Test(discovery, a_thousand_services_are_listed)
{
    struct kit_string all = {0};
    struct kit_program *who = kit_start_brief(NULL);
    const char *to = inbox_of(who, "$SRV.INFO");
    for (int i = 1000; i < 2000; i++) {
        kit_publish(to, info("tea", "ada", kit_text("%d", i)));
        kit_string_add(&all, "ada\ttea\t1.2.3\t%d\tlist,get\n", i);
    }
    kit_expect_printed(who, all.text, quiet);
}

Test(discovery, it_ends_when_no_answer_has_come_for_QUIET_MS)
{
    double start = kit_clock();
    struct kit_program *who = kit_start_brief(NULL);
    const char *to = inbox_of(who, "$SRV.INFO");
    for (int i = 0; i < 6; i++) { /* longer in all than QUIET_MS */
        kit_publish(to, info("tea", "ada", kit_text("%d", i)));
        kit_await_line(who, "no such line", 100);
    }
    kit_expect_success(who);
    kit_assert_line_count(who, "ada…", 6, quiet);
    kit_assert_lasted(start, kit_printed_at(who), 800, "it waits", quiet);
}

Test(discovery, who_KEY_asks_every_favorites_service_at_once)
{
    static const char *const owners[] = {"cyd", "ada", "ada",
                                         "bea", "eve", "hal"};
    double start = kit_clock();
    struct kit_program *who = kit_start_brief("tea");
    const char *to = inbox_of(who, "$SRV.>");
    for (int i = 0; i < 6; i++)
        kit_publish(to, info("favorites", owners[i], kit_text("%d", i)));
    const char *cyd = asked("cyd"), *ada = asked("ada");
    const char *bea = asked("bea"), *eve = asked("eve");
    asked("hal"); /* who is silent, and keeps nobody waiting */
    const struct kit_message *first = kit_tapped_message("*.cyd.get", 0);
    kit_assert_payload(first, "tea", NULL);
    if (kit_tapped_message("*.hal.get", 0)->at - first->at > 250)
        kit_fail("all are asked at once", at_once, "one after another");
    kit_publish_bytes(ada, "100%s\0\033é", 9);
    kit_reply_error_at(kit_room(), bea, "404", "not found: tea");
    kit_reply_error_at(kit_room(), eve, "500", "no \033 memory");
    kit_publish(cyd, "");
    kit_expect_printed(who, "ada: 100%s??é\nbea: -\ncyd: \n", values);
    kit_expect_complaint(who, "…eve…no ? memory…", "an error is no value");
    kit_assert_asked("*.ada.get", 1, "its instances share one subject");
    if (kit_printed_at(who) - start > 2000)
        kit_fail("it ends QUIET_MS after the last answer", quiet, "later");
}

Test(discovery, who_KEY_asks_favorites_only_where_they_say)
{
    struct kit_program *who = kit_start_brief("tea");
    const char *to = inbox_of(who, "$SRV.>");
    kit_publish(to, info("favorites", "ada", "1"));
    if (kit_tapped("$SRV.INFO.*") == 0) /* then it looks at the names */
        kit_publish(to, info("guestbook", "bea", "2"));
    kit_publish(to, "{\"name\":\"favorites\",\"endpoints\":[{\"name\":\"get\","
                    "\"subject\":\"a b\"},{\"name\":\"get\"}]}");
    kit_publish(asked("ada"), "Earl Grey");
    kit_expect_printed(who, "ada: Earl Grey\n", values);
    kit_assert_asked("guestbook.>", 0, "is it asked of favorites only?");
}

Test(discovery, who_stats_lists_every_endpoint)
{
    struct kit_program *who = kit_start_brief("--stats");
    const char *to = inbox_of(who, "$SRV.STATS");
    kit_publish(to, "{\"name\":\"tea\",\"endpoints\":[{\"name\":\"list\"},{"
                    "\"name\":\"get\",\"num_requests\":7,\"num_errors\":2,"
                    "\"average_processing_time\":31400}]}");
    kit_expect_printed(who, "-\ttea\tget\t7\t2\t31\n-\ttea\tlist\t0\t0\t0\n",
                       rows);
}

Test(discovery, nobody_there_is_no_failure)
{
    kit_untap();
    kit_expect_printed(kit_start_brief("tea"), "", "is NO_RESPONDERS the end?");
    kit_expect_usage_error("it takes one KEY at most", "a", "b");
    kit_expect_no_server(NULL);
}
