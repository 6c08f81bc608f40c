/* Shell commands in the workbench: the nats command line, nats-server -t. */
#ifndef KIT_PROC_COMMAND_H
#define KIT_PROC_COMMAND_H

#include "kit/proc/program.h"

/* Runs it by /bin/sh, at most for 10 s. *output is what it printed, both
 * streams; it may be NULL. Returns its exit status, 127 where there is no such
 * command, -1 where a signal ended it. */
int kit_run_command(struct kit_programs *programs, const char *command,
                    char *const environment[], const char **output);

#endif
