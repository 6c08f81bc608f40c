/* What a program reads and prints. */
#ifndef KIT_PROC_OUTPUT_H
#define KIT_PROC_OUTPUT_H

#include "kit/proc/program.h"

#include <stddef.h>

/* Writes to the program's stdin. Fails the test if it does not read. */
void kit_type(struct kit_program *program, const char *text);
void kit_type_bytes(struct kit_program *program, const void *data,
                    size_t length);
void kit_type_end(struct kit_program *program); /* end of input; it may end */

/* What is on stdout (stderr) until now; *length may be NULL; always ends in
 * a NUL beyond the length. */
const char *kit_output(struct kit_program *program, size_t *length);
const char *kit_complaints(struct kit_program *program, size_t *length);

/* Stops reading the program's stdout, and goes on. Meanwhile a program that
 * prints has to wait as soon as the pipe is full: after 128 KiB at most. */
void kit_hold_output(struct kit_program *program);
void kit_release_output(struct kit_program *program);

/* A program held by kit_start_held (frame/start.h) has begun to print
 * what nobody reads. */
void kit_expect_held(struct kit_program *program, const char *why);

#endif
