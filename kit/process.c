/* One child process: spawned, read, measured, reaped. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Resident memory of one program. The skeletons use 20 MiB with sanitizers. */
#define MEMORY_LIMIT_MIB 512
#define MEMORY_LOOK_MS 50
#define HELD_LOOK_MS 5
#define PAGE 4096 /* the smallest pipe there is */

static long memory_limit_mib(void)
{
    const char *limit = getenv("KIT_MEMORY_MIB");

    return limit != NULL ? strtol(limit, NULL, 10) : MEMORY_LIMIT_MIB;
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

void kit_spawn(struct kit_program *program, char *const argv[],
               char *const envp[])
{
    int in[2], out[2], err[2];

    make_pipe(in);
    make_pipe(out);
    make_pipe(err);
    if (program->lines_left > 0)
        fcntl(out[1], F_SETPIPE_SZ, PAGE);
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
    fcntl(program->in, F_SETFL, O_NONBLOCK);
    program->pidfd = (int)syscall(SYS_pidfd_open, program->pid, 0);
    if (program->pidfd < 0)
        kit_undecided("pidfd_open: %s", strerror(errno));
}

static void append(struct kit_stream *stream, const char *data, size_t length)
{
    if (stream->length + length + 1 > stream->capacity) {
        stream->capacity = 2 * (stream->length + length + 1);
        stream->text = realloc(stream->text, stream->capacity);
        if (stream->text == NULL)
            abort();
    }
    memcpy(stream->text + stream->length, data, length);
    stream->length += length;
    stream->text[stream->length] = '\0';
    fwrite(data, 1, length, stream->file);
    fflush(stream->file);
}

/* Reads what is there, most at a time. False at the end of the stream. */
static bool read_some(int fd, struct kit_stream *stream, size_t most)
{
    char buffer[65536];
    ssize_t length =
        read(fd, buffer, most < sizeof(buffer) ? most : sizeof(buffer));

    if (length <= 0)
        return false;
    pthread_mutex_lock(&kit_lock);
    append(stream, buffer, (size_t)length);
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    return true;
}

/* Byte by byte, where so many lines shall be read and nothing of the next. */
static bool read_stdout(struct kit_program *program)
{
    struct kit_stream *stream = &program->stdout_text;

    pthread_mutex_lock(&kit_lock);
    size_t most = program->lines_left > 0 ? 1 : SIZE_MAX;
    pthread_mutex_unlock(&kit_lock);
    if (!read_some(program->out, stream, most))
        return false;
    pthread_mutex_lock(&kit_lock);
    if (program->lines_left > 0 && stream->text[stream->length - 1] == '\n')
        program->held = --program->lines_left == 0;
    pthread_mutex_unlock(&kit_lock);
    return true;
}

/* Children may hold the pipes open: read only what is in them already. */
static void read_rest(int fd, struct kit_stream *stream)
{
    if (fd < 0)
        return;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (read_some(fd, stream, SIZE_MAX))
        ;
}

static void limit_memory(struct kit_program *program)
{
    char path[64];
    long pages = 0;

    snprintf(path, sizeof(path), "/proc/%d/statm", program->pid);
    FILE *statm = fopen(path, "re");
    if (statm == NULL)
        return;
    if (fscanf(statm, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(statm);

    if (pages / 256 > memory_limit_mib()) { /* pages of 4 KiB */
        program->too_large = true;
        kill(-program->pid, SIGKILL);
    }
}

static void reap(struct kit_program *program)
{
    int status = 0;

    waitpid(program->pid, &status, 0);
    read_rest(program->out, &program->stdout_text);
    read_rest(program->err, &program->stderr_text);
    pthread_mutex_lock(&kit_lock);
    program->status = status;
    program->ended = true;
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
}

void *kit_read_program(void *argument)
{
    struct kit_program *program = argument;
    int out = program->out;
    struct pollfd fds[3] = {{.events = POLLIN},
                            {.fd = program->err, .events = POLLIN},
                            {.fd = program->pidfd, .events = POLLIN}};

    for (;;) {
        bool held = kit_is_held(program);
        fds[0].fd = held ? -1 : out;
        poll(fds, 3, held ? HELD_LOOK_MS : MEMORY_LOOK_MS);
        if (fds[0].revents && !read_stdout(program))
            out = -1;
        if (fds[1].revents &&
            !read_some(program->err, &program->stderr_text, SIZE_MAX))
            fds[1].fd = -1;
        if (fds[2].revents) {
            reap(program);
            return NULL;
        }
        limit_memory(program);
    }
}
