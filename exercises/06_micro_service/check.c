/* Favorites: a service that others can find, ask, and count. */
#include "kit/kit.h"

TestSuite(micro_service, .init = kit_begin, .fini = kit_end);

#define REQUESTS 500
#define LIST "room.favorites.ada.list"
#define GET "room.favorites.ada.get"

static const char named[] =
    "does start call micro_AddService, once, and is config.Name \"favorites\"?";
static const char where[] = "has it an endpoint of this Name, on this Subject?";
static const char described[] = "is Metadata set, too? Count is 1: one pair";
static const char replied[] = "does on_list reply? Without keys, that's []";
static const char unusable[] = "is it said in one line, and the status 1?";
static const char shared[] = "are they in one queue group, as by default?";
static const char each[] = "does each answer, in no queue group here?";
static const char drained[] =
    "is the service stopped, and then the connection drained (workshop_drain)?";

/* Starts so many instances of ada's service; returns the last. */
static struct kit_program *serve(size_t count, const char *json)
{
    struct kit_program *program = NULL;

    for (size_t i = 0; i < count; i++)
        program = kit_start("ada", kit_file("ada.json", json));
    kit_expect_services("favorites", count, count == 1 ? named : each);
    kit_await_ready();
    return program;
}

static void expect_value(const char *key, const char *value)
{
    struct kit_request request = kit_ask(GET, key);

    kit_expect_each_answered(&request, 1, value, "is it value, with strlen?");
}

Test(micro_service, it_can_be_found_and_says_what_it_is)
{
    const char *owner = kit_text("%s-X-get-%040d", kit_random_word(), 0);
    const char *subject = kit_text("room.favorites.%s", owner);

    kit_by_hand("service info favorites");
    kit_start(owner, kit_file("favorites.json", "{}"));
    kit_expect_service("PING", "favorites",
                       {"type", "io.nats.micro.v1.ping_response", named});
    kit_expect_service(
        "INFO", "favorites", {"version", "0.0.1", "is config.Version set?"},
        {"description", KIT_ANYTHING, "is config.Description set?"},
        {"metadata.owner", owner, described},
        {"endpoints.list.subject", kit_text("%s.list", subject), where},
        {"endpoints.get.subject", kit_text("%s.get", subject), where},
        {"endpoints.list.metadata.description", KIT_ANYTHING, described},
        {"endpoints.get.metadata.description", KIT_ANYTHING, described});
    kit_expect_answer(kit_text("%s.list", subject), "", "[]", replied);
}

Test(micro_service, list_replies_with_the_keys_sorted)
{
    serve(1, kit_json("{'tea':'', '100%%s':'', 'Zoo \\'2\\'':'', 'a':''}"));
    struct kit_request request = kit_ask(LIST, "please");
    struct kit_replies replies =
        kit_expect_replies(request, 1, "does on_list respond?");
    kit_assert_json(&replies.list[0],
                    {"", kit_json("['100%%s','Zoo \\'2\\'','a','tea']"),
                     "favorites_keys? And is .State set?"});
    kit_finish();
    kit_assert_answered_once(&request, 1, "does on_list respond twice?");
}

Test(micro_service, get_replies_with_the_value_byte_for_byte)
{
    const char *text = kit_random_text(50000), *key = kit_text("%0300d", 0);

    kit_by_hand("request " GET " tea");
    serve(1, kit_json("{'tea':'Earl Grey','te':' 100%%s\\n','':'-','tea ':'T',"
                      "'my \\'tea\\' \\u00e9.>':'','text':'%s','%s':'0'}",
                      text, key));
    expect_value("tea", "Earl Grey");
    expect_value("te", " 100%s\n");
    expect_value("", "-");
    expect_value("my \"tea\" é.>", "");
    expect_value("text", text);
    expect_value("tea ", "T");
    expect_value(key, "0");
}

Test(micro_service, an_unknown_key_is_a_service_error_and_is_counted)
{
    const char *key = kit_text("%s 100%%s é %060d", kit_random_word(), 0);

    kit_by_hand("request " GET " nothing");
    serve(1, kit_json("{'Tea':'','tea':'-'}"));
    kit_publish(GET, "tea"); /* without a reply subject */
    kit_expect_service_error(GET, key, "404", kit_text("not found: %s", key));
    kit_expect_service_error(GET, "te", "404", "not found: te");
    kit_expect_service_error_of(GET, "tea\0", 4, "404", NULL);
    kit_publish(LIST, "");
    expect_value("tea", "-");
    kit_request(LIST, "");
    kit_expect_service(
        "STATS", "favorites",
        {"endpoints.get.num_requests", "5", "is each counted, once?"},
        {"endpoints.get.num_errors", ">= 3", "does on_get return its error?"},
        {"endpoints.get.num_errors", "<= 4", "is what succeeds no error?"},
        {"endpoints.list.num_requests", "2", "is each counted, once?"});
}

Test(micro_service, two_instances_share_the_requests)
{
    struct kit_request requests[REQUESTS];

    kit_by_hand("service stats favorites");
    serve(2, kit_json("{'tea':'Earl Grey'}"));
    for (int i = 0; i < REQUESTS; i++)
        requests[i] = kit_ask(GET, "tea");
    kit_expect_each_answered(requests, REQUESTS, "Earl Grey", shared);
    kit_expect_shared("favorites", "get", shared);
    kit_finish();
    kit_assert_answered_once(requests, REQUESTS, shared);
}

/* So many keys that requests wait in its memory when it is told to end. */
Test(micro_service, no_request_is_lost_when_an_instance_leaves)
{
    struct kit_string json = {0};

    for (int i = 0; i < 200; i++)
        kit_string_add(&json, "%s\"key %030d\":\"\"", i > 0 ? "," : "{", i);
    kit_string_add(&json, "}");
    struct kit_program *leaving = serve(2, json.text);
    kit_assert_json(&kit_request(LIST, "").list[0],
                    {"199", kit_text("key %030d", 199), "are these all keys?"});
    kit_expect_none_lost(leaving, LIST, "", 100, drained);
}

Test(micro_service, without_a_file_of_favorites_it_does_not_start)
{
    const char *const files[] = {"", "{", "[1]", "{} x", "{\"a\":1}", NULL};

    kit_expect_unusable_files(files, unusable, "ada", kit_each);
    kit_expect_failure(kit_start_brief("ada", "none"), 1, "…none…", unusable);
    const char *file = kit_file("ada.json", "{}");
    kit_expect_usage_error("it needs a FILE", "ada");
    kit_expect_usage_error("it needs one FILE", "ada", file, "more");
    kit_expect_one_token("OWNER", kit_each, file);
    kit_expect_no_server("ada", file);
}
