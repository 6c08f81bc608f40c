/* The lines that a program prints: awaited and forbidden.
 *
 * A line is told by a form (base/form.h): "reconnected to «server name»". It is
 * compared with whole lines, without their newline; on stderr, small and large
 * letters are the same. */
#ifndef KIT_PROC_LINES_H
#define KIT_PROC_LINES_H

#include "kit/proc/program.h"

#include <stddef.h>

/* A line of stdout has this form. Returns the line. Lines before and including
 * it are used up: the next call looks further on, so that the third
 * "disconnected" is what the third call of this finds. */
const char *kit_expect_line(struct kit_program *program, const char *form,
                            const char *why);

/* The same, with a deadline other than KIT_DEADLINE_MS. */
const char *kit_expect_line_within(struct kit_program *program,
                                   const char *form, int within_ms,
                                   const char *why);

/* The same, where it is no mistake that none comes: NULL then, at once where
 * the program has ended. */
const char *kit_await_line(struct kit_program *program, const char *form,
                           int within_ms);

/* kit_expect_line for stderr. */
const char *kit_expect_complaint(struct kit_program *program, const char *form,
                                 const char *why);

/* kit_expect_line for a line of these very bytes; they hold no newline. */
void kit_expect_line_bytes(struct kit_program *program, const void *data,
                           size_t length, const char *why);
void kit_expect_line_text(struct kit_program *program, const char *line,
                          const char *why);

/* From now on, until it is told to end, no line of stdout has this form: where
 * one comes while others are awaited, the test fails at once, with this
 * expectation and reason. All three strings must last as long as the test. */
void kit_forbid_line(struct kit_program *program, const char *form,
                     const char *expected, const char *why);

#endif
