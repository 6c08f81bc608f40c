/* The four verdicts: exit codes of a check, and of scripts/learner/check. */
#ifndef KIT_SAY_VERDICT_H
#define KIT_SAY_VERDICT_H

enum kit_verdict {
    KIT_PASSED = 0,
    KIT_NOT_YET = 1,     /* the learner's program */
    KIT_UNDECIDED = 2,   /* the check itself: crashed, timed out, ran nothing */
    KIT_ENVIRONMENT = 3, /* the cluster, the tools */
};

/* The file of a test's folder that tells its report, for each but PASSED. */
#define KIT_FILE_NOT_YET "failure"
#define KIT_FILE_UNDECIDED "undecided"
#define KIT_FILE_ENVIRONMENT "environment"
#define KIT_FILE_STEP "step" /* KIT_ENVIRONMENT, too */

#endif
