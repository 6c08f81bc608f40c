/* The memory of a program. */
#ifndef KIT_PROC_MEMORY_H
#define KIT_PROC_MEMORY_H

#include "kit/proc/program.h"

/* It has never had more than so many MiB (kit_peak_memory), what of its
 * libraries is in memory included. A program with sanitizers has more. */
void kit_assert_memory(struct kit_program *program, int most_mib,
                       const char *why);

#endif
