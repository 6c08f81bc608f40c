/* What programs print to the last byte, and what they leave behind. */
#include "kit/kit.h"

TestSuite(programs, .init = kit_begin, .fini = kit_end);

/* Not its own command line, as that has brackets. */
static bool child_is_gone(void *unused)
{
    (void)unused;
    return kit_run("grep -qszx '765[8]' /proc/[0-9]*/cmdline", NULL) != 0;
}

Test(programs, its_children_end_with_it)
{
    struct kit_program *parent = kit_start("parent");

    kit_expect_exit(parent, 0, NULL);
    kit_assert_output(parent, "one\n", NULL);
    if (!kit_wait(child_is_gone, NULL, KIT_DEADLINE_MS))
        kit_fail("its child ends too", NULL, "it lives");
}

Test(programs, blank_lines_are_lines)
{
    struct kit_program *three = kit_start("three");

    kit_expect_exit(three, 0, NULL);
    kit_assert_output(three, "one\n\ntwo", NULL);
    cr_assert_eq(kit_count_lines(three, ""), 1);
    cr_assert_eq(kit_count_lines(three, "«word:two|one»"), 2);
    cr_assert_eq(kit_count_lines(three, "…"), 3);
}
