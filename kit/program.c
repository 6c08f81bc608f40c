/* The learner's program as a check sees it. */
#include "internal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static struct kit_program *programs;

struct kit_program *kit_programs(void)
{
    return programs;
}

void kit_programs_begin(void)
{
    struct sigaction ignored = {.sa_handler = SIG_IGN};

    programs = NULL;
    unsetenv("BXFI_MAP"); /* boxfort's, which runs this process */
    sigaction(SIGPIPE, &ignored, NULL);
}

/* A test has a process of its own, so its environment may be the programs'. */
void kit_set_env(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

/* sh -c 'exec PROGRAM "$@"' sh ARGS: PROGRAM may be several words. */
static char **command_line(const char *const args[])
{
    const char *command = getenv(KIT_ENV_PROGRAM);
    size_t count = 0;

    while (args[count] != NULL)
        count++;
    char **argv = kit_allocate((count + 5) * sizeof(*argv));
    argv[0] = "/bin/sh";
    argv[1] = "-c";
    argv[2] = (char *)kit_text("exec %s \"$@\"", command ? command : "false");
    argv[3] = "sh";
    for (size_t i = 0; i < count; i++)
        argv[4 + i] = (char *)args[i];
    return argv;
}

static const char *name_of(const char *const args[])
{
    const char *name = "";

    for (size_t i = 0; args[i] != NULL; i++)
        name = kit_text("%s%s%.40s", name, i > 0 ? " " : "", args[i]);
    return name[0] != '\0' ? name : "program";
}

/* What of a name may stand in a file's: some letters and digits. */
static const char *file_name(const char *name)
{
    char *file = (char *)kit_text("%.24s", name);

    for (char *c = file; *c != '\0'; c++) {
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "0123456789",
                   *c) == NULL)
            *c = '_';
    }
    return file;
}

/* The same, numbered where there is one already. */
static const char *numbered(const char *file)
{
    int number = 1;

    for (struct kit_program *p = programs; p != NULL; p = p->next)
        number += strcmp(p->file, file) == 0;
    return number == 1 ? file : kit_text("%s-%d", file, number);
}

static const char *open_copy(struct kit_stream *stream, const char *file)
{
    stream->file = kit_run_file(file, "we");
    stream->text = calloc(1, 1);
    return kit_text("%s/%s", getenv(KIT_ENV_RUN), file);
}

struct kit_program *kit_launch(const char *name, char *const argv[],
                               char *const envp[], bool tool)
{
    struct kit_program *program = kit_allocate(sizeof(*program));

    program->name = name;
    program->tool = tool;
    program->lines_left = tool ? 0 : kit_lines_until_held();
    program->file = file_name(name);
    const char *file = numbered(program->file);
    program->out_path =
        open_copy(&program->stdout_text, kit_text("%s.out", file));
    program->err_path =
        open_copy(&program->stderr_text, kit_text("%s.err", file));
    kit_spawn(program, argv, envp);
    program->next = programs;
    programs = program;
    if (pthread_create(&program->reader, NULL, kit_read_program, program) != 0)
        kit_undecided("no thread for the program's output");
    return program;
}

struct kit_program *kit_start_args(const char *const args[])
{
    return kit_launch(name_of(args), command_line(args), environ, false);
}

struct kit_program *kit_start_alone(void)
{
    return kit_start_args((const char *const[]){NULL});
}

bool kit_running(struct kit_program *program)
{
    pthread_mutex_lock(&kit_lock);
    bool running = !program->ended;
    pthread_mutex_unlock(&kit_lock);
    return running;
}

static bool has_ended(void *program)
{
    return !kit_running(program);
}

bool kit_sanitizer_report(struct kit_program *program)
{
    const char *text = program->stderr_text.text;

    return strstr(text, "ERROR: AddressSanitizer") != NULL ||
           strstr(text, "ERROR: LeakSanitizer") != NULL ||
           strstr(text, ": runtime error: ") != NULL;
}

const char *kit_describe_end(struct kit_program *program)
{
    if (!program->ended)
        return "is still running";
    if (program->too_large)
        return "used too much memory and was killed";
    if (kit_sanitizer_report(program))
        return "ended with a sanitizer report";
    if (WIFSIGNALED(program->status))
        return kit_text("was killed by signal %d (%s)",
                        WTERMSIG(program->status),
                        strsignal(WTERMSIG(program->status)));
    return kit_text("ended with exit status %d", WEXITSTATUS(program->status));
}

struct kit_program *kit_early_end(void)
{
    struct kit_program *found = NULL;

    pthread_mutex_lock(&kit_lock);
    for (struct kit_program *p = programs; p != NULL; p = p->next) {
        if (p->ended && !p->ending && !p->tool)
            found = p;
    }
    pthread_mutex_unlock(&kit_lock);
    return found;
}

void kit_signal(struct kit_program *program, int signal)
{
    if (signal != SIGSTOP && signal != SIGCONT)
        program->ending = true;
    if (kit_running(program))
        kill(-program->pid, signal);
}

void kit_may_end(struct kit_program *program)
{
    program->ending = true;
}

void kit_expect_gone(struct kit_program *program)
{
    if (!kit_wait(has_ended, program, 2 * KIT_DEADLINE_MS))
        kit_undecided("'%s' does not end", program->name);
}

void kit_kill(struct kit_program *program)
{
    kit_signal(program, SIGKILL);
    kit_expect_gone(program);
}

static const char *sanitizer_why(struct kit_program *program)
{
    const char *text = program->stderr_text.text;

    if (strstr(text, "ERROR: LeakSanitizer") != NULL)
        return "what is never released? Who receives a message destroys it "
               "(natsMsg_Destroy), and so with all that a call gives you: the "
               "report names the line that got it";
    if (strstr(text, "double-free") != NULL ||
        strstr(text, "use-after-free") != NULL)
        return "what is released twice, or used after it was released?";
    return "the report names the line and what happened there";
}

void kit_assert_clean(struct kit_program *program)
{
    if (kit_sanitizer_report(program))
        kit_fail("no sanitizer report", sanitizer_why(program), "'%s' %s",
                 program->name, kit_describe_end(program));
}

void kit_expect_exit(struct kit_program *program, int status, const char *why)
{
    const char *expected =
        kit_text("'%s' ends with exit status %d", program->name, status);

    program->ending = true;
    kit_wait(has_ended, program, KIT_DEADLINE_MS);
    kit_assert_clean(program);
    if (!program->ended || !WIFEXITED(program->status) ||
        WEXITSTATUS(program->status) != status)
        kit_fail(expected, why, "'%s' %s", program->name,
                 kit_describe_end(program));
}

static void expect_stopped(struct kit_program *program)
{
    const char *expected =
        kit_text("'%s' ends within %d s of SIGINT, with exit status 0",
                 program->name, KIT_DEADLINE_MS / 1000);

    kit_wait(has_ended, program, KIT_DEADLINE_MS);
    kit_assert_clean(program);
    if (!program->ended)
        kit_fail(expected, "does sigwait return, and is what follows quick?",
                 "it is still running");
    if (!WIFEXITED(program->status) || WEXITSTATUS(program->status) != 0)
        kit_fail(expected,
                 "are signals blocked before nats.c starts its "
                 "threads, and is the exit status EXIT_SUCCESS?",
                 "'%s' %s", program->name, kit_describe_end(program));
}

void kit_stop(struct kit_program *program)
{
    kit_signal(program, SIGINT);
    expect_stopped(program);
}

void kit_finish(void)
{
    struct kit_program *early = kit_early_end();

    if (early != NULL)
        kit_fail("every program runs until it is stopped", NULL, "'%s' %s",
                 early->name, kit_describe_end(early));
    for (struct kit_program *p = programs; p != NULL; p = p->next) {
        if (!p->ended && !p->tool)
            kit_signal(p, SIGINT);
    }
    for (struct kit_program *p = programs; p != NULL; p = p->next) {
        if (!p->ended && !p->tool)
            expect_stopped(p);
    }
    kit_settle();
}

static void release(struct kit_program *program)
{
    if (!program->ended)
        kill(-program->pid, SIGKILL);
    pthread_join(program->reader, NULL);
    close(program->out);
    close(program->err);
    close(program->pidfd);
    if (program->in >= 0)
        close(program->in);
    fclose(program->stdout_text.file);
    fclose(program->stderr_text.file);
    free(program->stdout_text.text);
    free(program->stderr_text.text);
}

void kit_programs_end(void)
{
    for (struct kit_program *p = programs; p != NULL; p = p->next)
        release(p);
    programs = NULL;
}
