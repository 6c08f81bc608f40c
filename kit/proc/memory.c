#include "kit/proc/memory.h"

#include "kit/base/text.h"
#include "kit/say/fail.h"

void kit_assert_memory(struct kit_program *program, int most_mib,
                       const char *why)
{
    double peak = kit_peak_memory(program);

    if (peak > most_mib)
        kit_fail(kit_text("'%s' uses at most %d MiB of memory",
                          kit_program_name(program), most_mib),
                 why, "%.0f MiB", peak);
}
