#include "kit/say/fail.h"

#include "kit/base/memory.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/say/run.h"
#include "kit/say/witness.h"

#include <stdarg.h>
#include <stdlib.h>

static struct {
    const char *test, *by_hand;
    void (*end)(void);
    bool written;
} report;

static const char *make(const char *format, va_list args)
{
    char text[2048];

    vsnprintf(text, sizeof(text), format, args);
    return kit_keep_text(text);
}

static void tell_by_hand(FILE *out, void *unused)
{
    (void)unused;
    if (report.by_hand != NULL)
        kit_print_wrapped(out, "by hand", kit_text("nats %s", report.by_hand));
}

void kit_report_begin(const char *test, void (*end)(void))
{
    static struct kit_witness by_hand;

    report.test = test;
    report.end = end;
    report.by_hand = NULL;
    report.written = false;
    by_hand = (struct kit_witness){.section = KIT_SECTION_BY_HAND,
                                   .tell = tell_by_hand};
    kit_witness_add(&by_hand);
}

bool kit_has_reported(void)
{
    return report.written;
}

void kit_by_hand(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report.by_hand = make(format, args);
    va_end(args);
}

static const char *setting(const char *name)
{
    const char *value = getenv(name);

    return value != NULL ? value : "";
}

static void write_failure(const char *expected, const char *why,
                          const char *seen, const char *alibi)
{
    FILE *out = kit_run_file(KIT_FILE_NOT_YET);
    const char *mistake = alibi != NULL ? kit_alibi_mistake() : why;

    fprintf(out, "  %s\n", kit_sentence(report.test));
    kit_print_wrapped(out, "expected", expected);
    kit_print_wrapped(out, "seen", seen);
    if (alibi != NULL)
        kit_print_wrapped(
            out, "because",
            kit_text("%s, before the test was done with it", alibi));
    if (mistake != NULL)
        kit_print_wrapped(out, "mistake?", mistake);
    kit_witnesses_tell(out, KIT_SECTION_WIRE);
    kit_witnesses_tell(out, KIT_SECTION_BY_HAND);
    kit_witnesses_tell(out, KIT_SECTION_OUTPUT);
    kit_print_wrapped(
        out, "seed",
        kit_text("SEED=%s repeats this run", setting(KIT_ENV_RUN_SEED)));
    kit_print_wrapped(out, "hint",
                      kit_text("make hint EX=%.2s", setting(KIT_ENV_EXERCISE)));
    fclose(out);
}

static _Noreturn void end_test(void)
{
    report.end();
    abort();
}

/* Whether this is the first report; marks that there is one. */
static bool begin_report(void)
{
    bool first = !report.written;

    report.written = true;
    return first;
}

_Noreturn void kit_fail(const char *expected, const char *why, const char *seen,
                        ...)
{
    va_list args;

    va_start(args, seen);
    const char *text = make(seen, args);
    va_end(args);
    /* Before the report begins: who has an alibi may have another verdict. */
    const char *alibi = report.written ? NULL : kit_alibi();
    if (begin_report())
        write_failure(expected, why, text, alibi);
    end_test();
}

/* Two paragraphs. */
static void write_pair(const char *file, const char *label, const char *text,
                       const char *next_label, const char *next)
{
    if (!begin_report())
        return;
    FILE *out = kit_run_file(file);
    kit_print_wrapped(out, label, text);
    kit_print_wrapped(out, next_label, next);
    fclose(out);
}

_Noreturn void kit_environment(const char *mend, const char *what, ...)
{
    va_list args;

    va_start(args, what);
    const char *text = make(what, args);
    va_end(args);
    write_pair(KIT_FILE_ENVIRONMENT, "trouble", text, "mend it", mend);
    end_test();
}

_Noreturn void kit_by_hand_first(const char *step, const char *what, ...)
{
    va_list args;

    va_start(args, what);
    const char *text = make(what, args);
    va_end(args);
    write_pair(KIT_FILE_STEP, "first", text, "by hand", step);
    end_test();
}

_Noreturn void kit_undecided(const char *why, ...)
{
    va_list args;

    va_start(args, why);
    const char *text = make(why, args);
    va_end(args);
    if (begin_report()) {
        FILE *out = kit_run_file(KIT_FILE_UNDECIDED);
        kit_print_wrapped(out, "trouble", text);
        kit_witnesses_tell(out, KIT_SECTION_WIRE);
        fclose(out);
    }
    end_test();
}
