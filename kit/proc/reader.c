#include "kit/proc/reader.h"

#include "kit/base/clock.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Resident memory of one program. The skeletons use 20 MiB with sanitizers. */
#define MEMORY_LIMIT_MIB 512
#define OUTPUT_LIMIT (16 * 1024 * 1024) /* of each stream */
#define LOOK_MS 50
#define OWN_DESCRIPTORS 2

static long memory_limit_kib(void)
{
    const char *limit = getenv(KIT_ENV_MEMORY);

    return 1024 * (limit != NULL ? strtol(limit, NULL, 10) : MEMORY_LIMIT_MIB);
}

/* ---- one program --------------------------------------------------------- */

/* Once is enough, and what it prints after it is not kept. */
static void limit_output(struct kit_program *program,
                         struct kit_captured *captured)
{
    if (captured->length <= OUTPUT_LIMIT || program->too_much)
        return;
    program->too_much = true;
    kill(-program->pid, SIGKILL);
}

/* Reads what is there, most at a time. False at the end of the stream. */
static bool read_some(struct kit_program *program, int fd,
                      struct kit_captured *captured, size_t most)
{
    char buffer[65536];
    ssize_t length =
        read(fd, buffer, most < sizeof(buffer) ? most : sizeof(buffer));

    if (length <= 0)
        return false;
    pthread_mutex_lock(&kit_lock);
    if (!program->too_much)
        kit_locked_capture(captured, buffer, (size_t)length);
    limit_output(program, captured);
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    return true;
}

/* Byte by byte, where so many lines shall be read and nothing of the next. */
static bool read_stdout(struct kit_program *program)
{
    struct kit_captured *captured = &program->stdout_text;

    pthread_mutex_lock(&kit_lock);
    size_t most = program->lines_left > 0 ? 1 : SIZE_MAX;
    pthread_mutex_unlock(&kit_lock);
    if (!read_some(program, program->out, captured, most))
        return false;
    pthread_mutex_lock(&kit_lock);
    if (program->lines_left > 0 && captured->text[captured->length - 1] == '\n')
        program->held = --program->lines_left == 0;
    pthread_mutex_unlock(&kit_lock);
    return true;
}

/* With the lock, as others ask what waits there (kit_expect_held). */
static void close_stream(int *fd)
{
    pthread_mutex_lock(&kit_lock);
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    pthread_mutex_unlock(&kit_lock);
}

/* Its children have been killed, but may not be dead yet: only what is in the
 * pipe already is read. */
static void read_rest(struct kit_program *program, int *fd,
                      struct kit_captured *captured)
{
    if (*fd < 0)
        return;
    fcntl(*fd, F_SETFL, O_NONBLOCK);
    while (read_some(program, *fd, captured, SIZE_MAX))
        ;
    close_stream(fd);
}

/* What the kernel says at the end counts what was ours before exec, too. */
static void raise_peak(struct kit_program *program, long kib)
{
    if (kib > program->peak_kib && kib > program->inherited_kib)
        program->peak_kib = kib;
}

/* As long as it is not reaped its number, and its group's, is nobody else's:
 * what it has left behind ends with it. */
static void reap(struct kit_program *program)
{
    struct rusage usage = {0};
    int status = 0;

    kill(-program->pid, SIGKILL);
    read_rest(program, &program->out, &program->stdout_text);
    read_rest(program, &program->err, &program->stderr_text);
    wait4(program->pid, &status, 0, &usage);
    pthread_mutex_lock(&kit_lock);
    raise_peak(program, usage.ru_maxrss);
    program->status = status;
    program->ended = true;
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
}

static bool has_ended(const struct kit_program *program)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)program->pid, &info,
                  WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == program->pid;
}

static void limit_memory(struct kit_program *program)
{
    pthread_mutex_lock(&kit_lock);
    long now = kit_memory_kib(program->pid, &program->peak_kib);
    program->too_large = program->too_large || now > memory_limit_kib();
    pthread_mutex_unlock(&kit_lock);
    if (program->too_large)
        kill(-program->pid, SIGKILL);
}

/* ---- all of them --------------------------------------------------------- */

static struct kit_program *first_of(struct kit_reader *reader)
{
    pthread_mutex_lock(&kit_lock);
    struct kit_program *first = reader->programs;
    pthread_mutex_unlock(&kit_lock);
    return first;
}

static bool is_held(struct kit_program *program)
{
    pthread_mutex_lock(&kit_lock);
    bool held = program->held;
    pthread_mutex_unlock(&kit_lock);
    return held;
}

/* Descriptors to be read, two a program, after our own. poll ignores -1. */
static nfds_t collect(struct kit_reader *reader, struct kit_program *first,
                      struct pollfd **fds, nfds_t *room)
{
    nfds_t count = OWN_DESCRIPTORS;

    for (struct kit_program *p = first; p != NULL; p = p->next)
        count += 2;
    if (count > *room) {
        *room = 2 * count;
        *fds = realloc(*fds, *room * sizeof(**fds));
        if (*fds == NULL)
            abort();
    }
    (*fds)[0] = (struct pollfd){.fd = reader->wake, .events = POLLIN};
    (*fds)[1] = (struct pollfd){.fd = reader->children, .events = POLLIN};
    struct pollfd *next = *fds + OWN_DESCRIPTORS;
    for (struct kit_program *p = first; p != NULL; p = p->next) {
        *next++ =
            (struct pollfd){.fd = is_held(p) ? -1 : p->out, .events = POLLIN};
        *next++ = (struct pollfd){.fd = p->err, .events = POLLIN};
    }
    return count;
}

static void read_all(struct kit_program *first, const struct pollfd *fds)
{
    for (struct kit_program *p = first; p != NULL; p = p->next, fds += 2) {
        if (fds[0].revents && !read_stdout(p))
            close_stream(&p->out);
        if (fds[1].revents && !read_some(p, p->err, &p->stderr_text, SIZE_MAX))
            close_stream(&p->err);
    }
}

/* Also without a signal: another thread may have taken it. */
static void reap_all(struct kit_program *first)
{
    for (struct kit_program *p = first; p != NULL; p = p->next) {
        if (!p->ended && has_ended(p))
            reap(p);
    }
}

static void look_at_memory(struct kit_program *first)
{
    for (struct kit_program *p = first; p != NULL; p = p->next) {
        if (!p->ended && !p->light)
            limit_memory(p);
    }
}

static void drain(struct kit_reader *reader, const struct pollfd *fds)
{
    struct signalfd_siginfo info;
    uint64_t count;
    ssize_t length = 0;

    if (fds[0].revents)
        length = read(reader->wake, &count, sizeof(count));
    if (fds[1].revents)
        length = read(reader->children, &info, sizeof(info));
    (void)length; /* nothing there is nothing to do */
}

static void *run(void *argument)
{
    struct kit_reader *reader = argument;
    struct pollfd *fds = NULL;
    nfds_t room = 0;
    double looked = 0;

    while (!reader->stop) {
        struct kit_program *first = first_of(reader);
        nfds_t count = collect(reader, first, &fds, &room);
        poll(fds, count, LOOK_MS);
        drain(reader, fds);
        read_all(first, fds + OWN_DESCRIPTORS);
        reap_all(first);
        if (kit_clock() - looked >= LOOK_MS) {
            look_at_memory(first);
            looked = kit_clock();
        }
    }
    free(fds);
    return NULL;
}

void kit_reader_begin(struct kit_reader *reader)
{
    sigset_t set;

    memset(reader, 0, sizeof(*reader));
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    reader->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    reader->children = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (reader->wake < 0 || reader->children < 0)
        kit_undecided("no descriptors for the reader of programs");
    if (pthread_create(&reader->thread, NULL, run, reader) != 0)
        kit_undecided("no thread for the programs' output");
    reader->running = true;
}

void kit_reader_add(struct kit_reader *reader, struct kit_program *program)
{
    program->reader = reader;
    pthread_mutex_lock(&kit_lock);
    program->next = reader->programs;
    reader->programs = program;
    pthread_mutex_unlock(&kit_lock);
    kit_reader_wake(reader);
}

void kit_reader_wake(struct kit_reader *reader)
{
    uint64_t one = 1;
    ssize_t written = write(reader->wake, &one, sizeof(one));

    (void)written; /* it fails where the thread is to wake up already */
}

void kit_reader_end(struct kit_reader *reader)
{
    if (!reader->running)
        return;
    reader->stop = true;
    kit_reader_wake(reader);
    pthread_join(reader->thread, NULL);
    close(reader->wake);
    close(reader->children);
    reader->running = false;
}
