/* The learner's program, as a separate process: started, told, ended.
 *
 * Programs belong to the test and live until it ends; whatever they did, they
 * and their children are killed then. Calls are for the test's own thread. */
#ifndef KIT_PROC_PROGRAM_H
#define KIT_PROC_PROGRAM_H

#include "kit/proc/reader.h"
#include "kit/say/witness.h"

#include <signal.h>
#include <stdbool.h>

struct kit_program; /* proc/child.h */

/* ---- for a check --------------------------------------------------------- */

/* A program's end is a failure's reason, unless the check has said that it may
 * end: kit_may_end just says so; kit_type_end (output.h) ends its input, too;
 * kit_brief (frame/requests.h) is that on one line with its start; kit_let_end
 * also waits for its end. */

/* From now on a failure names the test's own reason also where the program has
 * ended; until then, its end is the reason. */
void kit_may_end(struct kit_program *program);

/* From now on, until it is told to end, the program's end fails the test, with
 * this mistake, and nothing is waited for any longer. Returns the program. */
struct kit_program *kit_must_run(struct kit_program *program, const char *why);

/* The program ends by itself with this exit status, without a sanitizer
 * report. */
void kit_expect_exit(struct kit_program *program, int status, const char *why);

#define kit_expect_success(program)                                            \
    kit_expect_exit(program, 0, "does it end by itself, and with success?")

/* SIGINT; then it must end within the deadline with status 0 and without a
 * sanitizer report: everything it held was released. */
void kit_stop(struct kit_program *program);

/* The same for SIGTERM, or any other signal that ends it. */
void kit_stop_by(struct kit_program *program, int signal);

/* To the program and its children. SIGSTOP and SIGCONT leave it to run on; if
 * any other signal ends it, that is no mistake. */
void kit_signal(struct kit_program *program, int signal);
void kit_kill(struct kit_program *program); /* SIGKILL, and waits */
bool kit_running(struct kit_program *program);
bool kit_await_end(struct kit_program *program, int within_ms); /* in time? */

/* The most memory that it has had at a time until now, or until its end, in
 * MiB, however short that time was. */
double kit_peak_memory(struct kit_program *program);

/* Its arguments, as typed. */
const char *kit_program_name(const struct kit_program *program);

/* ---- for the layers above ------------------------------------------------ */

struct kit_programs {
    struct kit_reader reader;
    int hold_after; /* for those started from now on, see output.h */
    struct kit_witness witness;
};

/* What a program is to a test. */
enum kit_role {
    KIT_LEARNERS, /* what the test is about: its early end is a reason */
    KIT_DEVICE,   /* the same, one of hundreds: no input, a few descriptors */
    KIT_TOOL,     /* a server or service of the kit's */
};

void kit_programs_begin(struct kit_programs *programs);

/* Kills what still runs; then nothing is known of programs any more. */
void kit_programs_end(struct kit_programs *programs);

/* Starts argv, in this environment, under this name. Waits for nothing. */
struct kit_program *kit_launch(struct kit_programs *programs, const char *name,
                               char *const argv[], char *const envp[],
                               enum kit_role role);

/* The learners' programs, one after the other: NULL begins and ends. */
struct kit_program *kit_next_program(struct kit_programs *programs,
                                     struct kit_program *after);

/* Every learner's program that still runs is stopped, all at once, by SIGINT
 * and SIGTERM in turn: not again where a signal has told it before. One that
 * has ended early is a failure. */
void kit_stop_all(struct kit_programs *programs);

/* A program that was told to end does; undecided if not. */
void kit_expect_gone(struct kit_program *program);

/* No learner's program has left a sanitizer's report. */
void kit_assert_all_clean(struct kit_programs *programs);

#endif
