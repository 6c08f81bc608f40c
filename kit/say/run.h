/* Where a test leaves what it has to say: its folder in the run's. */
#ifndef KIT_SAY_RUN_H
#define KIT_SAY_RUN_H

#include <stdio.h>

/* "build/04_lottery/run-1/3" for the third test of the file; made if need be,
 * by begin, which a test's process calls once. */
void kit_run_begin(const char *folder);
const char *kit_run_folder(void);

/* Opens a file of that folder for writing, or ends the process with
 * KIT_ENVIRONMENT: without it there is nothing to say it with. */
FILE *kit_run_file(const char *name);

#endif
