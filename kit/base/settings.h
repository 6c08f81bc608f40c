/* The environment variables of a check's processes.
 *
 * scripts/learner/check sets the first group, run/main.c the second; each
 * test's own process reads them. What programs are told (NATS_URL, HUB_LEAF and
 * so on) is in frame/start.h and
 * server/learners.h. */
#ifndef KIT_BASE_SETTINGS_H
#define KIT_BASE_SETTINGS_H

#define KIT_ENV_SERVERS "KIT_SERVERS"      /* host:port,host:port,host:port */
#define KIT_ENV_LEAFS "KIT_LEAFS"          /* the same, for leaf nodes */
#define KIT_ENV_SYSTEM "SYS_PASSWORD"      /* of the user sys */
#define KIT_ENV_PROGRAM "KIT_PROGRAM"      /* shell words that start it */
#define KIT_ENV_CONFIG "KIT_CONFIG"        /* path of the configuration */
#define KIT_ENV_PLAIN "KIT_PLAIN"          /* the program without sanitizers */
#define KIT_ENV_SEED "SEED"                /* repeats a run */
#define KIT_ENV_JOBS "KIT_JOBS"            /* tests that run at once */
#define KIT_ENV_SECONDS "KIT_TEST_SECONDS" /* until a test is ended */
#define KIT_ENV_MEMORY "KIT_MEMORY_MIB"    /* of one program */

#define KIT_ENV_RUN "KIT_RUN"           /* the run's folder */
#define KIT_ENV_EXERCISE "KIT_EXERCISE" /* 04_lottery */
#define KIT_ENV_TESTS "KIT_TESTS"       /* their names, in the file's order */
#define KIT_ENV_COLOR "KIT_COLOR"       /* set: colour the report */
#define KIT_ENV_RUN_SEED "KIT_SEED"     /* SEED, or one that was made up */

#endif
