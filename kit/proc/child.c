#include "kit/proc/child.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SMALLEST_PIPE 4096

void kit_capture_begin(struct kit_captured *captured, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    if (fd >= 0)
        close(fd);
    *captured = (struct kit_captured){.path = path};
    captured->text = calloc(1, 1);
    if (captured->text == NULL)
        abort();
}

/* Opened each time: hundreds of programs would keep too many descriptors. */
static void copy_to_file(const char *path, const char *data, size_t length)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

    if (fd < 0)
        return;
    ssize_t written = write(fd, data, length);
    (void)written; /* a full disk is no reason to fail a test */
    close(fd);
}

void kit_locked_capture(struct kit_captured *captured, const char *data,
                        size_t length)
{
    if (captured->length + length + 1 > captured->capacity) {
        captured->capacity = 2 * (captured->length + length + 1);
        captured->text = realloc(captured->text, captured->capacity);
        if (captured->text == NULL)
            abort();
    }
    memcpy(captured->text + captured->length, data, length);
    captured->length += length;
    captured->text[captured->length] = '\0';
    captured->at = kit_clock();
    copy_to_file(captured->path, data, length);
}

const char *kit_captured(struct kit_captured *captured, size_t *length)
{
    pthread_mutex_lock(&kit_lock);
    size_t now = captured->length;
    const char *text = kit_keep(captured->text, now);
    pthread_mutex_unlock(&kit_lock);
    if (length != NULL)
        *length = now;
    return text;
}

/* In the child: its own process group, and no signal of ours blocked. */
static _Noreturn void become(char *const argv[], char *const envp[],
                             const int ends[3])
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    sigaction(SIGPIPE, &usual, NULL);
    for (int fd = 0; fd < 3; fd++)
        dup2(ends[fd], fd);
    execve(argv[0], argv, envp);
    _exit(127);
}

static void make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        kit_undecided("pipe: %s", strerror(errno));
}

/* ends[0] for the child to read, ends[1], -1 where there is nothing, ours. */
static void make_input(int ends[2], bool has_input)
{
    if (has_input) {
        make_pipe(ends);
        fcntl(ends[1], F_SETFL, O_NONBLOCK);
        return;
    }
    ends[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ends[1] = -1;
    if (ends[0] < 0)
        kit_undecided("/dev/null: %s", strerror(errno));
}

void kit_spawn(struct kit_program *program, char *const argv[],
               char *const envp[], bool has_input)
{
    int in[2], out[2], err[2];

    make_input(in, has_input);
    make_pipe(out);
    make_pipe(err);
    if (program->lines_left > 0)
        fcntl(out[1], F_SETPIPE_SZ, SMALLEST_PIPE);
    kit_memory_kib(getpid(), &program->inherited_kib);
    program->pid = fork();
    if (program->pid < 0)
        kit_undecided("fork: %s", strerror(errno));
    if (program->pid == 0)
        become(argv, envp, (const int[]){in[0], out[1], err[1]});

    setpgid(program->pid, program->pid);
    close(in[0]);
    close(out[1]);
    close(err[1]);
    program->in = in[1];
    program->out = out[0];
    program->err = err[0];
}

static long value_of(const char *status, const char *key)
{
    const char *found = strstr(status, key);

    return found != NULL ? strtol(found + strlen(key), NULL, 10) : 0;
}

/* Reads /proc/PID/NAME into text, which ends in a NUL; false where the process
 * is gone. */
static bool read_proc(pid_t pid, const char *name, char *text, size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    return true;
}

/* The kernel's own high water mark: what it was between two looks counts. */
long kit_memory_kib(pid_t pid, long *peak)
{
    char status[4096];

    if (!read_proc(pid, "status", status, sizeof(status)))
        return 0;
    long highest = value_of(status, "VmHWM:");
    if (highest > *peak)
        *peak = highest;
    return value_of(status, "VmRSS:");
}

/* The name, which comes first and in parentheses, may have anything in it. */
double kit_busy_ms(pid_t pid)
{
    char stat[1024];
    unsigned long user = 0, system = 0;

    if (!read_proc(pid, "stat", stat, sizeof(stat)))
        return 0;
    const char *rest = strrchr(stat, ')');
    if (rest == NULL ||
        sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
               &user, &system) != 2)
        return 0;
    return 1000.0 * (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}
