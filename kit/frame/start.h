/* Starting the learner's programs, and what they find in their environment. */
#ifndef KIT_FRAME_START_H
#define KIT_FRAME_START_H

#include "kit/proc/lines.h"
#include "kit/proc/output.h"
#include "kit/proc/program.h"

#include <stdint.h>

/* Starts the program with these arguments and NATS_URL set to the account on
 * all three nodes. Its own process group, stdin a pipe, stdout and stderr
 * captured (and kept in files). Does not wait for anything.
 *     kit_start("answer", "Ada"); */
#define kit_start(...) kit_start_args((const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_start_args(const char *const args[]);

/* The same without arguments. */
struct kit_program *kit_start_alone(void);

/* One of several programs of an exercise: kit_start_of("device", "d7"). */
#define kit_start_of(program, ...)                                             \
    kit_start_args_of(program, (const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_start_args_of(const char *program,
                                      const char *const args[]);

/* From here on, whatever starts a program without naming it (kit_start, and all
 * that is built on it, such as kit_expect_usage_error) starts this one of the
 * exercise's. NULL: the first, as at the beginning of a test. */
void kit_use_program(const char *program);

/* Waits until each program that runs has said that it is ready, by a first line
 * on stdout; the one that says nothing is given KIT_READY_MS. That the server
 * lists a subscription is earlier: the program may not be prepared yet for a
 * signal. */
#define KIT_READY_MS 250
void kit_await_ready(void);

/* Sets a variable for programs started later in this test; NULL removes. */
void kit_set_env(const char *name, const char *value);

/* What NATS_URL has for one of the nodes "n1", "n2", "n3", user included. */
const char *kit_node_url(const char *name);

/* kit_start, held: so many lines are read of its stdout, and not a byte more. A
 * line of KIT_LONG_LINE bytes after them does not fit the pipe, and the program
 * cannot come to its end until kit_release_output. */
#define KIT_LONG_LINE 5000
#define kit_start_held(lines, ...)                                             \
    kit_start_held_args(lines, (const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_start_held_args(int lines, const char *const args[]);

/* Runs a shell command in the workbench with the test's environment (NATS_URL,
 * programs' PATH), at most for 10 s. *output is what it printed, both
 * streams. Returns its exit status, 127 where there is no such command. */
int kit_run(const char *command, const char **output);

/* What all programs of this test have printed is each of these lines once, in
 * any order, and nothing else. The failure names the first that is lost, or
 * that is there too often. */
void kit_assert_each_once(const char *const lines[], size_t count,
                          const char *why);

/* A number from 0 to below - 1. All chance comes from one seed, printed with
 * a failure; SEED=... replays it. */
uint32_t kit_random(uint32_t below);

/* A short word that differs from run to run ("kobe", "sudala"): one subject
 * token, lower case, never the same twice in a test. */
const char *kit_random_word(void);

/* So many random letters. */
const char *kit_random_text(size_t length);

/* So many random bytes, among them NULs, newlines, and what is no text. */
const void *kit_random_bytes(size_t length);

/* So many lines, and a NULL, no two alike, each one subject token: "kobe-1".
 * The one that follows the first `held` has KIT_LONG_LINE bytes; 0: none has.
 */
const char *const *kit_random_lines(size_t count, size_t held);

/* A damaged copy of a text (base/damage.h). */
const char *kit_random_damage(const char *text, size_t *length);

/* For the other files of frame/: the shell words that start a program (NULL:
 * the exercise's first), as argv; what it is called in a report. */
char **kit_command_line(const char *command, const char *const args[]);
const char *kit_command_of(const char *program);
const char *kit_name_of(const char *command, const char *const args[]);

#endif
