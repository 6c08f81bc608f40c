/* What a program's end and its last words say about the mistake. */
#ifndef KIT_PROC_TESTIFY_H
#define KIT_PROC_TESTIFY_H

#include "kit/proc/child.h"

#include <stdbool.h>
#include <stdio.h>

/* How it ended, all of it seen at one moment. */
struct kit_end {
    bool ended, ending, too_large, too_much;
    int status; /* waitpid's */
};

struct kit_end kit_end_of(struct kit_program *program);

/* The exit status of one that has ended by itself, else -1. */
int kit_exit_status(struct kit_program *program);

/* "is still running", "ended with exit status 1", "was killed by signal 11
 * (Segmentation fault)", ... */
const char *kit_describe_end(struct kit_program *program);

/* What it said last on stderr, if that may be why it ended: ", saying
 * \"lottery: Timeout\"", or "". */
const char *kit_describe_words(struct kit_program *program);

/* The likely mistake where it ended, told to, but not with status 0. */
const char *kit_why_ended_badly(struct kit_program *program);

/* Whether a sanitizer has reported. */
bool kit_sanitizer_report(struct kit_program *program);

/* Ends the test with verdict 3 where the sanitizers cannot work at all: that is
 * the machine's doing, and no mistake of the program's. */
void kit_assert_watchable(struct kit_program *program);

/* Fails the test where there is a report. */
void kit_assert_clean(struct kit_program *program);

/* Fails the test: the program still runs. busy: which part of the time it has
 * used a processor. */
_Noreturn void kit_fail_running(struct kit_program *program,
                                const char *expected, double busy);

/* From watch to assert, the program only waits: it does not keep a processor
 * busy. Fails the test where it does. */
void kit_watch_idle(struct kit_program *program);
void kit_assert_idle(struct kit_program *program);

/* The files with what it printed. */
void kit_tell_files(FILE *out, struct kit_program *program);

/* Its last words, where it has failed and said something. Whether it has. */
bool kit_tell_last_words(FILE *out, struct kit_program *program);

#endif
