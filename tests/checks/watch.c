/* Runs the program until it ends by itself, and asks for a clean end. */
#include "kit/kit.h"

TestSuite(watch, .init = kit_begin, .fini = kit_end);

Test(watch, it_ends_with_status_0)
{
    kit_expect_exit(kit_start_alone(), 0, NULL);
}
