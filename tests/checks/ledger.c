/* Three lines, each once: what of them is wrong is said. */
#include "kit/kit.h"

TestSuite(ledger, .init = kit_begin, .fini = kit_end);

Test(ledger, each_line_is_printed_once)
{
    kit_expect_exit(kit_start_alone(), 0, NULL);
    kit_assert_each_once((const char *const[]){"one", "", "two"}, 3, NULL);
}
