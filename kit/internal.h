/* What the files of kit/ share with each other and nobody else. */
#ifndef KIT_INTERNAL_H
#define KIT_INTERNAL_H

#include "kit.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/types.h>

#define KIT_NODES 3

/* ---- environment variables that main() hands to each test's process ---- */
#define KIT_ENV_ACCOUNT "KIT_ACCOUNT" /* CHECK_1 */
#define KIT_ENV_RUN "KIT_RUN"         /* folder for output and reports */
#define KIT_ENV_SEED "KIT_SEED"
#define KIT_ENV_PROGRAM "KIT_PROGRAM"   /* shell words that start it */
#define KIT_ENV_SERVERS "KIT_SERVERS"   /* host:port,host:port,host:port */
#define KIT_ENV_EXERCISE "KIT_EXERCISE" /* 04_lottery */
#define KIT_ENV_COLOR "KIT_COLOR"       /* set: colour the report */

/* ---- sync.c: one lock, one condition ----------------------------------- */

/* Guards all that threads of nats.c and program readers share with the test.
 * kit_changed is signalled whenever something a test may wait for happened. */
extern pthread_mutex_t kit_lock;
void kit_locked_notify(void); /* with the lock held */

/* Memory until kit_end; never NULL. kit_keep copies and adds a NUL. */
void *kit_allocate(size_t size);
char *kit_keep(const void *data, size_t length);
void kit_free_all(void);
void kit_start_clock(void);

/* ---- listen.c ---------------------------------------------------------- */

/* Ends the test, undecided, where a call of ours failed. */
void kit_must(natsStatus s, const char *what);

/* A subscription and all that it heard. Guarded by kit_lock. */
struct kit_listener {
    natsSubscription *sub; /* NULL when it has ended */
    struct kit_message *items;
    size_t count, capacity;
    int sentinels; /* of the round under way */
};

void kit_listen(struct kit_listener *listener, natsConnection *nc,
                const char *subject);
void kit_listen_end(struct kit_listener *listener);    /* keeps what it heard */
void kit_listen_forget(struct kit_listener *listener); /* keeps nothing */

/* The subject of sentinels from now on: _INBOX.kit.settle.TEST.all */
const char *kit_sentinel_subject(const char *test);
int kit_locked_next_round(void);

/* ---- wire.c, replies.c, tap.c ------------------------------------------ */

const char *kit_account_user(void); /* check_1 */
void kit_wire_open(void);
void kit_wire_close(void);
void kit_wire_open_island(natsConnection *nc);
void kit_wire_close_island(void);
natsConnection *kit_wire_main(void);   /* to publish, subscribe, ask */
void kit_wire_leave(const char *node); /* moves it to another node */

/* Waits until the connection is to another node than this. */
void kit_move(natsConnection *nc, const char *node);

/* Connects to one of the servers (URLs) as this user, whose password equals its
 * name. Ends the run with verdict 3 where it cannot. */
natsConnection *kit_connect(const char *servers[], int count, const char *user);

void kit_replies_open(const char *test);
void kit_replies_close(void);
void kit_replies_open_island(natsConnection *nc);
void kit_replies_close_island(void);
struct kit_listener *kit_replies_listener(void);

void kit_tap(void); /* from now on every message is recorded */
void kit_tap_close(void);
struct kit_listener *kit_tapped_listener(void);

/* kit_quote, but short enough for a line of the timeline. */
const char *kit_quote_for_timeline(const void *data, size_t length);

/* Writes the last messages of the tap, one a line. */
void kit_print_timeline(FILE *out);

/* ---- serve.c ----------------------------------------------------------- */

void kit_serve_end(void);

/* ---- ask.c ------------------------------------------------------------- */

/* Asks every server; answers[] gets one document a running node, which the
 * caller frees. False where one did not answer: ask again. */
bool kit_gather(const char *subject, const char *question,
                cJSON *answers[KIT_NODES]);

/* kit_connections, once: false where a server did not answer. */
bool kit_look(struct kit_connections *all);

void kit_ask_open(void);
void kit_ask_close(void);
void kit_ask_leave(const char *node); /* as kit_wire_leave */

/* Waits until nobody but the kit is connected to the account. */
void kit_await_empty_account(void);

/* ---- account.c --------------------------------------------------------- */

/* Makes the account as new: nobody else there, no streams. */
void kit_empty_account(void);

/* A jetstream context of the main connection; ends the test where there is
 * none. The caller destroys it. */
jsCtx *kit_jetstream(void);

/* ---- replicas.c -------------------------------------------------------- */

/* How long it may take until a stream has a leader, and that its replicas. */
#define KIT_ELECTION_MS 15000

/* Waits until a stream of three replicas can be made: servers that have just
 * begun refuse it until they have heard of each other. */
void kit_await_placement(void);

/* ---- cluster.c --------------------------------------------------------- */

/* URLs of the three nodes of the cluster in use, running or not. */
const char **kit_servers(void);
bool kit_node_running(int node);
int kit_nodes_running(void);
void kit_cluster_begin(void);
void kit_cluster_end(void);

const char *kit_leaf_address(void); /* host:port for leaf nodes */

/* Removes what private clusters stored; main() does it again, in case the test
 * was killed. */
void kit_remove_stores(void);

/* ---- island.c ---------------------------------------------------------- */

/* A client of the learner's server; ends the test where there is none. */
natsConnection *kit_island(void);
void kit_island_end(void);

/* What the learner's server has logged. */
const char *kit_island_log(void);

/* Whether the learner's server is joined to the hub, as far as was asked. */
bool kit_is_joined(void);
void kit_set_joined(bool joined);

/* ---- local.c ----------------------------------------------------------- */

/* A port of 127.0.0.1 that is free now; another process may be faster. */
int kit_free_port(void);

/* Whether somebody listens on this port of 127.0.0.1. */
bool kit_is_taken(int port);

/* Whether the nats-server that monitors on this port says so by /healthz. */
bool kit_is_healthy(int monitor_port);

/* Removes a folder and what is in it, if it is there. */
void kit_remove_tree(const char *path);

/* ---- hold.c ------------------------------------------------------------ */

/* How many lines of a program's stdout are to be read; 0: all. */
int kit_lines_until_held(void);

/* Whether its stdout is not to be read now. */
bool kit_is_held(struct kit_program *program);

/* ---- program.c, process.c ---------------------------------------------- */

struct kit_stream {
    char *text; /* ends in a NUL beyond length */
    size_t length;
    size_t capacity;
    size_t used; /* up to here expectations have looked */
    FILE *file;  /* the copy that the learner can read */
};

struct kit_program {
    struct kit_program *next;
    const char *name; /* its arguments, as typed */
    const char *file; /* of what it prints, but for a number and an ending */
    const char *out_path, *err_path;
    pid_t pid;
    int in, out, err, pidfd;
    struct kit_stream stdout_text, stderr_text;
    pthread_t reader;
    bool tool;     /* a server or service, not what the test is about */
    bool learners; /* a server that the learner has configured */
    bool ended;    /* and reaped: status holds waitpid's */
    int status;
    bool ending;    /* the test asked it to end */
    bool held;      /* its stdout is not read */
    int lines_left; /* to be read until it is held; 0: no end */
    bool too_large; /* killed for its memory */
};

/* Waits until a program has ended that was told to; undecided if it does not.
 */
void kit_expect_gone(struct kit_program *program);

/* All programs of this test, the newest first. */
struct kit_program *kit_programs(void);

/* Starts argv, keeps it in the list under this name, reads its output. */
struct kit_program *kit_launch(const char *name, char *const argv[],
                               char *const envp[], bool tool);

/* Spawns argv with stdin, stdout, stderr on pipes; fills pid, in, out, err.
 * The child dies with the calling thread. */
void kit_spawn(struct kit_program *program, char *const argv[],
               char *const envp[]);
void *kit_read_program(void *program); /* the reader thread */
void kit_programs_end(void);
void kit_programs_begin(void);

/* A program that ended though the test did not ask it to, or NULL. */
struct kit_program *kit_early_end(void);
bool kit_sanitizer_report(struct kit_program *program);

/* Fails the test if there is a report of a sanitizer. */
void kit_assert_clean(struct kit_program *program);

/* "exit status 1", "killed by SIGSEGV", ... */
const char *kit_describe_end(struct kit_program *program);

/* ---- report.c ---------------------------------------------------------- */

/* Shared memory between main() and the runner it forks. */
struct kit_tally {
    int tests, passed, failed, crashed, timed_out;
    pid_t runner; /* Criterion's process; 0: not yet started */
};

extern struct kit_tally *kit_tally;
void kit_report_install(struct criterion_test_set *set);

/* Prints what the tests left behind and returns the verdict. */
int kit_report_verdict(bool timed_out);

/* Opens $KIT_RUN/name for writing. */
FILE *kit_run_file(const char *name, const char *mode);
const char *kit_sentence(const char *test_name);

/* "  label    text", the text broken at 79 columns. label may be "". */
void kit_print_wrapped(FILE *out, const char *label, const char *text);

/* ---- guard.c ----------------------------------------------------------- */

/* Runs work() in a child and waits for it, at most seconds (0: for ever). When
 * it returns, no descendant of this process is left, whatever they did. When
 * this process is killed, its child is told by SIGTERM and does the same.
 * Returns work's value, or -1 where it was killed or ran out of time. */
int kit_guard(int (*work)(void), int seconds);

#endif
