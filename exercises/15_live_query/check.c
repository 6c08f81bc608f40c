/* Live query: a fleet is asked, and those that are meant answer. */
#include "kit/kit.h"

TestSuite(live_query, .init = kit_begin, .fini = kit_end);

#define QUERY "fleet.query"
#define STATS "fleet.stats.pumps.north"
#define DEVICES 20

static const char facts[] = "does on_query reply with the facts?";
static const char text[] = "are values compared, not the text of JSON?";
static const char every[] = "is each item of the filter in the facts?";
static const char exact[] = "is it the whole value, in its very case?";
static const char kind[] = "3 is a number, \"3\" a text: cJSON_Compare";
static const char deep[] = "is matches called for objects within objects?";
static const char none[] = "this is no JSON object: it isn't answered";
static const char told[] = "is it told, by fleet_complain?";
static const char all_hear[] = "do all hear it? A queue group picks just one";
static const char stats[] = "is on_stats for its own fleet.stats.GROUP.REGION?";
static const char quiet[] = "are answers taken until none came for QUIET_MS?";
static const char table[] = "is each answer that is an object in the array?";
static const char object[] =
    "FILTER is a JSON object, or nobody understands it";
static const char nobody[] = "is NO_RESPONDERS the end, and no failure?";

#define start_fleet(...) kit_brief(kit_start_of("fleet", __VA_ARGS__))

static struct kit_program *start_device(void)
{
    struct kit_program *device = kit_start(
        "d7", "--group", "pumps", "--region", "north", "--set", "fw=3", "--set",
        "name=Pump 7", "--set", "on=true", "--set", "tags=[1,2]", "--set",
        kit_json("gps={'lat':52.5,'at':{'floor':-1}}"));
    kit_expect_subscribers(QUERY, 1);
    kit_await_ready();
    return device;
}

Test(live_query, a_device_answers_with_its_facts)
{
    kit_by_hand("request " QUERY " ''");
    start_device();
    kit_expect_json_answer(
        QUERY, {"id", "d7", facts}, {"group", "pumps", facts},
        {"region", "north", facts}, {"fw", "3", facts},
        {"name", "Pump 7", facts}, {"gps.at.floor", "-1", facts});
    kit_finish();
}

Test(live_query, it_answers_only_if_the_filter_is_a_part_of_its_facts)
{
    kit_by_hand("request " QUERY " '%s'", kit_json("{'group':'pumps'}"));
    start_device();
    kit_expect_reply_counts(
        QUERY, {"{'group':'pumps'}", 1, facts},
        {"{'group':'doors'}", 0, "it isn't meant: not a word"},
        {"{ 'region': 'n\\u006frth', 'id':'d7' }", 1, text},
        {"{'group':'pumps','region':'south'}", 0, every},
        {"{'region':'south','group':'pumps'}", 0, every},
        {"{'id':'d7','color':'red'}", 0, every}, {"{'color':null}", 0, every},
        {"{'group':'pump'}", 0, exact}, {"{'name':'Pump 70'}", 0, exact},
        {"{'group':'Pumps'}", 0, exact}, {"{'Group':'pumps'}", 0, exact},
        {"{'fw':3.0,'on':true}", 1, text}, {"{'fw':'3'}", 0, kind},
        {"{'on':'true'}", 0, kind}, {"{'gps':{}}", 1, deep},
        {"{'gps':{'at':{'floor':-1}},'tags':[1,2]}", 1, deep},
        {"{'gps':{'at':{'floor':1}}}", 0, deep}, {"{'floor':-1}", 0, deep},
        {"{'id':{}}", 0, deep}, {"{'tags':[1]}", 0, "arrays are equal or not"});
}

Test(live_query, it_survives_a_filter_that_is_no_JSON_object)
{
    kit_by_hand("request " QUERY " hello");
    struct kit_program *device = start_device();
    kit_publish(QUERY, "{}"); /* nobody waits for an answer */
    kit_expect_reply_counts(
        QUERY, {"{'id':", 0, none}, {"7", 0, none}, {"[{}]", 0, none},
        {"{} {}", 0, none}, {"\033[2J", 0, none},
        {"", 1, "does it go on, and is what is empty for everybody?"});
    kit_expect_complaint(device, "…?[2J…", told);
}

Test(live_query, of_twenty_devices_those_that_are_meant_answer_once)
{
    struct kit_fleet devices = kit_start_devices(DEVICES);
    const char *filter = kit_json("{'group':'pumps','region':'north'}");
    kit_by_hand("request --replies=0 " QUERY " '%s'", filter);
    struct kit_request query = kit_ask(QUERY, filter);
    struct kit_request figures = kit_ask(STATS, "");
    kit_expect_replies(query, 4, all_hear);
    kit_expect_replies(figures, 4, stats);
    kit_expect_subscribers(STATS, 4);
    kit_stop_fleet(&devices);
    kit_settle();
    kit_assert_devices_replied(query, DEVICES, "pumps", "north", all_hear);
    kit_assert_devices_replied(figures, DEVICES, "pumps", "north", stats);
}

Test(live_query, its_figures_say_how_often_it_was_asked_and_answered)
{
    kit_by_hand("request " STATS " ''");
    start_device();
    kit_ask(QUERY, kit_json("{'id':'d8'}"));
    kit_expect_replies(kit_ask(QUERY, "{}"), 1, facts);
    kit_expect_json_answer(STATS, {"id", "d7", stats}, {"queries", "2", stats},
                           {"answers", "1", "is one counted for each reply?"});
}

Test(live_query, fleet_query_prints_a_table_of_answers_that_are_objects)
{
    const char *filter = kit_json("{'on':true}");
    struct kit_program *fleet = start_fleet("query", filter);
    const struct kit_message *asked = kit_expect_request(fleet, QUERY, 0, NULL);
    kit_assert_json(asked, {"", filter, "is FILTER what is published?"});
    kit_reply_json_of(asked, kit_no_objects);
    kit_reply_json(
        asked, "{'id':'d2','on':true,'group':'doors','fw':1.50,'a\\u009b':7}",
        "{'region':'south','id':'d10','name':'a\\u001b[2J','fw':{'a':[1]}}");
    kit_expect_printed(fleet,
                       "id\tgroup\tregion\ta?\tfw\tname\ton\n"
                       "d10\t-\tsouth\t-\t{\"a\":[1]}\ta?[2J\t-\n"
                       "d2\tdoors\t-\t7\t1.5\t-\ttrue\n2 answered\n",
                       table);
    kit_expect_complaint(fleet, "…?[2J…", told);
}

Test(live_query, fleet_query_by_KEY_counts)
{
    struct kit_program *fleet = start_fleet("query", "--by", "fw");
    kit_reply_json(kit_expect_request(fleet, QUERY, 0, NULL), "{'fw':3}",
                   "{'fw':'x\\u0007'}", "{'fw':3}", "{'fw':true}", "{'fw':''}",
                   "{'fw':3}", "{'id':'d9'}");
    kit_expect_printed(fleet, "-\t2\n3\t3\ntrue\t1\nx?\t1\n7 answered\n",
                       "is one counted for each answer, by its table_text?");
}

Test(live_query, fleet_stats_ends_when_none_has_come_for_QUIET_MS)
{
    struct kit_program *fleet = start_fleet("stats", "pumps", "north");
    const struct kit_message *asked = kit_expect_request(fleet, STATS, 0, NULL);
    for (int i = 0; i < 4; i++) { /* longer in all than QUIET_MS */
        kit_reply_json(asked, "{'queries':9,'answers':1,'id':'d1'}");
        kit_await_line(fleet, "no such line", 150);
    }
    kit_expect_success(fleet);
    kit_assert_line_count(fleet, "d1\t1\t9", 4, quiet);
    double end = kit_printed_at(fleet);
    kit_assert_lasted(asked->at, end, 750, "it waits", quiet);
    if (end - asked->at > 2600)
        kit_fail("it ends QUIET_MS after the last answer", quiet, "later");
}

Test(live_query, thousands_answer_and_what_is_gone_keeps_nobody_waiting)
{
    struct kit_string all = {0};
    struct kit_fleet devices = kit_start_devices(DEVICES);
    kit_kill(devices.devices[0]);
    kit_signal(devices.devices[1], SIGSTOP); /* connected, and silent */
    struct kit_program *fleet = start_fleet("query", "--by", "id");
    const struct kit_message *asked = kit_expect_request(fleet, QUERY, 0, NULL);
    for (int i = 2; i < DEVICES; i++)
        kit_string_add(&all, "d%02d\t1\n", i);
    for (int i = 1000; i < 3000; i++) {
        kit_reply_json(asked, kit_text("{'id':'s%d','group':'pumps'}", i));
        kit_string_add(&all, "s%d\t1\n", i);
    }
    kit_string_add(&all, "%d answered\n", DEVICES - 2 + 2000);
    kit_expect_printed(fleet, all.text, quiet);
}

Test(live_query, nobody_online_is_no_failure_and_wrong_usage_is_one)
{
    kit_expect_one_token("GROUP", "d1", "--group", kit_each, "--region", "r");
    kit_use_program("fleet");
    kit_expect_usage_errors(kit_no_objects, object, "query", kit_each);
    kit_expect_usage_error("no publisher can use *", "stats", "pumps", "*");
    kit_expect_no_server("query");
    kit_untap();
    kit_expect_printed(kit_start_brief("query"), "0 answered\n", nobody);
}
