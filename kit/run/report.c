#include "kit/run/report.h"

#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/say/meanwhile.h"
#include "kit/say/verdict.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct kit_tally *kit_tally;

/* What has become of a test. */
struct outcome {
    const char *name;
    bool ended, passed;
    double seconds;
};

static struct {
    struct outcome *outcomes;
    size_t count, printed;
} run;

static const char *paint(const char *code)
{
    return getenv(KIT_ENV_COLOR) != NULL ? code : "";
}

#define GREEN paint("\033[32m")
#define RED paint("\033[31m")
#define BOLD paint("\033[1m")
#define PLAIN paint("\033[0m")

bool kit_tally_begin(void)
{
    kit_tally = mmap(NULL, sizeof(*kit_tally), PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return kit_tally != MAP_FAILED;
}

/* ---- in the runner: a line a test ---------------------------------------- */

/* A file of a test's folder; NULL where there is none. */
static FILE *open_file(int test, const char *name)
{
    char path[1024];

    snprintf(path, sizeof(path), "%s/%d/%s", getenv(KIT_ENV_RUN), test, name);
    return fopen(path, "re");
}

/* A step by hand is no failure. */
static bool is_step(int test)
{
    FILE *file = open_file(test, KIT_FILE_STEP);

    if (file != NULL)
        fclose(file);
    return file != NULL;
}

static void print_outcome(size_t test)
{
    const struct outcome *outcome = &run.outcomes[test];
    const char *color = RED, *word = "FAIL";

    if (outcome->passed) {
        color = GREEN;
        word = "ok  ";
    } else if (is_step((int)test + 1)) {
        color = BOLD;
        word = "todo";
    }
    printf("%s  %s%s%s  %-60s %5.2f s\n", kit_instead_of_meanwhile(), color,
           word, PLAIN, kit_sentence(outcome->name), outcome->seconds);
}

/* What runs beside it, or would have come, says nothing any more: the guards
 * end it. */
static _Noreturn void end_at(size_t failed)
{
    for (size_t i = failed + 1; i < run.count; i++)
        printf("%s  -     %s\n", kit_instead_of_meanwhile(),
               kit_sentence(run.outcomes[i].name));
    fflush(stdout);
    kit_tally->failed = (int)failed + 1;
    _exit(KIT_NOT_YET);
}

static void print_ended(void)
{
    for (; run.printed < run.count; run.printed++) {
        const struct outcome *outcome = &run.outcomes[run.printed];
        if (!outcome->ended)
            break;
        print_outcome(run.printed);
        if (!outcome->passed)
            end_at(run.printed);
        kit_tally->passed++;
    }
    fflush(stdout);
}

static void on_test_end(struct criterion_test_stats *stats)
{
    for (size_t i = 0; i < run.count; i++) {
        struct outcome *outcome = &run.outcomes[i];
        if (outcome->ended || strcmp(outcome->name, stats->test->name) != 0)
            continue;
        outcome->ended = true;
        outcome->passed = stats->test_status == CR_STATUS_PASSED &&
                          !stats->crashed && !stats->timed_out;
        outcome->seconds = stats->elapsed_time;
    }
    print_ended();
}

static void on_test_crash(struct criterion_test_stats *stats)
{
    stats->crashed = true;
    on_test_end(stats);
}

static struct criterion_logger logger = {
    .log_post_fini = on_test_end,
    .log_test_crash = on_test_crash,
    .log_abnormal_exit = on_test_crash,
    .log_test_timeout = on_test_end,
};

void kit_report_install(const char *const names[], size_t count)
{
    run.outcomes = calloc(count + 1, sizeof(*run.outcomes));
    if (run.outcomes == NULL)
        abort();
    run.count = count;
    for (size_t i = 0; i < count; i++)
        run.outcomes[i].name = names[i];
    kit_tally->tests = (int)count;
    criterion_options.logger = &logger;
    printf("%s%s%s\n", BOLD, getenv(KIT_ENV_EXERCISE), PLAIN);
    fflush(stdout);
}

void kit_report_finish(void)
{
    for (size_t i = 0; i < run.count; i++)
        run.outcomes[i].ended = true;
    print_ended();
}

/* ---- in main(): the verdict ---------------------------------------------- */

/* Prints a file of the failed test's folder; false where there is none. */
static bool print_file(const char *name)
{
    char buffer[4096];
    size_t length;

    FILE *file = open_file(kit_tally->failed, name);
    if (file == NULL)
        return false;
    fputc('\n', stdout);
    while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
        fwrite(buffer, 1, length, stdout);
    fclose(file);
    return true;
}

static int say_verdict(enum kit_verdict verdict, const char *color,
                       const char *word, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static int say_verdict(enum kit_verdict verdict, const char *color,
                       const char *word, const char *format, ...)
{
    va_list args;

    printf("\n%s%s%s%s  %s: ", BOLD, color, word, PLAIN,
           getenv(KIT_ENV_EXERCISE));
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
    return (int)verdict;
}

static int undecided(bool stopped)
{
    if (stopped)
        return say_verdict(KIT_UNDECIDED, RED, "UNDECIDED",
                           "the check was stopped before it ended");
    if (kit_tally->tests == 0)
        return say_verdict(KIT_UNDECIDED, RED, "UNDECIDED",
                           "the check has no tests (is /proc mounted?)");
    return say_verdict(KIT_UNDECIDED, RED, "UNDECIDED",
                       "the check itself failed; that is our mistake, not "
                       "yours");
}

int kit_report_verdict(bool stopped)
{
    const struct kit_tally *t = kit_tally;

    fputs(kit_instead_of_meanwhile(), stdout); /* of a test that was killed */
    if (t->failed == 0 && !stopped && t->tests > 0 && t->passed == t->tests)
        return say_verdict(KIT_PASSED, GREEN, "PASSED", "%d of %d tests",
                           t->passed, t->tests);
    if (t->failed == 0)
        return undecided(stopped);
    if (print_file(KIT_FILE_STEP))
        return say_verdict(KIT_ENVIRONMENT, GREEN, "BY HAND",
                           "do this step, then check again");
    if (print_file(KIT_FILE_ENVIRONMENT))
        return say_verdict(KIT_ENVIRONMENT, RED, "NOT READY",
                           "something around your program, see above");
    if (print_file(KIT_FILE_UNDECIDED))
        return undecided(false);
    if (print_file(KIT_FILE_NOT_YET))
        return say_verdict(KIT_NOT_YET, RED, "NOT YET", "%d of %d tests passed",
                           t->passed, t->tests);
    return undecided(false);
}
