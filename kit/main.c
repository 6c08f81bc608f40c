/* A check's process: leases an account, guards the tests, gives the verdict;
 * and, in each test's own process, the frame around the test. */
#include "internal.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ACCOUNTS 8
#define TEST_SECONDS 40 /* no test takes so long: all its waits have ends */
#define CHECK_SECONDS 90

/* ---- each test --------------------------------------------------------- */

void kit_begin(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    kit_start_clock();
    kit_programs_begin();
    kit_cluster_begin();
    kit_wire_open();
    kit_ask_open();
    kit_empty_account();
    kit_tap();
}

static void assert_no_reports(void)
{
    for (struct kit_program *p = kit_programs(); p != NULL; p = p->next) {
        if (!p->tool)
            kit_assert_clean(p);
    }
}

void kit_end(void)
{
    assert_no_reports();
    kit_serve_end();
    kit_island_end();
    kit_ask_close();
    kit_wire_close();
    kit_cluster_end();
    kit_programs_end();
    nats_CloseAndWait(0);
    kit_free_all();
}

/* ---- the runner: Criterion, our order, our report ---------------------- */

/* Criterion sorts tests by name; a specification has an order of its own:
 * that of the file. The list is relinked, smallest line first. */
static void order_by_line(struct criterion_ordered_set *set)
{
    struct criterion_ordered_set_node *sorted = NULL;

    while (set->first != NULL) {
        struct criterion_ordered_set_node *node = set->first;
        struct criterion_ordered_set_node **at = &sorted;
        unsigned line = ((struct criterion_test *)(node + 1))->data->line_;

        set->first = node->next;
        while (*at != NULL &&
               ((struct criterion_test *)(*at + 1))->data->line_ < line)
            at = &(*at)->next;
        node->next = *at;
        *at = node;
    }
    set->first = sorted;
}

/* The kit's own tests have less patience. */
static double test_seconds(void)
{
    const char *seconds = getenv("KIT_TEST_SECONDS");

    return seconds != NULL ? strtod(seconds, NULL) : TEST_SECONDS;
}

static void prepare(struct criterion_test_set *set)
{
    FOREACH_SET(struct criterion_suite_set * suite, set->suites)
    {
        order_by_line(suite->tests);
        FOREACH_SET(struct criterion_test * test, suite->tests)
        test->data->timeout = test_seconds();
    }
}

static int run_tests(void)
{
    kit_tally->runner = getpid();
    struct criterion_test_set *set = criterion_initialize();

    prepare(set);
    kit_report_install(set);
    int passed = criterion_run_all_tests(set);
    criterion_finalize(set);
    return passed ? KIT_PASSED : KIT_NOT_YET;
}

/* ---- main -------------------------------------------------------------- */

static int guard_tests(void)
{
    return kit_guard(run_tests, 0);
}

/* Takes an account by a socket's name, which is free again when the last
 * process that has it ends. Such a name (abstract, no file) is known to all
 * processes of the machine, so also checks from another folder, or from a
 * container on the host's network, see that the account is taken. */
static bool take_account(int account)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *servers = getenv(KIT_ENV_SERVERS);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
                          "room/check_%d/%.80s", account,
                          servers != NULL ? servers : "");
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
                                 (size_t)length);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0)
        return true;
    close(fd);
    return false;
}

/* Returns 1 to ACCOUNTS, or 0 where none is free. */
static int lease_account(void)
{
    for (int i = 1; i <= ACCOUNTS; i++) {
        if (take_account(i))
            return i;
    }
    return 0;
}

/* build/04_lottery/run-1 for account 1, without what an earlier run left. */
static void make_run_folder(const char *check, int account)
{
    char folder[512];
    int length = (int)(strrchr(check, '/') - check);

    snprintf(folder, sizeof(folder), "%.*s/run-%d", length, check, account);
    kit_remove_tree(folder);
    mkdir(folder, 0777);
    setenv(KIT_ENV_RUN, folder, 1);
}

static void set_environment(const char *check, int account)
{
    char text[64];

    snprintf(text, sizeof(text), "CHECK_%d", account);
    setenv(KIT_ENV_ACCOUNT, text, 1);
    make_run_folder(check, account);

    const char *seed = getenv("SEED");
    snprintf(text, sizeof(text), "%lu",
             (unsigned long)time(NULL) % 100000 * 100 +
                 (unsigned long)getpid() % 100);
    setenv(KIT_ENV_SEED, seed != NULL && *seed != '\0' ? seed : text, 1);
    if (isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL)
        setenv(KIT_ENV_COLOR, "1", 1);
}

/* Who starts a check and dies shall not leave it behind. A parent that cannot
 * be seen, since it is outside of our container, has started us and goes at
 * once: there scripts/workbench/tether holds the line. */
static void end_with_parent(void)
{
    if (getppid() != 0)
        prctl(PR_SET_PDEATHSIG, SIGTERM);
}

int main(int argc, char *argv[])
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s NN_name (by scripts/learner/check)\n", argv[0]);
        return KIT_UNDECIDED;
    }
    end_with_parent();
    setenv(KIT_ENV_EXERCISE, argv[1], 1);
    int account = lease_account();
    if (account == 0) {
        fprintf(stderr,
                "check: all %d accounts for checks are in use: wait "
                "for another check to end\n",
                ACCOUNTS);
        return KIT_ENVIRONMENT;
    }
    set_environment(argv[0], account);
    kit_tally = mmap(NULL, sizeof(*kit_tally), PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (kit_tally == MAP_FAILED)
        return KIT_UNDECIDED;
    int ended = kit_guard(guard_tests, CHECK_SECONDS);
    kit_remove_stores();
    return kit_report_verdict(ended < 0);
}
