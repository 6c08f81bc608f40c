/* Starts and ends what a keeper keeps. A service is a process group, with its
 * output appended to NAME.log. */
#define _GNU_SOURCE /* pipe2(), prctl() */
#include "keeper_services.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HASTY_MS 5000 /* who ends sooner than that ends hastily, */
#define PAUSE_MS 1000 /* is started again after a pause, */
#define HASTY_MAX 5   /* and so often in a row at most */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

bool services_record(const struct services *services)
{
    FILE *file = fopen(RECORD ".new", "w");

    if (file == NULL)
        return false;
    fprintf(file, "keeper %d\n", getpid());
    for (int i = 0; i < services->count; i++) {
        const struct service *service = &services->all[i];
        if (service->pid > 0)
            fprintf(file, "%s %d\n", service->name, service->pid);
    }
    bool failed = ferror(file);
    if (fclose(file) != 0 || failed)
        return false;
    return rename(RECORD ".new", RECORD) == 0;
}

/* The last one takes its place. */
static void forget(struct services *services, struct service *service)
{
    free(service->words);
    *service = services->all[--services->count];
}

static bool is_called(const struct service *service, const char *name)
{
    return name == NULL || strcmp(service->name, name) == 0;
}

/* ---- starting ----------------------------------------------------------- */

static int open_log(const char *name, int create)
{
    char path[SERVICE_NAME_SIZE + 8];

    snprintf(path, sizeof(path), "%s.log", name);
    return open(path, O_WRONLY | O_APPEND | O_CLOEXEC | create, 0666);
}

/* The child of launch(): reports on `failed`, as errno, what fails. The kernel
 * kills it when the keeper ends; unless that has just happened already. */
static void become(char *const argv[], int log, int failed, pid_t keeper)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper)
        _exit(127);
    if (dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 &&
        chdir("..") == 0)
        execvp(argv[0], argv);
    int error = errno;
    if (write(failed, &error, sizeof(error)) < 0)
        _exit(126);
    _exit(127);
}

/* False, with errno, if the command cannot be run. */
static bool launch(struct service *service)
{
    int error = 0, failed[2];
    int log = open_log(service->name, O_CREAT);

    if (log < 0)
        return false;
    service->log_begins = lseek(log, 0, SEEK_END);
    if (pipe2(failed, O_CLOEXEC) < 0) {
        close(log);
        return false;
    }
    pid_t keeper = getpid();
    pid_t child = fork();
    if (child == 0)
        become(service->argv, log, failed[1], keeper);
    if (child < 0)
        error = errno;
    close(log);
    close(failed[1]);
    if (read(failed[0], &error, sizeof(error)) > 0)
        waitpid(child, NULL, 0);
    close(failed[0]);
    service->pid = error == 0 ? child : 0;
    service->started = now_ms();
    errno = error;
    return error == 0;
}

/* NULL, with errno, if there are too many, or its command has no end. */
static struct service *add(struct services *services, const char *name,
                           const char *words, size_t size)
{
    struct service *service = &services->all[services->count];
    int argc = 0;

    errno = E2BIG;
    if (services->count == SERVICES_MAX || strlen(name) >= SERVICE_NAME_SIZE)
        return NULL;
    memset(service, 0, sizeof(*service));
    snprintf(service->name, sizeof(service->name), "%s", name);
    service->words = malloc(size);
    if (service->words == NULL)
        return NULL;
    memcpy(service->words, words, size);
    services->count++;
    for (size_t at = 0; at < size; at += strlen(service->words + at) + 1) {
        if (argc == SERVICE_WORDS_MAX - 1) {
            forget(services, service);
            errno = E2BIG;
            return NULL;
        }
        service->argv[argc++] = service->words + at;
    }
    return service;
}

struct service *services_start(struct services *services, const char *name,
                               bool again, const char *words, size_t size)
{
    struct service *service = NULL;

    for (int i = 0; i < services->count; i++) {
        if (is_called(&services->all[i], name))
            service = &services->all[i];
    }
    if (service == NULL)
        service = add(services, name, words, size);
    if (service == NULL)
        return NULL;
    service->again = again;
    if (service->pid == 0 && !launch(service)) {
        int error = errno;
        forget(services, service);
        errno = error;
        return NULL;
    }
    return service;
}

/* ---- ending ------------------------------------------------------------- */

/* Says why in the log, unless that is deleted, with its folder perhaps. */
static void tell_end(const struct service *service, const siginfo_t *info)
{
    int log = open_log(service->name, 0);

    if (log < 0)
        return;
    dprintf(log, "keeper: %s ended with %s %d\n", service->name,
            info->si_code == CLD_EXITED ? "exit status" : "signal",
            info->si_status);
    close(log);
}

static void on_end(struct services *services, struct service *service,
                   const siginfo_t *info)
{
    bool hasty = now_ms() - service->started < HASTY_MS;

    tell_end(service, info);
    service->pid = 0;
    service->hasty = hasty ? service->hasty + 1 : 0;
    service->due = now_ms() + (hasty ? PAUSE_MS : 0);
    if (!service->again || service->hasty > HASTY_MAX)
        forget(services, service);
}

/* What a service leaves of its group is killed while the zombie still holds the
 * group's number. Returns whether there were any. */
static bool reap(struct services *services)
{
    bool any = false;

    for (;;) {
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
            info.si_pid == 0)
            return any;
        kill(-info.si_pid, SIGKILL);
        waitpid(info.si_pid, NULL, 0);
        for (int i = services->count - 1; i >= 0; i--) {
            if (services->all[i].pid == info.si_pid)
                on_end(services, &services->all[i], &info);
        }
        any = true;
    }
}

int services_tend(struct services *services)
{
    bool changed = reap(services);
    int64_t next = -1;

    for (int i = services->count - 1; i >= 0; i--) {
        struct service *service = &services->all[i];
        int64_t left = service->due - now_ms();
        if (service->pid > 0)
            continue;
        changed = changed || left <= 0;
        if (left > 0)
            next = next < 0 || left < next ? left : next;
        else if (!launch(service))
            forget(services, service);
    }
    if (changed)
        services_record(services);
    return (int)next;
}

/* Signals those that run, which end for good. Returns how many there are. */
static int signal_all(struct services *services, const char *name, int signal)
{
    int running = 0;

    for (int i = 0; i < services->count; i++) {
        struct service *service = &services->all[i];
        if (!is_called(service, name))
            continue;
        service->again = false;
        if (service->pid > 0) {
            kill(-service->pid, signal);
            running++;
        }
    }
    return running;
}

void services_end(struct services *services, const char *name, int ms)
{
    const struct timespec look = {.tv_nsec = 100000000};
    int64_t until = now_ms() + ms;
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    signal_all(services, name, ms > 0 ? SIGTERM : SIGKILL);
    while (signal_all(services, name, SIGCONT) > 0) { /* one may be stopped */
        sigtimedwait(&child, NULL, &look);
        if (now_ms() >= until)
            signal_all(services, name, SIGKILL);
        reap(services);
    }
    for (int i = services->count - 1; i >= 0; i--) {
        if (is_called(&services->all[i], name))
            forget(services, &services->all[i]);
    }
}
