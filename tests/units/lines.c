/* Lines of bytes: blank ones, half ones, and NULs. */
#include "kit/base/lines.h"

#include <criterion/criterion.h>
#include <string.h>

/* Of a literal, which may hold NULs. */
#define BYTES(text) "" text, sizeof(text) - 1

Test(lines, an_empty_text_has_none)
{
    struct kit_lines lines = {"", 0}, nothing = {NULL, 0};
    struct kit_line line;

    cr_assert_not(kit_next_line(&lines, &line));
    cr_assert_not(kit_next_line(&nothing, &line));
    cr_assert_eq(kit_line_count(NULL, 0), 0);
}

static void assert_next(struct kit_lines *lines, const void *text,
                        size_t length, bool whole)
{
    struct kit_line line;

    cr_assert(kit_next_line(lines, &line));
    cr_assert_eq(line.length, length);
    cr_assert(kit_line_is(&line, text, length));
    cr_assert_eq(line.whole, whole);
}

Test(lines, blank_lines_are_lines)
{
    struct kit_lines lines = {BYTES("\na\n\n")};
    struct kit_line line;

    assert_next(&lines, BYTES(""), true);
    assert_next(&lines, BYTES("a"), true);
    assert_next(&lines, BYTES(""), true);
    cr_assert_not(kit_next_line(&lines, &line));
}

Test(lines, what_follows_the_last_newline_is_no_whole_one)
{
    struct kit_lines lines = {BYTES("a\nb")};
    struct kit_line line;

    assert_next(&lines, BYTES("a"), true);
    assert_next(&lines, BYTES("b"), false);
    cr_assert_not(kit_next_line(&lines, &line));
}

Test(lines, a_nul_is_a_byte_like_any_other)
{
    struct kit_lines lines = {BYTES("a\0b\n\0\n\0")};

    assert_next(&lines, BYTES("a\0b"), true);
    assert_next(&lines, BYTES("\0"), true);
    assert_next(&lines, BYTES("\0"), false);
}

Test(lines, nothing_beyond_the_length_is_looked_at)
{
    struct kit_lines lines = {"ab\ncd\n", 2};
    struct kit_line line;

    assert_next(&lines, BYTES("ab"), false);
    cr_assert_not(kit_next_line(&lines, &line));
}

Test(lines, a_line_is_compared_byte_for_byte)
{
    struct kit_line line = {"a\0b", 3, true}, blank = {"", 0, true};

    cr_assert(kit_line_is(&line, BYTES("a\0b")));
    cr_assert_not(kit_line_is(&line, BYTES("a\0c")));
    cr_assert_not(kit_line_is(&line, BYTES("a")));
    cr_assert_not(kit_line_is(&line, BYTES("a\0bc")));
    cr_assert(kit_line_is(&blank, NULL, 0));
    cr_assert_not(kit_line_is(&blank, BYTES("a")));
}

Test(lines, they_are_counted)
{
    cr_assert_eq(kit_line_count(BYTES("\n")), 1);
    cr_assert_eq(kit_line_count(BYTES("a")), 1);
    cr_assert_eq(kit_line_count(BYTES("a\n")), 1);
    cr_assert_eq(kit_line_count(BYTES("a\n\n\nb")), 4);
}

Test(lines, the_last_ones_are_found)
{
    cr_assert_str_eq(kit_last_lines(BYTES("a\nb\nc\n"), 2), "b\nc\n");
    cr_assert_str_eq(kit_last_lines(BYTES("a\nb\nc"), 2), "b\nc");
    cr_assert_str_eq(kit_last_lines(BYTES("a\n\n\n"), 2), "\n\n");
    cr_assert_str_eq(kit_last_lines(BYTES("a\nb\n"), 2), "a\nb\n");
    cr_assert_str_eq(kit_last_lines(BYTES("a\nb\n"), 9), "a\nb\n");
    cr_assert_str_eq(kit_last_lines(BYTES("a\nb\n"), 0), "");
    cr_assert_str_eq(kit_last_lines(BYTES(""), 2), "");
}
