/* Live query: a fleet is asked, and those that are meant answer. */
#include "kit/kit.h"

TestSuite(live_query, .init = kit_begin, .fini = kit_end);

#define QUERY "fleet.query"
#define STATS "fleet.stats.pumps.north"

static const char facts[] = "does on_query reply with the facts?";
static const char empty[] = "are the facts the reply, also to what is empty?";
static const char text[] = "are values compared, not the text of JSON?";
static const char every[] = "is each item of the filter in the facts?";
static const char exact[] = "is it equal in whole: kind, letter case and all?";
static const char deep[] = "is matches called for objects within objects?";
static const char none[] = "is it no JSON object? Then there is no reply";
static const char told[] = "is it told, by fleet_complain?";
static const char all_hear[] = "do all hear it? A queue group picks just one";
static const char stats[] = "is on_stats for its own fleet.stats.GROUP.REGION?";
static const char once[] = "is one counted for each reply to a query?";
static const char quiet[] = "are answers taken until none came for QUIET_MS?";

#define start_fleet(...) kit_brief(kit_start_of("fleet", __VA_ARGS__))

static struct kit_program *start_device(void)
{
    return kit_start_device("d7", "--group", "pumps", "--region", "north",
                            "--set", "fw=3", "--set",
                            kit_json("gps={'lat':52.5,'at':{'floor':-1}}"));
}

Test(live_query, a_device_answers_with_its_facts)
{
    kit_by_hand("request " QUERY " ''");
    start_device();
    kit_expect_subscribers(QUERY, 1);
    kit_expect_json_answer(QUERY, {"id", "d7", empty}, {"fw", "3", facts},
                           {"gps.at.floor", "-1", facts});
}

Test(live_query, it_answers_only_if_the_filter_is_a_part_of_its_facts)
{
    kit_by_hand("request " QUERY " '%s'", kit_json("{'group':'pumps'}"));
    start_device();
    kit_expect_reply_counts(
        QUERY, {"{'group':'pumps'}", 1, facts},
        {"{'group':'doors'}", 0, "it isn't meant: not a word"},
        {"{ 'region': 'n\\u006frth', 'id':'d7' }", 1, text},
        {"{'region':'south','group':'pumps'}", 0, every},
        {"{'id':'d7','color':'red'}", 0, every}, {"{'color':null}", 0, every},
        {"{'group':'pump'}", 0, exact}, {"{'group':'north'}", 0, text},
        {"{'group':'Pumps'}", 0, exact}, {"{'Group':'pumps'}", 0, exact},
        {"{'fw':'3'}", 0, exact}, {"{'fw':3.0}", 1, text},
        {"{'gps':{'at':{'floor':-1}},'fw':3}", 1, deep},
        {"{'gps':{'at':{'floor':1}}}", 0, deep}, {"{'gps':{}}", 1, deep},
        {"{'floor':-1}", 0, deep}, {"{'id':{}}", 0, deep});
}

Test(live_query, it_survives_a_filter_that_is_no_JSON_object)
{
    struct kit_program *device = start_device();
    kit_publish(QUERY, "{}"); /* nobody waits for an answer */
    kit_expect_reply_counts(QUERY, {"{'id':", 0, none}, {"7", 0, none},
                            {"[{}]", 0, none}, {"{} {}", 0, none},
                            {"\033[2J", 0, none},
                            {"", 1, "does it go on with the next question?"});
    kit_expect_complaint(device, "…?[2J…", told);
}

Test(live_query, of_twenty_devices_those_that_are_meant_answer_once)
{
    kit_start_devices(20);
    struct kit_request query =
        kit_ask(QUERY, kit_json("{'group':'pumps','region':'north'}"));
    kit_expect_replies(query, 4, all_hear);
    kit_expect_subscribers(STATS, 4);
    kit_expect_json_answer(STATS, {"queries", "1", stats},
                           {"answers", "1", once});
    kit_expect_json_answer("fleet.stats.doors.south", {"answers", "0", once});
    struct kit_request figures = kit_ask(STATS, "");
    kit_expect_replies(figures, 4, stats);
    kit_finish();
    kit_assert_devices_replied(query, 20, "pumps", "north", all_hear);
    kit_assert_devices_replied(figures, 20, "pumps", "north", stats);
}

Test(live_query, fleet_query_prints_a_table_of_answers_that_are_objects)
{
    struct kit_program *fleet = start_fleet("query", kit_json("{'on':true}"));
    const struct kit_message *asked = kit_expect_request(fleet, QUERY, 0, NULL);
    kit_assert_json(asked, {"on", "true", "is FILTER what is published?"});
    kit_reply_json_of(asked, kit_no_objects);
    kit_reply_json(
        asked, "{'id':'d2','on':true,'group':'doors','fw':1.50,'a\\u009b':7}",
        "{'region':'south','id':'d10','name':'a\\u001b[2J','fw':{'a':[1]}}");
    kit_expect_printed(fleet,
                       "id\tgroup\tregion\ta?\tfw\tname\ton\n"
                       "d10\t-\tsouth\t-\t{\"a\":[1]}\ta?[2J\t-\n"
                       "d2\tdoors\t-\t7\t1.5\t-\ttrue\n2 answered\n",
                       "is each answer that is an object added?");
    kit_expect_complaint(fleet, "…?[2J…", told);
}

Test(live_query, fleet_query_by_KEY_counts)
{
    struct kit_program *fleet = start_fleet("query", "--by", "fw");
    kit_reply_json(kit_expect_request(fleet, QUERY, 0, NULL), "{'fw':3}",
                   "{'fw':'x\\u0007'}", "{'fw':''}", "{'fw':3}", "{'a':1}");
    kit_expect_printed(fleet, "-\t2\n3\t2\nx?\t1\n5 answered\n",
                       "is one counted for each answer, by its table_text?");
}

Test(live_query, fleet_stats_ends_when_none_has_come_for_QUIET_MS)
{
    struct kit_program *fleet = start_fleet("stats", "pumps", "north");
    const struct kit_message *asked = kit_expect_request(fleet, STATS, 0, NULL);
    for (int i = 0; i < 5; i++) { /* longer in all than QUIET_MS */
        kit_reply_json(asked, "{'queries':9,'answers':1,'id':'d1'}");
        kit_await_line(fleet, "no such line", 150);
    }
    kit_expect_success(fleet);
    kit_assert_line_count(fleet, "d1\t1\t9", 5, quiet);
    kit_assert_lasted(asked->at, kit_printed_at(fleet), 900, "it waits", quiet);
}

Test(live_query, thousands_answer_and_what_is_gone_keeps_nobody_waiting)
{
    struct kit_fleet devices = kit_start_devices(20);
    kit_kill(devices.devices[0]);
    kit_signal(devices.devices[1], SIGSTOP); /* connected, and silent */
    struct kit_program *fleet = start_fleet("query");
    const struct kit_message *asked = kit_expect_request(fleet, QUERY, 0, NULL);
    kit_reply_as_devices(asked, 20, 2020);
    kit_expect_printed(fleet,
                       kit_text("id\tgroup\tregion\n%s2018 answered\n",
                                kit_device_rows(2, 2020)),
                       quiet);
}

Test(live_query, nobody_online_is_no_failure_and_wrong_usage_is_one)
{
    kit_expect_one_token("GROUP", "d1", "--group", kit_each, "--region", "r");
    kit_use_program("fleet");
    kit_expect_usage_errors(kit_no_objects, "it is no object", "query",
                            kit_each);
    kit_expect_usage_error("no publisher can use *", "stats", "pumps", "*");
    kit_expect_no_server("query");
    kit_untap();
    kit_expect_printed(kit_start_brief("query"), "0 answered\n",
                       "is it a failure?");
}
