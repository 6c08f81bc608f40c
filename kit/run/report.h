/* What a learner reads: a line a test, the first failure in full, a verdict. */
#ifndef KIT_RUN_REPORT_H
#define KIT_RUN_REPORT_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <sys/types.h>

/* Shared memory between main() and the runner that it forks. */
struct kit_tally {
    int tests, passed;
    int failed;   /* the number of the first that did not pass; 0: none */
    pid_t runner; /* Criterion's process; 0: not yet started */
};

extern struct kit_tally *kit_tally;

/* Memory that is shared with processes forked later; false where there is
 * none. */
bool kit_tally_begin(void);

/* In the runner: a line a test, in the order of names, as soon as all before
 * it have ended. The first that does not pass ends the process, with what
 * still runs. */
void kit_report_install(const char *const names[], size_t count);

/* The run is over: tests of which nothing was heard have not passed. That is
 * how Criterion leaves those that fail before their body begins. */
void kit_report_finish(void);

/* In main(): prints what the first test that did not pass has left behind, and
 * returns the verdict. stopped: the run did not come to its end. */
int kit_report_verdict(bool stopped);

#endif
