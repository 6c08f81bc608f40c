/* What went in against what came out: each once, lost, or twice. */
#ifndef KIT_PROC_LEDGER_H
#define KIT_PROC_LEDGER_H

#include "kit/proc/program.h"

#include <stddef.h>

/* What all learners' programs have printed is each of these lines once, in any
 * order, and nothing else. The failure names the first that is lost, or that
 * is there too often. */
void kit_ledger_assert(struct kit_programs *programs, const char *const lines[],
                       size_t count, const char *why);

#endif
