/* What a sanitizer has to say, and the part of it that matters. */
#include "kit/proc/sanitizers.h"

#include "kit/base/lines.h"
#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(sanitizers, .fini = kit_free_all);

static const char leak[] =
    "\n=================================================================\n"
    "==7==ERROR: LeakSanitizer: detected memory leaks\n"
    "\n"
    "Direct leak of 8 byte(s) in 1 object(s) allocated from:\n";

Test(sanitizers, reports_are_known)
{
    cr_assert(kit_is_sanitizer_report(leak));
    cr_assert(kit_is_sanitizer_report(
        "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"));
    cr_assert(kit_is_sanitizer_report(
        "a line\na.c:7:3: runtime error: signed integer overflow: 1 + 2\n"));
}

Test(sanitizers, other_words_are_no_report)
{
    cr_assert_not(kit_is_sanitizer_report(""));
    cr_assert_not(kit_is_sanitizer_report("greeter: timeout\n"));
    cr_assert_not(kit_is_sanitizer_report("runtime error: no replies\n"));
    cr_assert_not(kit_is_sanitizer_report("ERROR: no servers\n"));
}

Test(sanitizers, the_part_begins_with_the_line_that_names_it)
{
    cr_assert_str_eq(kit_sanitizer_part(leak), strstr(leak, "==7=="));
    cr_assert_str_eq(
        kit_sanitizer_part("said before\na.c:7:3: runtime error: b\nmore"),
        "a.c:7:3: runtime error: b\nmore");
    cr_assert_str_eq(kit_sanitizer_part("a.c:7:3: runtime error: b"),
                     "a.c:7:3: runtime error: b");
}

Test(sanitizers, the_part_has_12_lines)
{
    const char *part =
        kit_sanitizer_part("1\n==7==ERROR: AddressSanitizer: x\n"
                           "2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n");

    cr_assert_eq(kit_line_count(part, strlen(part)), 12);
    cr_assert_str_eq(strstr(part, "10\n"), "10\n11\n12\n");
}

Test(sanitizers, without_a_report_all_of_it_is_the_part)
{
    cr_assert_str_eq(kit_sanitizer_part("greeter: timeout\n"),
                     "greeter: timeout\n");
}

static void assert_same(const char *seen, const char *wanted)
{
    cr_assert_str_eq(seen, wanted, "%s, not %s", seen, wanted);
}

Test(sanitizers, frames_that_name_nothing_are_left_out)
{
    assert_same(kit_sanitizer_part(
                    "==7==ERROR: LeakSanitizer: detected memory leaks\n"
                    "  #0 malloc ../../../../src/libsanitizer/asan.cpp:67\n"
                    "  #1 natsMsg_createWithPadding <null>\n"
                    "  #2 <null> <null>\n"
                    "  #3 on_draw exercises/04_lottery/lottery.c:26\n"),
                "==7==ERROR: LeakSanitizer: detected memory leaks\n"
                "  #0 malloc\n"
                "  #1 natsMsg_createWithPadding\n"
                "  #3 on_draw exercises/04_lottery/lottery.c:26\n");
}

Test(sanitizers, the_finding_says_what_and_where)
{
    assert_same(kit_sanitizer_finding(
                    "==7==ERROR: AddressSanitizer: heap-use-after-free on "
                    "address 0x1\n"
                    "  #0 strlen ../../../../src/libsanitizer/a.c:67\n"
                    "  #1 on_draw exercises/04_lottery/lottery.c:26\n"),
                "used memory that it may not (heap-use-after-free in on_draw, "
                "lottery.c:26)");
    assert_same(kit_sanitizer_finding("a.c:7:3: runtime error: null pointer\n"
                                      "  #0 main a/b.c:7\n"),
                "did what C does not allow (null pointer in main, b.c:7)");
    assert_same(kit_sanitizer_finding(
                    "==7==ERROR: LeakSanitizer: detected memory leaks\n"
                    "SUMMARY: AddressSanitizer: 453 byte(s) leaked in 3 "
                    "allocation(s).\n"),
                "leaked memory: 453 byte(s) in 3 allocation(s)");
    assert_same(kit_sanitizer_finding(leak), "leaked memory");
}

Test(sanitizers, the_mistake_is_the_call_that_is_missing)
{
    cr_assert(strstr(
        kit_sanitizer_why("ERROR: LeakSanitizer\n #1 natsMsg_create <null>"),
        "natsMsg_Destroy"));
    cr_assert(strstr(
        kit_sanitizer_why("ERROR: LeakSanitizer\n #1 js_PublishMsg <null>"),
        "jsPubAck_Destroy"));
    cr_assert(strstr(kit_sanitizer_why(leak), "never released"));
    cr_assert(strstr(
        kit_sanitizer_why("ERROR: AddressSanitizer: stack-use-after-return"),
        "&name"));
    cr_assert(
        strstr(kit_sanitizer_why("ERROR: AddressSanitizer: heap-use-after-free "
                                 "natsMsg_create"),
               "after it was released"));
}

Test(sanitizers, what_they_need_is_no_report)
{
    const char *what, *limited = "==7==ReserveShadowMemoryRange failed while\n";

    cr_assert_str_eq(kit_sanitizer_mend(limited, &what), "ulimit -v unlimited");
    cr_assert_null(kit_sanitizer_mend(leak, &what));
}
