/* What a sanitizer has to say, and the part of it that matters. */
#include "kit/proc/testify.h"

#include "kit/base/lines.h"
#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(testify, .fini = kit_free_all);

static const char leak[] =
    "\n=================================================================\n"
    "==7==ERROR: LeakSanitizer: detected memory leaks\n"
    "\n"
    "Direct leak of 8 byte(s) in 1 object(s) allocated from:\n";

Test(testify, reports_are_known)
{
    cr_assert(kit_is_sanitizer_report(leak));
    cr_assert(kit_is_sanitizer_report(
        "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"));
    cr_assert(kit_is_sanitizer_report(
        "a line\na.c:7:3: runtime error: signed integer overflow: 1 + 2\n"));
}

Test(testify, other_words_are_no_report)
{
    cr_assert_not(kit_is_sanitizer_report(""));
    cr_assert_not(kit_is_sanitizer_report("greeter: timeout\n"));
    cr_assert_not(kit_is_sanitizer_report("runtime error: no replies\n"));
    cr_assert_not(kit_is_sanitizer_report("ERROR: no servers\n"));
}

Test(testify, the_part_begins_with_the_line_that_names_it)
{
    cr_assert_str_eq(kit_sanitizer_part(leak), strstr(leak, "==7=="));
    cr_assert_str_eq(
        kit_sanitizer_part("said before\na.c:7:3: runtime error: b\nmore"),
        "a.c:7:3: runtime error: b\nmore");
    cr_assert_str_eq(kit_sanitizer_part("a.c:7:3: runtime error: b"),
                     "a.c:7:3: runtime error: b");
}

Test(testify, the_part_has_12_lines)
{
    const char *part =
        kit_sanitizer_part("1\n==7==ERROR: AddressSanitizer: x\n"
                           "2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n");

    cr_assert_eq(kit_line_count(part, strlen(part)), 12);
    cr_assert_str_eq(strstr(part, "10\n"), "10\n11\n12\n");
}

Test(testify, without_a_report_all_of_it_is_the_part)
{
    cr_assert_str_eq(kit_sanitizer_part("greeter: timeout\n"),
                     "greeter: timeout\n");
}
