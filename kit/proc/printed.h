/* All that a program has printed: counted, compared, and how it ended. Lines
 * are told by forms (base/form.h), as in lines.h. */
#ifndef KIT_PROC_PRINTED_H
#define KIT_PROC_PRINTED_H

#include "kit/proc/program.h"

/* How many lines of stdout have this form; blank lines are lines. */
int kit_count_lines(struct kit_program *program, const char *form);

/* When the last of stdout came (kit_clock), however late it is looked at. */
double kit_printed_at(struct kit_program *program);

/* Exactly so many lines of stdout have this form. */
void kit_assert_line_count(struct kit_program *program, const char *form,
                           int count, const char *why);

/* These programs, which count together, end with exit status 0, and each number
 * from 1 to last is a line of one of them, once. */
void kit_expect_numbers(struct kit_program *const programs[], int count,
                        int last, const char *why);

/* stdout is, all of it, equal to text: these lines, and nothing else. The
 * failure names the first line that differs. */
void kit_assert_output(struct kit_program *program, const char *text,
                       const char *why);

/* The same, with a reason for each line:
 *     kit_assert_lines(program, {"Ada", why}, {"Bea", why}); */
#define kit_assert_lines(program, ...)                                         \
    kit_assert_lines_of(                                                       \
        program, (const struct kit_wanted_line[]){__VA_ARGS__, {NULL, NULL}})
struct kit_wanted_line {
    const char *text, *why;
};
void kit_assert_lines_of(struct kit_program *program,
                         const struct kit_wanted_line *lines);

/* The program ends by itself with exit status 0, and has printed this text. */
void kit_expect_printed(struct kit_program *program, const char *text,
                        const char *why);
void kit_expect_printed_bytes(struct kit_program *program, const void *data,
                              size_t length, const char *why);

/* The program ends by itself, with exit status 0 or 1. Whether it has printed
 * such a line: one that succeeds may yet fail to close its connection. */
bool kit_expect_end(struct kit_program *program, const char *form);

/* The program fails as it should: this exit status, and nothing but one line,
 * on stderr, of this form. Returns when that came (kit_clock), however
 * late it is looked at. */
double kit_expect_failure(struct kit_program *program, int status,
                          const char *form, const char *why);

/* The same, exit status 1: of two things that can happen, the line names this
 * one, and not the other (in whatever case):
 *     kit_expect_told(program, "timeout", "no responders", why); */
double kit_expect_told(struct kit_program *program, const char *what,
                       const char *other, const char *why);

#endif
