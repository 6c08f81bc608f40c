#include "kit/proc/program.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/proc/child.h"
#include "kit/proc/sanitizers.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"
#include "kit/say/run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- as witnesses -------------------------------------------------------- */

struct kit_program *kit_next_program(struct kit_programs *programs,
                                     struct kit_program *after)
{
    pthread_mutex_lock(&kit_lock);
    struct kit_program *p =
        after != NULL ? after->next : programs->reader.programs;
    while (p != NULL && p->tool)
        p = p->next;
    pthread_mutex_unlock(&kit_lock);
    return p;
}

/* A program that ended though the test did not ask it to: the first one. */
static const char *early_end(void *closure)
{
    struct kit_programs *programs = closure;
    struct kit_program *p = NULL, *found = NULL;

    while ((p = kit_next_program(programs, p)) != NULL) {
        struct kit_end end = kit_end_of(p);
        kit_assert_watchable(p);
        if (end.ended && !end.ending)
            found = p;
    }
    if (found == NULL)
        return NULL;
    programs->witness.why =
        kit_sanitizer_report(found)
            ? kit_sanitizer_why(kit_captured(&found->stderr_text, NULL))
            : found->why;
    return kit_text("'%s' %s%s", found->name, kit_describe_end(found),
                    kit_describe_words(found));
}

/* Of many devices, the last that was started stands for all; and the one that
 * an expectation is about, for all others. */
static void tell_outputs(FILE *out, void *closure)
{
    bool one = false, told_device = false;
    struct kit_program *p = NULL;

    while ((p = kit_next_program(closure, p)) != NULL)
        one = one || p->accused;
    while ((p = kit_next_program(closure, p)) != NULL) {
        if (one ? p->accused : !p->light || !told_device)
            kit_tell_files(out, p);
        told_device = told_device || p->light;
    }
    while ((p = kit_next_program(closure, p)) != NULL) {
        if ((!one || p->accused) && kit_tell_last_words(out, p))
            return;
    }
}

void kit_programs_begin(struct kit_programs *programs)
{
    struct sigaction ignored = {.sa_handler = SIG_IGN};

    memset(programs, 0, sizeof(*programs));
    unsetenv("BXFI_MAP"); /* boxfort's, which runs this process */
    sigaction(SIGPIPE, &ignored, NULL);
    kit_reader_begin(&programs->reader);
    programs->witness = (struct kit_witness){.section = KIT_SECTION_OUTPUT,
                                             .tell = tell_outputs,
                                             .alibi = early_end,
                                             .closure = programs};
    kit_witness_add(&programs->witness);
}

/* ---- starting ------------------------------------------------------------ */

/* A file's name, numbered where there is one already. */
static const char *numbered(struct kit_programs *programs, const char *file)
{
    int number = 1;

    for (struct kit_program *p = programs->reader.programs; p != NULL;
         p = p->next)
        number += strcmp(p->file, file) == 0;
    return number == 1 ? file : kit_text("%s-%d", file, number);
}

struct kit_program *kit_launch(struct kit_programs *programs, const char *name,
                               char *const argv[], char *const envp[],
                               enum kit_role role)
{
    struct kit_program *program = kit_allocate(sizeof(*program));

    program->name = name;
    program->tool = role == KIT_TOOL;
    program->light = role == KIT_DEVICE;
    program->lines_left = role == KIT_LEARNERS ? programs->hold_after : 0;
    program->file = kit_file_name(name);
    const char *path =
        kit_text("%s/%s", kit_run_folder(), numbered(programs, program->file));
    kit_capture_begin(&program->stdout_text, kit_text("%s.out", path));
    kit_capture_begin(&program->stderr_text, kit_text("%s.err", path));
    kit_spawn(program, argv, envp, role != KIT_DEVICE);
    kit_reader_add(&programs->reader, program);
    return program;
}

/* ---- ending -------------------------------------------------------------- */

bool kit_running(struct kit_program *program)
{
    return !kit_end_of(program).ended;
}

static bool has_ended(void *program)
{
    return !kit_running(program);
}

bool kit_await_end(struct kit_program *program, int within_ms)
{
    return kit_wait(has_ended, program, within_ms);
}

static void set_ending(struct kit_program *program, bool ending,
                       const char *why)
{
    pthread_mutex_lock(&kit_lock);
    program->ending = ending;
    program->why = why;
    pthread_mutex_unlock(&kit_lock);
}

void kit_may_end(struct kit_program *program)
{
    set_ending(program, true, NULL);
}

struct kit_program *kit_must_run(struct kit_program *program, const char *why)
{
    set_ending(program, false, why);
    return program;
}

/* With the lock, so that it is not reaped between the look and the signal. */
void kit_signal(struct kit_program *program, int signal)
{
    pthread_mutex_lock(&kit_lock);
    if (signal != SIGSTOP && signal != SIGCONT) {
        program->ending = true;
        program->told = true;
    }
    if (!program->ended)
        kill(-program->pid, signal);
    pthread_mutex_unlock(&kit_lock);
}

void kit_expect_gone(struct kit_program *program)
{
    if (!kit_await_end(program, 2 * KIT_DEADLINE_MS))
        kit_undecided("'%s' does not end", program->name);
}

void kit_kill(struct kit_program *program)
{
    kit_signal(program, SIGKILL);
    kit_expect_gone(program);
}

void kit_expect_exit(struct kit_program *program, int status, const char *why)
{
    kit_may_end(program);
    kit_await_end(program, KIT_DEADLINE_MS);
    kit_assert_clean(program);
    program->accused = kit_exit_status(program) != status;
    if (program->accused)
        kit_fail(
            kit_text("'%s' ends with exit status %d", program->name, status),
            why, "'%s' %s", program->name, kit_describe_end(program));
}

static void expect_stopped(struct kit_program *program, int signal)
{
    const char *expected = kit_text(
        "'%s' ends within %d s of %s, with exit status 0", program->name,
        KIT_DEADLINE_MS / 1000, signal == SIGTERM ? "SIGTERM" : "SIGINT");
    double busy = kit_busy_ms(program->pid), from = kit_clock();

    kit_await_end(program, KIT_DEADLINE_MS);
    kit_assert_clean(program);
    if (kit_running(program))
        kit_fail_running(program, expected,
                         (kit_busy_ms(program->pid) - busy) /
                             (kit_clock() - from));
    if (kit_exit_status(program) != 0)
        kit_fail(expected, kit_why_ended_badly(program), "'%s' %s%s",
                 program->name, kit_describe_end(program),
                 kit_describe_words(program));
}

void kit_stop_by(struct kit_program *program, int signal)
{
    kit_signal(program, signal);
    expect_stopped(program, signal);
}

void kit_stop(struct kit_program *program)
{
    kit_stop_by(program, SIGINT);
}

/* Ctrl-C and kill mean the same: of several programs, some get the one. */
static int signal_of(int nth)
{
    return nth % 2 == 0 ? SIGINT : SIGTERM;
}

void kit_stop_all(struct kit_programs *programs)
{
    const char *early = early_end(programs);
    struct kit_program *p = NULL;

    if (early != NULL)
        kit_fail("every program runs until it is stopped", NULL, "%s", early);
    for (int i = 0; (p = kit_next_program(programs, p)) != NULL; i++) {
        p->stopping = kit_running(p);
        if (p->stopping && !p->told)
            kit_signal(p, signal_of(i));
    }
    for (int i = 0; (p = kit_next_program(programs, p)) != NULL; i++) {
        if (p->stopping)
            expect_stopped(p, signal_of(i));
    }
}

void kit_assert_all_clean(struct kit_programs *programs)
{
    for (struct kit_program *p = NULL;
         (p = kit_next_program(programs, p)) != NULL;)
        kit_assert_clean(p);
}

static void release(struct kit_program *program)
{
    if (!program->ended) {
        kill(-program->pid, SIGKILL);
        waitpid(program->pid, NULL, 0);
    }
    int fds[] = {program->in, program->out, program->err};
    for (int i = 0; i < 3; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
    free(program->stdout_text.text);
    free(program->stderr_text.text);
}

void kit_programs_end(struct kit_programs *programs)
{
    kit_reader_end(&programs->reader);
    for (struct kit_program *p = programs->reader.programs; p != NULL;
         p = p->next)
        release(p);
    programs->reader.programs = NULL;
}

/* ---- what is known of it ------------------------------------------------- */

/* Looked at anew as long as it runs; with the lock, so that the number is not
 * another's. */
double kit_peak_memory(struct kit_program *program)
{
    pthread_mutex_lock(&kit_lock);
    if (!program->ended)
        kit_memory_kib(program->pid, &program->peak_kib);
    long peak = program->peak_kib;
    pthread_mutex_unlock(&kit_lock);
    return (double)peak / 1024;
}

const char *kit_program_name(const struct kit_program *program)
{
    return program->name;
}
