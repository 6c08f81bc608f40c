/* A check's process: takes a folder for the run, guards the tests, gives the
 * verdict. */
#include "kit/base/machine.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/run/guard.h"
#include "kit/run/report.h"
#include "kit/say/verdict.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* No test takes so long: all its waits have ends. One that moves a large file,
 * which may be slow, says how long: Test(..., .timeout = 140). */
#define TEST_SECONDS 40
#define CHECK_SECONDS 180
#define JOBS 4
#define RUNS 99 /* of one check at the same time */

/* ---- the runner: Criterion, our order, our report ------------------------ */

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

/* A check's last test tends to be its longest: one that stops nodes. Where more
 * than one runs it begins first, so that the others run beside it. */
static void begin_with_last(struct criterion_ordered_set *set)
{
    struct criterion_ordered_set_node **end = &set->first;

    if (*end == NULL)
        return;
    while ((*end)->next != NULL)
        end = &(*end)->next;
    struct criterion_ordered_set_node *last = *end;
    *end = NULL;
    last->next = set->first;
    set->first = last;
}

/* A setting that is a number; usual where it is not set. */
static double setting(const char *name, double usual)
{
    const char *text = getenv(name);

    return text != NULL && *text != '\0' ? strtod(text, NULL) : usual;
}

/* Puts the tests in order, and their names in list, in that of the file;
 * returns how many. jobs: so many run at once. */
static size_t prepare(struct criterion_test_set *set, const char **list,
                      size_t jobs)
{
    size_t count = 0;

    FOREACH_SET(struct criterion_suite_set * suite, set->suites)
    {
        order_by_line(suite->tests);
        FOREACH_SET(struct criterion_test * test, suite->tests)
        {
            if (!(test->data->timeout > 0))
                test->data->timeout = setting(KIT_ENV_SECONDS, TEST_SECONDS);
            list[count++] = test->name;
        }
        if (jobs > 1)
            begin_with_last(suite->tests);
    }
    return count;
}

/* Each test's process finds its number by these. */
static void tell_names(const char *const names[], size_t count)
{
    struct kit_string list = {0};

    for (size_t i = 0; i < count; i++)
        kit_string_add(&list, "%s%s", i > 0 ? " " : "", names[i]);
    setenv(KIT_ENV_TESTS, kit_string_text(&list), 1);
}

static int run_tests(void)
{
    kit_tally->runner = getpid();
    struct criterion_test_set *set = criterion_initialize();
    const char **names = calloc(set->tests + 1, sizeof(*names));
    if (names == NULL)
        abort();

    size_t jobs = (size_t)setting(KIT_ENV_JOBS, JOBS);
    size_t count = prepare(set, names, jobs);
    tell_names(names, count);
    kit_report_install(names, count);
    criterion_options.jobs = jobs;
    int passed = criterion_run_all_tests(set);
    kit_report_finish();
    criterion_finalize(set);
    return passed ? KIT_PASSED : KIT_NOT_YET;
}

/* ---- guarded ------------------------------------------------------------- */

/* Criterion's socket, which it leaves behind when it does not end by itself. */
static void remove_socket(void)
{
    char path[64];

    if (kit_tally->runner == 0)
        return;
    snprintf(path, sizeof(path), "/tmp/criterion_%d.sock", kit_tally->runner);
    unlink(path);
}

/* What private clusters and servers have stored, and programs have written, in
 * case a test was killed. */
static void remove_stores(void)
{
    for (int test = 1; test <= kit_tally->tests; test++)
        kit_remove_tree(kit_text("%s/%d/private", getenv(KIT_ENV_RUN), test));
}

/* Each guard does it: the other one may be killed before it can. */
static void remove_all(void)
{
    remove_socket();
    remove_stores();
}

static int guard_tests(void)
{
    return kit_guard(run_tests, 0, remove_all);
}

/* ---- main ---------------------------------------------------------------- */

/* build/04_lottery/run-1, without what an earlier run left, for as long as
 * this process, or one that it forked, lives: they hold the lock beside it.
 * False where there is no such folder. */
static bool take_run_folder(const char *check)
{
    char folder[512], lock[520];
    int length = (int)(strrchr(check, '/') - check);

    for (int run = 1; run <= RUNS; run++) {
        snprintf(folder, sizeof(folder), "%.*s/run-%d", length, check, run);
        snprintf(lock, sizeof(lock), "%s.lock", folder);
        int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (fd < 0)
            return false;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            kit_remove_tree(folder);
            setenv(KIT_ENV_RUN, folder, 1);
            return mkdir(folder, 0777) == 0;
        }
        close(fd);
    }
    return false;
}

static void set_environment(void)
{
    char text[64];
    const char *seed = getenv(KIT_ENV_SEED);

    snprintf(text, sizeof(text), "%lu",
             (unsigned long)time(NULL) % 100000 * 100 +
                 (unsigned long)getpid() % 100);
    setenv(KIT_ENV_RUN_SEED, seed != NULL && *seed != '\0' ? seed : text, 1);
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
    if (argc != 2 || strchr(argv[0], '/') == NULL) {
        fprintf(stderr, "usage: FOLDER/check NN_name (by "
                        "scripts/learner/check)\n");
        return KIT_UNDECIDED;
    }
    end_with_parent();
    setenv(KIT_ENV_EXERCISE, argv[1], 1);
    if (!take_run_folder(argv[0])) {
        fprintf(stderr, "check: cannot write beside %s\n", argv[0]);
        return KIT_ENVIRONMENT;
    }
    set_environment();
    if (!kit_tally_begin())
        return KIT_UNDECIDED;
    int ended = kit_guard(guard_tests, CHECK_SECONDS, remove_all);
    return kit_report_verdict(ended < 0);
}
