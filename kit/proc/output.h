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

/* A line of stdout matches the POSIX extended regular expression, which is
 * compared with whole lines, without their newline. Returns the line. Lines
 * before and including it are used up: the next call looks further on. */
const char *kit_expect_line(struct kit_program *program, const char *regex,
                            const char *why);

/* The same for stderr. */
const char *kit_expect_complaint(struct kit_program *program, const char *regex,
                                 const char *why);

/* kit_expect_line for a line of these very bytes; they hold no newline. */
void kit_expect_line_bytes(struct kit_program *program, const void *data,
                           size_t length, const char *why);
void kit_expect_line_text(struct kit_program *program, const char *line,
                          const char *why);

/* What is on stdout (stderr) until now; *length may be NULL; always ends in
 * a NUL beyond the length. */
const char *kit_output(struct kit_program *program, size_t *length);
const char *kit_complaints(struct kit_program *program, size_t *length);

/* stdout is, all of it, equal to text. */
void kit_assert_output(struct kit_program *program, const char *text,
                       const char *why);

/* How many lines of stdout match the expression; blank lines are lines. */
int kit_count_lines(struct kit_program *program, const char *regex);

/* The program fails as it should: this exit status, and nothing but one line,
 * on stderr, that matches the expression. */
void kit_expect_failure(struct kit_program *program, int status,
                        const char *regex, const char *why);

/* Stops reading the program's stdout, and goes on. Meanwhile a program that
 * prints has to wait as soon as the pipe is full: after 128 KiB at most. */
void kit_hold_output(struct kit_program *program);
void kit_release_output(struct kit_program *program);

/* A program held by kit_hold_output_after (frame/room.h) has begun to print
 * what nobody reads. */
void kit_expect_held(struct kit_program *program, const char *why);

#endif
