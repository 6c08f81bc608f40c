/* What a learner reads: a line a test, the first failure in full, a verdict. */
#include "internal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WIDTH 79
#define LABEL_WIDTH 13

struct kit_tally *kit_tally;

static struct criterion_test_set *tests;
static bool stopped; /* a test failed: what follows was not run */

static const char *paint(const char *code)
{
    return getenv(KIT_ENV_COLOR) != NULL ? code : "";
}

#define GREEN paint("\033[32m")
#define RED paint("\033[31m")
#define BOLD paint("\033[1m")
#define PLAIN paint("\033[0m")

FILE *kit_run_file(const char *name, const char *mode)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", getenv(KIT_ENV_RUN), name);
    FILE *file = fopen(path, mode);
    if (file == NULL && mode[0] == 'w') {
        fprintf(stderr, "check: cannot write %s\n", path);
        _exit(KIT_ENVIRONMENT);
    }
    return file;
}

const char *kit_sentence(const char *test_name)
{
    static char sentence[256];

    snprintf(sentence, sizeof(sentence), "%s", test_name);
    for (char *c = sentence; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    return sentence;
}

/* How many bytes of text fit into width columns, broken at a space where there
 * is one. UTF-8 continuation bytes take no column. */
static size_t fitting(const char *text, size_t width)
{
    size_t columns = 0, space = 0, i = 0;

    for (; text[i] != '\0' && text[i] != '\n'; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            columns++;
        if (columns > width)
            return space > 0 ? space : i;
        if (text[i] == ' ')
            space = i;
    }
    return i;
}

void kit_print_wrapped(FILE *out, const char *label, const char *text)
{
    do {
        size_t length = fitting(text, WIDTH - LABEL_WIDTH);
        fprintf(out, "  %-*s%.*s\n", LABEL_WIDTH - 2, label, (int)length, text);
        text += length;
        while (*text == ' ' || *text == '\n')
            text++;
        label = "";
    } while (*text != '\0');
}

/* ---- in the runner: a line a test -------------------------------------- */

static void print_not_run(const struct criterion_test *failed)
{
    bool after = false;

    FOREACH_SET(struct criterion_suite_set * suite, tests->suites)
    {
        FOREACH_SET(struct criterion_test * test, suite->tests)
        {
            if (after)
                printf("  -     %s\n", kit_sentence(test->name));
            after = after || strcmp(test->name, failed->name) == 0;
        }
    }
}

static void on_test_end(struct criterion_test_stats *stats)
{
    bool passed = stats->test_status == CR_STATUS_PASSED && !stats->crashed &&
                  !stats->timed_out;

    if (stopped)
        return;
    kit_tally->passed += passed;
    kit_tally->failed += stats->test_status == CR_STATUS_FAILED;
    kit_tally->crashed += stats->crashed;
    kit_tally->timed_out += stats->timed_out;
    printf("  %s%s%s  %-60s %5.2f s\n", passed ? GREEN : RED,
           passed ? "ok  " : "FAIL", PLAIN, kit_sentence(stats->test->name),
           stats->elapsed_time);
    if (!passed) {
        stopped = true;
        print_not_run(stats->test);
    }
    fflush(stdout);
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

void kit_report_install(struct criterion_test_set *set)
{
    tests = set;
    kit_tally->tests = (int)set->tests;
    criterion_options.logger = &logger;
    criterion_options.jobs = 1;
    criterion_options.fail_fast = true;
    printf("%s%s%s\n", BOLD, getenv(KIT_ENV_EXERCISE), PLAIN);
    fflush(stdout);
}

/* ---- in main(): the verdict -------------------------------------------- */

/* Prints $KIT_RUN/name; false where there is none. */
static bool print_file(const char *name)
{
    char buffer[4096];
    size_t length;
    FILE *file = kit_run_file(name, "re");

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

static int undecided(bool timed_out)
{
    if (timed_out)
        return say_verdict(KIT_UNDECIDED, RED, "UNDECIDED",
                           "the check was stopped before it ended");
    if (kit_tally->tests == 0)
        return say_verdict(KIT_UNDECIDED, RED, "UNDECIDED",
                           "the check has no tests (is /proc mounted?)");
    return say_verdict(KIT_UNDECIDED, RED, "UNDECIDED",
                       "the check itself failed; that is our mistake, not "
                       "yours");
}

int kit_report_verdict(bool timed_out)
{
    const struct kit_tally *t = kit_tally;

    if (print_file("environment"))
        return say_verdict(KIT_ENVIRONMENT, RED, "NOT READY",
                           "something around your program, see above");
    if (print_file("undecided"))
        return undecided(timed_out);
    if (t->failed > 0 && print_file("failure"))
        return say_verdict(KIT_NOT_YET, RED, "NOT YET", "%d of %d tests passed",
                           t->passed, t->tests);
    if (!timed_out && t->tests > 0 && t->passed == t->tests)
        return say_verdict(KIT_PASSED, GREEN, "PASSED", "%d of %d tests",
                           t->passed, t->tests);
    return undecided(timed_out);
}
