/* A check that crashes: our mistake, not the learner's. */
#include "kit/kit.h"

#include <stdlib.h>

TestSuite(crash, .init = kit_begin, .fini = kit_end);

Test(crash, it_aborts)
{
    abort();
}
