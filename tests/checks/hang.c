/* A check that never ends. */
#include "kit/kit.h"

#include <unistd.h>

TestSuite(hang, .init = kit_begin, .fini = kit_end);

Test(hang, it_waits_for_ever)
{
    kit_start_alone();
    for (;;)
        pause();
}
