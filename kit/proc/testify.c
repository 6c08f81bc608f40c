#include "kit/proc/testify.h"

#include "kit/base/clock.h"
#include "kit/base/lines.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/proc/sanitizers.h"
#include "kit/say/fail.h"

#include <string.h>
#include <sys/wait.h>

#define TAIL_LINES 12

struct kit_end kit_end_of(struct kit_program *program)
{
    pthread_mutex_lock(&kit_lock);
    struct kit_end end = {.ended = program->ended,
                          .ending = program->ending,
                          .too_large = program->too_large,
                          .too_much = program->too_much,
                          .status = program->status};
    pthread_mutex_unlock(&kit_lock);
    return end;
}

int kit_exit_status(struct kit_program *program)
{
    struct kit_end end = kit_end_of(program);

    return end.ended && WIFEXITED(end.status) ? WEXITSTATUS(end.status) : -1;
}

bool kit_sanitizer_report(struct kit_program *program)
{
    return kit_is_sanitizer_report(kit_captured(&program->stderr_text, NULL));
}

const char *kit_describe_end(struct kit_program *program)
{
    struct kit_end end = kit_end_of(program);

    if (!end.ended)
        return "is still running";
    if (end.too_large)
        return "used too much memory and was killed";
    if (end.too_much)
        return "printed more than 16 MiB and was killed";
    if (kit_sanitizer_report(program))
        return kit_sanitizer_finding(kit_captured(&program->stderr_text, NULL));
    if (WIFSIGNALED(end.status))
        return kit_text("was killed by signal %d (%s)", WTERMSIG(end.status),
                        strsignal(WTERMSIG(end.status)));
    return kit_text("ended with exit status %d", WEXITSTATUS(end.status));
}

static bool has_failed(struct kit_program *program)
{
    struct kit_end end = kit_end_of(program);

    return kit_sanitizer_report(program) ||
           (end.ended &&
            (!WIFEXITED(end.status) || WEXITSTATUS(end.status) != 0));
}

const char *kit_describe_words(struct kit_program *program)
{
    size_t length;
    const char *text = kit_captured(&program->stderr_text, &length);

    while (length > 0 && text[length - 1] == '\n')
        length--;
    if (length == 0 || !has_failed(program) || kit_sanitizer_report(program))
        return "";
    const char *last = kit_last_lines(text, length, 1);
    return kit_text(", saying %s",
                    kit_quote(last, length - (size_t)(last - text)));
}

const char *kit_why_ended_badly(struct kit_program *program)
{
    if (kit_exit_status(program) != 1)
        return "are signals blocked before nats.c starts its threads, and is "
               "the exit status EXIT_SUCCESS?";
    return *kit_describe_words(program) != '\0'
               ? "something fails while it leaves: the line on stderr says what"
               : "is the exit status EXIT_SUCCESS where all went well?";
}

void kit_assert_watchable(struct kit_program *program)
{
    const char *text = kit_captured(&program->stderr_text, NULL);
    const char *what, *mend = kit_sanitizer_mend(text, &what);

    if (mend != NULL)
        kit_environment(mend, "%s", what);
}

void kit_assert_clean(struct kit_program *program)
{
    const char *text = kit_captured(&program->stderr_text, NULL);

    if (kit_is_sanitizer_report(text))
        kit_fail("it releases all that it got, and uses no memory that is not "
                 "its own",
                 kit_sanitizer_why(text), "'%s' %s", program->name,
                 kit_describe_end(program));
}

_Noreturn void kit_fail_running(struct kit_program *program,
                                const char *expected, double busy)
{
    if (busy > 0.2) /* several may be, at the same time */
        kit_fail(expected,
                 "is there a loop that does not end? sigwait waits without "
                 "using the processor",
                 "'%s' is still running, and busy all the time", program->name);
    kit_fail(expected,
             "does sigwait return, and does nothing after it wait for ever? "
             "Somebody who holds a lock or a subscription may be waited for",
             "'%s' is still running, and waits", program->name);
}

void kit_watch_idle(struct kit_program *program)
{
    program->idle_from = kit_clock();
    program->idle_busy = kit_busy_ms(program->pid);
}

void kit_assert_idle(struct kit_program *program)
{
    double time = kit_clock() - program->idle_from;
    double busy = kit_busy_ms(program->pid) - program->idle_busy;

    if (busy > 300 && busy > time * 0.15) /* others may be busy, too */
        kit_fail(
            kit_text("'%s' waits without using the processor", program->name),
            "is there a loop that looks again and again whether something "
            "has happened? sigwait waits, and nats.c calls you",
            "it has used a processor for %.1f of %.1f s", busy / 1000,
            time / 1000);
}

void kit_tell_files(FILE *out, struct kit_program *program)
{
    kit_print_wrapped(out, "output",
                      kit_text("%s, %s", program->stdout_text.path,
                               program->stderr_text.path));
}

bool kit_tell_last_words(FILE *out, struct kit_program *program)
{
    const char *text = kit_captured(&program->stderr_text, NULL);

    if (text[0] == '\0' || !has_failed(program))
        return false;
    text = kit_sanitizer_part(text);
    text = kit_last_lines(text, strlen(text), TAIL_LINES);
    fprintf(out, "\n  %s ends with:\n", program->stderr_text.path);
    struct kit_lines lines = {text, strlen(text)};
    struct kit_line line;
    while (kit_next_line(&lines, &line))
        fprintf(out, "    %.*s\n", (int)line.length, line.start);
    return true;
}
