/* How a test ends that does not pass: one report, written once.
 *
 * From the test's own thread only. None of these returns; what fails after a
 * report was written (while the test is being ended) adds nothing to it. */
#ifndef KIT_SAY_FAIL_H
#define KIT_SAY_FAIL_H

#include "kit/say/verdict.h"

#include <stdbool.h>

/* The command a learner can paste to see the same by hand; printf format.
 * Shown when a later expectation of this test fails. The text is what follows
 * `nats ` on a command line: request room.lottery ''. */
void kit_by_hand(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fails the test. expected: what should have been seen. why: the likely
 * mistake as a question, or NULL; where somebody has an alibi (say/witness.h),
 * that is told instead. seen: printf format of what was seen. */
_Noreturn void kit_fail(const char *expected, const char *why, const char *seen,
                        ...) __attribute__((format(printf, 3, 4)));

/* Ends the test with verdict 3: mend is the command or action that helps. */
_Noreturn void kit_environment(const char *mend, const char *what, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for what is no fault: a step that the learner does by hand. */
_Noreturn void kit_by_hand_first(const char *step, const char *what, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends the test with verdict 2: the check could not decide. */
_Noreturn void kit_undecided(const char *why, ...)
    __attribute__((format(printf, 1, 2)));

/* For the frame: a new test has begun; its name, and how to end it. */
void kit_report_begin(const char *test, void (*end)(void));
bool kit_has_reported(void);

#endif
