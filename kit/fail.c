/* How a test ends that does not pass: the report of the first failure. */
#include "internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TAIL_LINES 12
#define QUOTED_MAX 60
#define TIMELINE_WHOLE 40 /* so many bytes fit whole beside a subject */
#define TIMELINE_CUT 24   /* or so many, and how long it was */

static const char *by_hand;

void kit_by_hand(const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    by_hand = kit_keep(text, strlen(text));
}

/* One byte as it stands between quotes. */
static const char *quoted_byte(unsigned char byte)
{
    if (byte == '\n')
        return "\\n";
    if (byte == '"' || byte == '\\')
        return kit_text("\\%c", byte);
    if (byte < ' ' || byte == 127)
        return kit_text("\\x%02x", byte);
    return kit_text("%c", byte);
}

static const char *quote_start(const unsigned char *bytes, size_t length,
                               size_t shown)
{
    const char *text = "\"";

    for (size_t i = 0; i < shown; i++)
        text = kit_text("%s%s", text, quoted_byte(bytes[i]));
    return kit_text(shown < length ? "%s...\"" : "%s\"", text);
}

const char *kit_quote(const void *data, size_t length)
{
    if (length <= QUOTED_MAX)
        return quote_start(data, length, length);
    return kit_text("%s (%zu bytes)", quote_start(data, length, QUOTED_MAX),
                    length);
}

/* The size comes first: the end of a line may be cut off. */
const char *kit_quote_for_timeline(const void *data, size_t length)
{
    if (length <= TIMELINE_WHOLE)
        return quote_start(data, length, length);
    return kit_text("%zu bytes %s", length,
                    quote_start(data, length, TIMELINE_CUT));
}

static void print_tail(FILE *out, const char *path, const char *text)
{
    const char *start = text + strlen(text);
    int lines = TAIL_LINES;

    fprintf(out, "\n  %s ends with:\n", path);
    while (start > text && (start[-1] != '\n' || start[0] == '\0' || --lines))
        start--;
    while (*start != '\0') {
        int length = (int)strcspn(start, "\n");
        fprintf(out, "    %.*s\n", length, start);
        start += length + (start[length] == '\n');
    }
}

/* The part of a sanitizer's report that names the mistake and its line. */
static const char *sanitizer_part(const char *text)
{
    static const char *const starts[] = {
        "runtime error: ", "ERROR: AddressSanitizer", "ERROR: LeakSanitizer"};

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        const char *found = strstr(text, starts[i]);
        if (found == NULL)
            continue;
        while (found > text && found[-1] != '\n')
            found--;
        const char *end = found;
        for (int line = 0; line < TAIL_LINES && *end != '\0'; line++)
            end += strcspn(end, "\n") + (end[strcspn(end, "\n")] == '\n');
        return kit_keep(found, (size_t)(end - found));
    }
    return text;
}

static void print_programs(FILE *out)
{
    for (struct kit_program *p = kit_programs(); p != NULL; p = p->next) {
        if (p->learners)
            kit_print_wrapped(out, "its log", p->err_path);
        else if (!p->tool)
            kit_print_wrapped(out, "output",
                              kit_text("%s, %s", p->out_path, p->err_path));
    }
    for (struct kit_program *p = kit_programs(); p != NULL; p = p->next) {
        if (p->tool || kit_complaints(p, NULL)[0] == '\0')
            continue;
        if (kit_sanitizer_report(p) || (p->ended && !WIFEXITED(p->status)) ||
            WEXITSTATUS(p->status) != 0) {
            print_tail(out, p->err_path,
                       sanitizer_part(kit_complaints(p, NULL)));
            return;
        }
    }
}

static void write_failure(const char *expected, const char *why,
                          const char *seen)
{
    FILE *out = kit_run_file("failure", "we");

    fprintf(out, "  %s\n", kit_sentence(criterion_current_test->name));
    kit_print_wrapped(out, "expected", expected);
    kit_print_wrapped(out, "seen", seen);
    struct kit_program *early = kit_early_end();
    if (early != NULL)
        kit_print_wrapped(out, "because",
                          kit_text("'%s' %s, before the test was done with it",
                                   early->name, kit_describe_end(early)));
    else if (why != NULL)
        kit_print_wrapped(out, "mistake?", why);
    fprintf(out, "  on the wire\n");
    kit_print_timeline(out);
    if (by_hand != NULL)
        kit_print_wrapped(out, "by hand", kit_text("nats %s", by_hand));
    print_programs(out);
    kit_print_wrapped(
        out, "seed",
        kit_text("SEED=%s repeats this run", getenv(KIT_ENV_SEED)));
    kit_print_wrapped(out, "hint",
                      kit_text("make hint EX=%.2s", getenv(KIT_ENV_EXERCISE)));
    fclose(out);
}

static _Noreturn void end_test(void)
{
    cr_assert_fail("see the report");
    abort();
}

_Noreturn void kit_fail(const char *expected, const char *why, const char *seen,
                        ...)
{
    char text[2048];
    va_list args;

    va_start(args, seen);
    vsnprintf(text, sizeof(text), seen, args);
    va_end(args);
    write_failure(expected, why, text);
    end_test();
}

_Noreturn void kit_environment(const char *mend, const char *what, ...)
{
    char text[2048];
    va_list args;

    va_start(args, what);
    vsnprintf(text, sizeof(text), what, args);
    va_end(args);
    FILE *out = kit_run_file("environment", "we");
    kit_print_wrapped(out, "trouble", text);
    kit_print_wrapped(out, "mend it", mend);
    fclose(out);
    end_test();
}

_Noreturn void kit_undecided(const char *why, ...)
{
    char text[2048];
    va_list args;

    va_start(args, why);
    vsnprintf(text, sizeof(text), why, args);
    va_end(args);
    FILE *out = kit_run_file("undecided", "we");
    kit_print_wrapped(out, "trouble", text);
    kit_print_timeline(out);
    fclose(out);
    end_test();
}
