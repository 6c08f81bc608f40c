/* Values of a JSON document, by their paths. */
#include "kit/base/json.h"

#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <string.h>

TestSuite(json, .fini = kit_free_all);

static const char document[] =
    "{\"port\": 4222, \"ok\": true, \"no\": false, \"none\": null,"
    " \"name\": \"n\\u00e9 \\\"1\\\"\", \"empty\": \"\", \"half\": 0.5,"
    " \"jetstream\": {\"config\": {\"max_memory\": -1}},"
    " \"leafs\": [{\"name\": \"a\"}, {\"name\": \"b\", \"ids\": [7, 8]}],"
    " \"nobody\": [], \"Port\": 1}";

static void assert_value(const char *path, const char *expected)
{
    const char *value = kit_json_value(document, path);

    cr_assert_not_null(value, "%s", path);
    cr_assert_str_eq(value, expected);
}

static void assert_none(const char *json, const char *path)
{
    const char *value = kit_json_value(json, path);

    cr_assert_null(value, "'%s' of %s: %s", path, json, value);
}

Test(json, values_are_found_by_name)
{
    assert_value("port", "4222");
    assert_value("Port", "1");
    assert_value("ok", "true");
    assert_value("no", "false");
    assert_value("none", "null");
    assert_value("half", "0.5");
    assert_value("name", "né \"1\"");
    assert_value("empty", "");
    assert_value("jetstream.config.max_memory", "-1");
}

Test(json, values_are_found_by_number)
{
    assert_value("leafs.0.name", "a");
    assert_value("leafs.1.name", "b");
    assert_value("leafs.1.ids.1", "8");
}

Test(json, objects_and_arrays_are_json)
{
    assert_value("jetstream", "{\"config\":{\"max_memory\":-1}}");
    assert_value("leafs.1.ids", "[7,8]");
    cr_assert_str_eq(kit_json_value("[1, 2]", ""), "[1,2]");
    cr_assert_str_eq(kit_json_value(" 7 ", ""), "7");
}

Test(json, elements_are_counted)
{
    assert_value("leafs.#", "2");
    assert_value("leafs.1.ids.#", "2");
    assert_value("nobody.#", "0");
    assert_value("jetstream.#", "1");
    cr_assert_str_eq(kit_json_value("[1, 2]", "#"), "2");
    assert_none(document, "port.#");
    assert_none(document, "name.#");
}

Test(json, what_is_not_there_is_null)
{
    static const char *const paths[] = {
        "ports",      "PORT",     "leafs.2",          "leafs.2.name",
        "leafs.name", "leafs.-1", "leafs.4294967296", "leafs.1st",
        "port.0",     "name.x",   "jetstream.conf",   "missing.#"};

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        assert_none(document, paths[i]);
}

Test(json, numbers_are_whole_where_they_can_be)
{
    cr_assert_str_eq(kit_json_value("9007199254740992", ""),
                     "9007199254740992");
    cr_assert_str_eq(kit_json_value("31536000000000000", ""),
                     "31536000000000000", "a year, in nanoseconds");
    cr_assert_str_eq(kit_json_value("-3", ""), "-3");
    cr_assert_str_eq(kit_json_value("1e3", ""), "1000");
    cr_assert_str_eq(kit_json_value("1e20", ""), "100000000000000000000");
    cr_assert_str_eq(kit_json_value("-1e20", ""), "-100000000000000000000");
    cr_assert_str_eq(kit_json_value("18446744073709551615", ""),
                     "18446744073709551616", "as near as a double comes");
    cr_assert_eq(strlen(kit_json_value("1e300", "")), 301);
    cr_assert_str_eq(kit_json_value("0.1", ""), "0.1");
}

Test(json, what_does_not_parse_has_no_values)
{
    static const char *const broken[] = {"",
                                         "not json",
                                         "{\"a\": 1",
                                         "{\"a\": }",
                                         "{a: 1}",
                                         "[",
                                         "{\"a\":1}}",
                                         "{\"a\":1} trash",
                                         "{\"a\":\"x}",
                                         "{\"a\":1,\",\":}"};

    cr_assert_null(kit_json_value(NULL, "a"));
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        assert_none(broken[i], "a");
        assert_none(broken[i], "");
    }
}

Test(json, a_whole_document_may_be_wanted)
{
    const char *seen = "";
    const struct kit_value *values = kit_values({"", "[\"a\",\"b\"]", NULL});

    cr_assert_null(kit_json_difference("[ \"a\", \"b\" ]", 12, values, &seen));
    cr_assert_eq(kit_json_difference("[]", 2, values, &seen), values);
    cr_assert_str_eq(seen, "another document");
}

Test(json, something_may_be_wanted_and_a_name_finds_it_in_a_list)
{
    static const char text[] = "{\"list\":[{\"name\":\"get\",\"for\":\"\"},"
                               "{\"name\":\"set\",\"for\":\"x\"}]}";
    const char *seen = "";
    const struct kit_value *set =
        kit_values({"list.set.for", KIT_ANYTHING, NULL});
    const struct kit_value *get =
        kit_values({"list.get.for", KIT_ANYTHING, NULL});

    cr_assert_null(kit_json_difference(text, strlen(text), set, &seen));
    cr_assert_eq(kit_json_difference(text, strlen(text), get, &seen), get);
    cr_assert_str_eq(kit_value_text(get), "a list.get.for");
    cr_assert_str_eq(seen, "no list.get.for");
}
