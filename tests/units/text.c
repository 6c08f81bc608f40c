/* Text: quoted, so that a terminal does not act on it, and broken into lines.
 */
#include "kit/base/text.h"

#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(text, .fini = kit_free_all);

/* Of a literal, which may hold NULs. */
#define QUOTE(bytes) kit_quote("" bytes, sizeof(bytes) - 1)

Test(text, printf_makes_texts_of_any_length)
{
    const char *text = kit_text("%s %d %5000s", "a", 7, "end");

    cr_assert_eq(strlen(text), 5004);
    cr_assert_eq(strncmp(text, "a 7  ", 5), 0);
    cr_assert_str_eq(kit_text("%s", ""), "");
}

Test(text, a_string_grows_and_keeps_every_byte)
{
    struct kit_string string = {0};

    cr_assert_str_eq(kit_string_text(&string), "");
    for (int i = 0; i < 1000; i++)
        kit_string_add(&string, "%d,", i);
    kit_string_add_bytes(&string, "a\0b", 3);
    kit_string_add_bytes(&string, NULL, 0);
    cr_assert_eq(string.length, 10 * 2 + 90 * 3 + 900 * 4 + 3);
    cr_assert_eq(strncmp(string.text, "0,1,2,", 6), 0);
    cr_assert_eq(memcmp(string.text + string.length - 7, "999,a\0b", 8), 0);
}

Test(text, printable_bytes_are_quoted_as_they_are)
{
    cr_assert_str_eq(kit_quote(NULL, 0), "\"\"");
    cr_assert_str_eq(QUOTE("hi, you"), "\"hi, you\"");
    cr_assert_str_eq(QUOTE("say \"\\\""), "\"say \\\"\\\\\\\"\"");
}

Test(text, utf_8_stays_utf_8)
{
    cr_assert_str_eq(QUOTE("é € 𝄞"), "\"é € 𝄞\"");
    cr_assert_str_eq(QUOTE("\u00a0\u07ff\uffff\U0010ffff"),
                     "\"\u00a0\u07ff\uffff\U0010ffff\"");
}

Test(text, controls_are_escaped)
{
    cr_assert_str_eq(QUOTE("a\nb"), "\"a\\nb\"");
    cr_assert_str_eq(QUOTE("\0\t\r"), "\"\\x00\\x09\\x0d\"");
    cr_assert_str_eq(QUOTE("\033[2J"), "\"\\x1b[2J\"");
    cr_assert_str_eq(QUOTE("\x7f"), "\"\\x7f\"");
    cr_assert_str_eq(QUOTE("\xc2\x80\xc2\x9b"), "\"\\xc2\\x80\\xc2\\x9b\"");
}

Test(text, what_is_not_utf_8_is_escaped)
{
    cr_assert_str_eq(QUOTE("\x9b\xff"), "\"\\x9b\\xff\"", "alone");
    cr_assert_str_eq(QUOTE("\xc3"), "\"\\xc3\"", "cut off");
    cr_assert_str_eq(QUOTE("\xe2\x82"), "\"\\xe2\\x82\"", "cut off");
    cr_assert_str_eq(QUOTE("\xe2\x28\xa1"), "\"\\xe2(\\xa1\"", "broken");
    cr_assert_str_eq(QUOTE("\xc1\x9b"), "\"\\xc1\\x9b\"", "overlong");
    cr_assert_str_eq(QUOTE("\xe0\x80\x9b"), "\"\\xe0\\x80\\x9b\"", "overlong");
    cr_assert_str_eq(QUOTE("\xf0\x80\x80\x9b"), "\"\\xf0\\x80\\x80\\x9b\"",
                     "overlong");
    cr_assert_str_eq(QUOTE("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\"",
                     "a surrogate");
    cr_assert_str_eq(QUOTE("\xf4\x90\x80\x80"), "\"\\xf4\\x90\\x80\\x80\"",
                     "beyond the last character");
}

/* So many letters, and what follows them. */
static const char *after(int letters, const char *end)
{
    return kit_text("%.*s%s", letters,
                    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffff"
                    "ffgggggggggg",
                    end);
}

static const char *quote_after(int letters, const char *end)
{
    const char *text = after(letters, end);

    return kit_quote(text, strlen(text));
}

Test(text, a_long_payload_is_cut_and_its_size_said)
{
    cr_assert_str_eq(quote_after(60, ""), kit_text("\"%s\"", after(60, "")));
    cr_assert_str_eq(quote_after(61, ""),
                     kit_text("\"%s...\" (61 bytes)", after(60, "")));
}

Test(text, a_cut_does_not_break_a_character)
{
    cr_assert_str_eq(quote_after(59, "€ and more"),
                     kit_text("\"%s...\" (71 bytes)", after(59, "€")));
    cr_assert_str_eq(quote_after(59, "€"),
                     kit_text("\"%s\" (62 bytes)", after(59, "€")),
                     "there is nothing left to cut");
    cr_assert_str_eq(quote_after(60, "€"),
                     kit_text("\"%s...\" (63 bytes)", after(60, "")));
}

Test(text, among_many_lines_the_size_comes_first)
{
    const char *whole = after(40, ""), *cut = after(41, "");
    const char *character = after(23, "€ and 20 letters more");

    cr_assert_str_eq(kit_quote_short(whole, 40), kit_text("\"%s\"", whole));
    cr_assert_str_eq(kit_quote_short(cut, 41),
                     kit_text("41 bytes \"%s...\"", after(24, "")));
    cr_assert_str_eq(kit_quote_short(character, strlen(character)),
                     kit_text("46 bytes \"%s...\"", after(23, "€")));
}

Test(text, a_test_name_is_a_sentence)
{
    cr_assert_str_eq(kit_sentence("it_answers_each_draw"),
                     "it answers each draw");
    cr_assert_str_eq(kit_sentence(""), "");
}

Test(text, counts_know_one_from_many)
{
    cr_assert_str_eq(kit_count(0, "reply", "replies"), "0 replies");
    cr_assert_str_eq(kit_count(1, "reply", "replies"), "1 reply");
    cr_assert_str_eq(kit_count(2, "reply", "replies"), "2 replies");
}

Test(text, lines_are_broken_at_spaces)
{
    cr_assert_eq(kit_fitting("", 9), 0);
    cr_assert_eq(kit_fitting("aaaa bbbb", 9), 9);
    cr_assert_eq(kit_fitting("aaaa bbbb cccc", 9), 9, "just fits");
    cr_assert_eq(kit_fitting("aaaa bbbbb", 9), 4);
    cr_assert_eq(kit_fitting("aaaa\nbbbb", 9), 4);
    cr_assert_eq(kit_fitting("\nbbbb", 9), 0);
}

Test(text, a_word_that_is_too_long_is_broken)
{
    cr_assert_eq(kit_fitting("aaaaaaaaaaaa", 9), 9);
    cr_assert_eq(kit_fitting(" aaaaaaaaaaaa", 9), 9);
    cr_assert_eq(kit_fitting("éééééééééé", 9), 18, "by characters, not bytes");
}

/* What kit_print_wrapped prints. */
static const char *wrapped(const char *label, const char *text)
{
    char *printed = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&printed, &size);

    cr_assert_not_null(out);
    kit_print_wrapped(out, label, text);
    fclose(out);
    const char *kept = kit_keep(printed, size);
    free(printed);
    return kept;
}

/* The most columns that a line has. */
static size_t width(const char *text)
{
    size_t widest = 0, columns = 0;

    for (; *text != '\0'; text++) {
        columns = *text == '\n' ? 0 : columns + ((*text & 0xc0) != 0x80);
        widest = columns > widest ? columns : widest;
    }
    return widest;
}

Test(text, labels_stand_before_the_first_line)
{
    cr_assert_str_eq(wrapped("expected", "a line\nand another"),
                     "  expected   a line\n"
                     "             and another\n");
    cr_assert_str_eq(wrapped("seen", ""), "  seen       \n");
}

/* Every space is the end of a line or none is lost: put together again it is
 * the same text. */
static void assert_wrapped(const char *text)
{
    const char *lines = wrapped("seen", text);
    struct kit_string again = {0};

    cr_assert_leq(width(lines), KIT_WIDTH, "%zu columns:\n%s", width(lines),
                  lines);
    for (const char *line = lines; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        kit_string_add(&again, "%s%.*s", line == lines ? "" : " ",
                       (int)length - 13, line + 13);
        line += length + 1;
    }
    cr_assert_str_eq(kit_string_text(&again), text);
}

Test(text, no_line_has_more_than_79_columns_and_none_loses_a_word)
{
    struct kit_string text = {0};

    for (int i = 0; i < 200; i++) {
        kit_string_add(&text, "%s%.*s", i > 0 ? " " : "", i % 13 + 1,
                       "abcdefghijklm");
        assert_wrapped(kit_string_text(&text));
    }
}

Test(text, utf_8_is_wrapped_by_columns)
{
    struct kit_string text = {0};

    for (int i = 0; i < 33; i++)
        kit_string_add(&text, "%sé", i > 0 ? " " : "");
    const char *lines = wrapped("seen", kit_text("%s a", text.text));
    cr_assert_eq(width(lines), 78, "33 letters and 32 spaces fit:\n%s", lines);
    lines = wrapped("seen", kit_text("%sé a", text.text));
    cr_assert_eq(width(lines), KIT_WIDTH, "one more fits too:\n%s", lines);
}

Test(text, a_word_of_1000_letters_takes_16_lines)
{
    char *word = kit_keep(kit_text("%1000s", ""), 1000);
    size_t lines = 0;

    memset(word, 'x', 1000);
    const char *printed = wrapped("seen", word);
    for (const char *c = printed; *c != '\0'; c++)
        lines += *c == '\n';
    cr_assert_eq(lines, 16);
    cr_assert_eq(width(printed), KIT_WIDTH);
}

Test(text, a_file_is_read_whole)
{
    cr_assert_str_eq(kit_contents("there is none"), "");
    const char *own = kit_contents("tests/units/text.c");
    cr_assert_eq(strncmp(own, "/*", 2), 0);
    cr_assert_str_eq(own + strlen(own) - 2, "}\n");
}
