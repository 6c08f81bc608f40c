#include "kit/say/time.h"

#include "kit/base/text.h"
#include "kit/say/fail.h"

void kit_assert_lasted(double from, double to, int at_least_ms,
                       const char *what, const char *why)
{
    if (to - from < at_least_ms)
        kit_fail(kit_text("%s, %g s at least", what, at_least_ms / 1e3), why,
                 "%.2f s", (to - from) / 1e3);
}
