/* A check that fails, and fails again while it ends: the first report stays. */
#include "kit/kit.h"

static void end_badly(void)
{
    kit_fail("the second report", NULL, "something else");
}

TestSuite(once, .init = kit_begin, .fini = end_badly);

Test(once, it_is_reported_by_its_first_failure)
{
    kit_fail("the first report", NULL, "something");
}
