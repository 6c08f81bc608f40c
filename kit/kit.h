/* The check harness: what a check.c may call, and all of it.
 *
 * A check is a Criterion program linked with libkit.a, which brings main().
 * It runs the learner's program as a separate process in a leased account of
 * the cluster, watches what the program does on the wire, asks the server
 * about it, and reports the first difference in words.
 *
 *     TestSuite(lottery, .init = kit_begin, .fini = kit_end);
 *
 *     Test(lottery, each_draw_has_exactly_one_winner)
 *     {
 *         kit_start("Ada");
 *         kit_expect_subscribers("room.lottery", 1);
 *         ...
 *     }
 *
 * Tests run one after the other, in the order of the file; the first that
 * fails ends the run. A test's name, with spaces for underscores, is the
 * sentence that the learner reads.
 *
 * Every kit_expect_... waits for its condition until KIT_DEADLINE_MS has
 * passed and then fails the test; every kit_assert_... looks once. Both
 * return only on success. Call them from the test's own thread.
 *
 * Absence is never proven by waiting. It is proven by a sentinel: something
 * sent after, whose arrival shows that nothing can be still under way
 * (kit_settle), or by the end of the program (kit_finish).
 *
 * Everything the kit hands out (programs, replies, strings) belongs to the
 * kit and lives until kit_end. Times are milliseconds. Payloads are (data,
 * length) and may hold any bytes. What is said about the server was read from
 * its monitoring answers ($SYS.REQ.SERVER...), not guessed.
 */
#ifndef KIT_KIT_H
#define KIT_KIT_H

#include <criterion/criterion.h>
#include <nats/nats.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long an expectation waits. Generous: a busy laptop is no mistake. */
#define KIT_DEADLINE_MS 3000

/* Exit codes of a check, and of scripts/learner/check. */
enum kit_verdict {
    KIT_PASSED = 0,
    KIT_NOT_YET = 1,     /* the learner's program */
    KIT_UNDECIDED = 2,   /* the check itself: crashed, timed out, ran nothing */
    KIT_ENVIRONMENT = 3, /* the cluster, the tools */
};

/* ---- a test's frame ---------------------------------------------------- */

/* Connects to every node, empties the account, starts the tap. */
void kit_begin(void);

/* Kills what still runs, closes connections, removes private clusters. */
void kit_end(void);

/* The command a learner can paste to see the same by hand; printf format.
 * Shown when a later expectation of this test fails. The text is what follows
 * `nats ` on a command line: request room.lottery ''. */
void kit_by_hand(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fails the test. expected: what should have been seen. why: the likely
 * mistake as a question, or NULL. seen: printf format of what was seen. */
_Noreturn void kit_fail(const char *expected, const char *why, const char *seen,
                        ...) __attribute__((format(printf, 3, 4)));

/* Ends the run with verdict 3: mend is the command or deed that helps. */
_Noreturn void kit_environment(const char *mend, const char *what, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends the run with verdict 2: the check could not decide. */
_Noreturn void kit_undecided(const char *why, ...)
    __attribute__((format(printf, 1, 2)));

/* printf into memory that lives until kit_end. */
const char *kit_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Payload as printable text for a message: quoted, escaped, cut at 60. */
const char *kit_quote(const void *data, size_t length);

/* ---- time and chance --------------------------------------------------- */

/* Milliseconds of the monotonic clock since the test began. */
double kit_clock(void);

/* Calls holds(arg) until it is true or deadline_ms have passed; between calls
 * it waits for the next message, line or exit, 10 ms at most. Returns what
 * holds returned last. */
bool kit_wait(bool (*holds)(void *arg), void *arg, int deadline_ms);

/* A number from 0 to below - 1. All chance comes from one seed, printed with
 * a failure; SEED=... replays it. */
uint32_t kit_random(uint32_t below);

/* A short word that differs from run to run ("kobe", "sudala"): one subject
 * token, lower case, 4 to 12 letters, never the same twice in a test. */
const char *kit_random_word(void);

/* ---- the learner's program --------------------------------------------- */

struct kit_program;

/* Starts the program with these arguments and NATS_URL set to the account on
 * all three nodes. Its own process group, stdin a pipe, stdout and stderr
 * captured (and kept in files). Does not wait for anything.
 *     kit_start("answer", "Ada"); */
#define kit_start(...) kit_start_args((const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_start_args(const char *const args[]);

/* The same without arguments. */
struct kit_program *kit_start_alone(void);

/* Sets a variable for programs started later in this test; NULL removes. */
void kit_set_env(const char *name, const char *value);

/* What NATS_URL has for one of the nodes "n1", "n2", "n3", user included. */
const char *kit_node_url(const char *name);

/* Writes to the program's stdin. Fails the test if it does not read. */
void kit_type(struct kit_program *program, const char *text);
void kit_type_bytes(struct kit_program *program, const void *data,
                    size_t length);
void kit_type_end(struct kit_program *program); /* end of input */

/* A line of stdout matches the POSIX extended regular expression, which is
 * compared with whole lines, without their newline. Returns the line. Lines
 * before and including it are used up: the next call looks further on. */
const char *kit_expect_line(struct kit_program *program, const char *regex,
                            const char *why);

/* The same for stderr. */
const char *kit_expect_complaint(struct kit_program *program, const char *regex,
                                 const char *why);

/* kit_expect_line for a line of these very bytes; they hold no newline. */
void kit_expect_line_bytes(struct kit_program *program, const void *data,
                           size_t length, const char *why);

/* What is on stdout (stderr) until now; *length may be NULL; always ends in
 * a NUL beyond the length. */
const char *kit_output(struct kit_program *program, size_t *length);
const char *kit_complaints(struct kit_program *program, size_t *length);

/* Stops reading the program's stdout, and goes on. Meanwhile a program that
 * prints has to wait as soon as the pipe is full: after 128 KiB at most. */
void kit_hold_output(struct kit_program *program);
void kit_release_output(struct kit_program *program);

/* For programs started later in this test: so many lines are read of stdout,
 * and not a byte more. A line of more than 4096 bytes after them does not fit
 * the pipe, and the program cannot come to its end. 0: no program is held. */
void kit_hold_output_after(int lines);

/* A program so held has begun to print what nobody reads. */
void kit_expect_held(struct kit_program *program, const char *why);

/* stdout is, all of it, equal to text. */
void kit_assert_output(struct kit_program *program, const char *text,
                       const char *why);

/* How many lines of stdout match the expression. */
int kit_count_lines(struct kit_program *program, const char *regex);

/* The program ends by itself with this exit status, without a sanitizer
 * report. */
void kit_expect_exit(struct kit_program *program, int status, const char *why);

/* From now on a failure names the test's own reason also where the program has
 * ended; until then, its end is the reason. */
void kit_may_end(struct kit_program *program);

/* SIGINT; then it must end within the deadline with status 0 and without a
 * sanitizer report: everything it held was released. */
void kit_stop(struct kit_program *program);

/* kit_stop for every program still running, then kit_settle. */
void kit_finish(void);

void kit_signal(struct kit_program *program, int signal);
void kit_kill(struct kit_program *program); /* SIGKILL, and waits */
bool kit_running(struct kit_program *program);

/* ---- messages ---------------------------------------------------------- */

struct kit_message {
    double at; /* kit_clock() when it arrived here */
    const char *subject;
    const char *reply; /* "" where there is none */
    const void *data;  /* followed by a NUL that is not part of it */
    size_t length;
};

/* Replies to one request, collected as they come. */
struct kit_replies {
    size_t count;
    bool nobody; /* the server said: no responders */
    const struct kit_message *list;
};

void kit_publish(const char *subject, const char *text);
void kit_publish_bytes(const char *subject, const void *data, size_t length);

/* One request, first answer; fails the test where none comes in time. The
 * reply is `nobody` where the server says that no one is subscribed. */
struct kit_replies kit_request(const char *subject, const char *text);

/* Sends a request without waiting; returns its number. kit_replies_to gives
 * what has come for it so far. Replies are kept in the order of arrival. */
int kit_ask(const char *subject, const char *text);
struct kit_replies kit_replies_to(int request);

/* At least count replies to the request come in time. */
struct kit_replies kit_expect_replies(int request, size_t count,
                                      const char *why);

/* Everything that clients had sent to the servers before this call has
 * arrived here after it: a sentinel went round by every node. */
void kit_settle(void);

/* The tap: every message of the account in order of arrival, requests, inboxes
 * and all, since the test began. A filter is a subject with wildcards. */
size_t kit_tapped(const char *filter);
const struct kit_message *kit_tapped_message(const char *filter, size_t nth);

/* A message on filter with this payload arrives. */
const struct kit_message *kit_expect_message(const char *filter,
                                             const char *text, const char *why);
const struct kit_message *kit_expect_message_bytes(const char *filter,
                                                   const void *data,
                                                   size_t length,
                                                   const char *why);

/* At least count messages on filter arrive. */
void kit_expect_messages(const char *filter, size_t count, const char *why);

/* Ends the tap. A tap is a subscriber: while it listens, no request is without
 * responders. */
void kit_untap(void);

/* ---- answering as somebody else ---------------------------------------- */

/* What a pretended service replies. Return NULL for no reply at all; set
 * *length. The closure is the caller's; runs on a thread of nats.c, so it may
 * not assert. */
typedef const void *(*kit_answer)(const struct kit_message *request,
                                  size_t *length, void *closure);

/* Answers every request on subject (in queue group, or NULL) until kit_end.
 * Returns once the whole cluster knows. */
void kit_serve(const char *subject, const char *queue, kit_answer answer,
               void *closure);

/* kit_serve with one text for all. */
void kit_serve_text(const char *subject, const char *text);

/* The same with an error of the services framework: no payload, the text in
 * the header Nats-Service-Error. */
void kit_serve_error(const char *subject, const char *text);

/* Starts the room's guestbook service in this account and waits until it
 * answers. */
void kit_start_guestbook(void);

/* ---- questions to the server ------------------------------------------- */

struct kit_subscription {
    const char *subject;
    const char *queue; /* "" where there is none */
};

/* A connection of the account that is not the kit's own. */
struct kit_connection {
    uint64_t cid;
    const char *server_id;
    const char *server_name;
    const char *name; /* as the client gave it, "" where it gave none */
    const char *lang; /* "C", "go", "python3" */
    size_t subscription_count;
    const struct kit_subscription *subscriptions;
};

struct kit_connections {
    size_t count;
    const struct kit_connection *list;
};

/* All connections of the account now, from all nodes. */
struct kit_connections kit_connections(void);

/* Exactly count subscriptions to this very subject, by others than the kit,
 * are known to every node. A failure lists what there is instead. */
void kit_expect_subscribers(const char *subject, size_t count);

/* The same, all of them in the queue group; "" means in none. */
void kit_expect_queue(const char *subject, const char *queue, size_t count,
                      const char *why);

/* Exactly one connection of this name; returns it. */
struct kit_connection kit_expect_connection(const char *name);

/* No connection but the kit's own is left in the account. */
void kit_expect_no_connections(const char *why);

/* Closes a connection from the server's side. The client may come back. */
void kit_kick(struct kit_connection connection);

/* ---- a cluster of one's own -------------------------------------------- */

/* Starts three nodes n1 n2 n3 of the cluster's own configuration, and uses
 * them instead of the shared cluster until kit_end, for programs too. Ready
 * when every node's /healthz says so, and JetStream has a place for a stream of
 * three replicas: half a second. */
void kit_use_private_cluster(void);

/* Ends a node of it (SIGTERM or SIGKILL), and waits until it has. */
void kit_node_stop(const char *name, int signal);

/* Starts it again, with its store and ports, and waits until it is healthy.
 * Where no majority runs it cannot be, and is not waited for. */
void kit_node_start(const char *name);

/* Stops a node where it is (SIGSTOP): it does not answer, but nobody is told
 * that it is gone. A stream that it leads has no leader then, and a new one
 * only after four seconds or more. Programs that are started now are told the
 * other nodes. kit_node_stop ends it. */
void kit_node_freeze(const char *name);

/* ---- the learner's own server ------------------------------------------ */

/* For exercises whose file is a configuration (.conf), which the environment
 * lets refer to: $HUB_LEAF, a URL of the hub's leaf node port with the login of
 * the check's account; $HUB_GUEST, the same without a login; $HUB_CLIENT, a URL
 * for clients; $STORE, a folder for streams. Their values are for the check: in
 * `make run` they are the room's. */

/* nats-server -t accepts the file; else the line that it names is shown. */
void kit_assert_config(void);

/* Starts it, on 127.0.0.1 and free ports whatever the file says, with a store
 * that kit_end removes, and a client of it for kit_ask_island and so on. */
void kit_start_server(void);

/* Ends it (SIGTERM or SIGKILL); kit_start_server starts it again. */
void kit_stop_server(int signal);

/* What it tells its clients it is called. */
const char *kit_server_name(void);

/* As many leaf nodes are joined to the check's account, as the hub says, and
 * messages cross the link both ways. why NULL: what the server's log says. */
void kit_expect_leafs(size_t count, const char *why);

/* The link goes by a relay: it can be cut, and the hub has noticed when this
 * returns; restored, it is up once kit_expect_leafs says so. */
void kit_cut_link(void);
void kit_restore_link(void);

/* kit_ask, kit_request and kit_serve for a client of the learner's server. */
int kit_ask_island(const char *subject, const char *text);
struct kit_replies kit_request_island(const char *subject, const char *text);
void kit_serve_island(const char *subject, const char *queue, kit_answer answer,
                      void *closure);

/* Ends what kit_serve, or kit_serve_island, began for this subject. */
void kit_serve_no_more(const char *subject);
void kit_serve_island_no_more(const char *subject);

/* ---- JetStream --------------------------------------------------------- */

struct kit_stream_state {
    bool exists;
    const char *subjects; /* "orders.>, audit" */
    bool in_files, work_queue, is_mirror;
    int replicas, sources, consumers;
    uint64_t messages, last; /* last: sequence number */
    const char *leader;      /* "n2", "" where there is none */
    int current;             /* replicas that have all, the leader included */
};

struct kit_consumer_state {
    bool exists;
    const char *durable; /* "" where it is ephemeral */
    const char *filter;
    bool pull, explicit_acks;
    int64_t ack_wait_ms, unacknowledged, redelivered;
    uint64_t ack_floor; /* sequence in the stream */
    uint64_t pending;   /* not delivered yet */
};

/* Makes a stream, in files, for one subject. All nodes know of it when this
 * returns: what is published anywhere is stored. With one replica it, and its
 * consumers, are there ten times as quickly as with three. */
void kit_add_stream(const char *stream, const char *subject, int replicas);

struct kit_stream_state kit_stream_state(const char *stream);
struct kit_consumer_state kit_consumer_state(const char *stream,
                                             const char *consumer);

/* A stored message; data is NULL where the stream has none of this number. */
struct kit_message kit_stream_message(const char *stream, uint64_t sequence);

/* Exactly count messages get stored; more is a failure at once. */
void kit_expect_stored(const char *stream, uint64_t count, const char *why);

/* Waits until the stream has a leader, and every replica has applied all that
 * the leader has: a consumer may be led by any of their nodes. */
void kit_await_current(const char *stream);

/* Stops the node (of a private cluster) that leads the stream; returns its
 * name. Without SIGKILL acks come again after 0.25 s, with it after 6 to 8 s.
 */
const char *kit_stop_leader(const char *stream, int signal);

/* kit_node_freeze for the node that leads the stream; returns its name. */
const char *kit_freeze_leader(const char *stream);

/* What was given out by the consumer, since the test began, and is not
 * acknowledged, is given out again now, not only after the ack wait. */
void kit_redeliver(const char *stream, const char *consumer);

/* What all programs of this test have printed is each of these lines once, in
 * any order, and nothing else. The failure names the first that is lost, or
 * that is there too often. */
void kit_assert_each_once(const char *const lines[], size_t count,
                          const char *why);

/* ---- tools ------------------------------------------------------------- */

/* Runs a shell command in the workbench with the test's environment (NATS_URL,
 * programs' PATH), at most for 10 s. *output is what it printed, both
 * streams. Returns its exit status, 127 where there is no such command. */
int kit_run(const char *command, const char **output);

#endif
