/* Forms of lines, as READMEs write them down. */
#include "kit/base/form.h"

#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(form, .fini = kit_free_all);

static bool has_form(const char *line, size_t length, const char *form,
                     bool ignore_case)
{
    regex_t compiled;

    kit_form_compile(&compiled, form, ignore_case);
    bool matches = kit_form_matches(&compiled, line, length);
    regfree(&compiled);
    return matches;
}

static void assert_is(const char *line, const char *form)
{
    cr_assert(has_form(line, strlen(line), form, false), "'%s' is no '%s'",
              line, form);
}

static void assert_is_not(const char *line, const char *form)
{
    cr_assert_not(has_form(line, strlen(line), form, false), "'%s' is '%s'",
                  line, form);
}

Test(form, all_else_stands_for_itself)
{
    static const char data[] = "a.b* [c] (d) {2} ^e$ f|g\\ h+ i? é /";

    assert_is(data, data);
    assert_is_not("axb* [c] (d) {2} ^e$ f|g\\ h+ i? é /", data);
    assert_is_not("f", "f|g");
    assert_is("", "");
    assert_is_not("a", "");
}

Test(form, it_is_the_form_of_a_whole_line)
{
    assert_is_not("a line", "line");
    assert_is_not("line 2", "line");
    assert_is_not("a line", "a Line");
    cr_assert(has_form("a line", 6, "a Line", true));
    assert_is_not("x one", "«either:one|two»");
    assert_is_not("two x", "«either:one|two»");
}

Test(form, a_number_is_whole)
{
    assert_is("rtt 0 us", "rtt «N» us");
    assert_is("rtt 123 us", "rtt «N» us");
    assert_is_not("rtt 007 us", "rtt «N» us");
    assert_is_not("rtt  us", "rtt «N» us");
    assert_is_not("rtt 1.5 us", "rtt «N» us");
}

Test(form, a_gap_is_filled)
{
    assert_is("connected to n1 (room)", "connected to «server name» (room)");
    assert_is_not("connected to  (room)", "connected to «server name» (room)");
    assert_is("error: ", "error: …");
    assert_is("error: no servers", "error: …");
    assert_is("id 7f", "id «id:[0-9a-f]+»");
    assert_is_not("id 7g", "id «id:[0-9a-f]+»");
}

Test(form, a_nul_in_a_line_is_no_end)
{
    cr_assert_not(has_form("one\0two", 7, "one", false));
    cr_assert_not(has_form("one\0", 4, "one", false));
    cr_assert_not(has_form("one\0", 4, "…", false));
}

Test(form, nothing_beyond_the_length_is_looked_at)
{
    cr_assert(has_form("one more", 3, "one", false));
}

Test(form, people_are_told_names)
{
    cr_assert_str_eq(kit_form_words("id «id:[0-9a-f]+», «N» us, …"),
                     "id «id», «N» us, …");
}
