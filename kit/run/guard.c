#include "kit/run/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Kills every child and adopts theirs, until none is left. */
static void kill_descendants(void)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
    for (;;) {
        FILE *children = fopen(path, "r");
        int pid;

        while (children != NULL && fscanf(children, "%d", &pid) == 1)
            kill(pid, SIGKILL);
        if (children != NULL)
            fclose(children);
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
            return;
    }
}

/* The signals that end a guard, and the one that says a child has ended. */
static void guarded_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
}

/* The child of a guard: told by SIGTERM when the guard dies. */
static void be_guarded(pid_t guard, const sigset_t *old)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != guard)
        _exit(EXIT_FAILURE);
    sigprocmask(SIG_SETMASK, old, NULL);
}

/* Waits for the child, a signal or the deadline. Returns its value or -1. */
static int await_child(pid_t child, const sigset_t *signals, int seconds)
{
    struct timespec wait = {.tv_sec = seconds > 0 ? seconds : 24 * 3600};
    struct timespec start, now;

    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        int signal = sigtimedwait(signals, NULL, &wait);
        if (signal < 0 && errno == EAGAIN)
            return -1;
        if (signal > 0 && signal != SIGCHLD)
            return -1;

        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        while (ended > 0 && ended != child)
            ended = waitpid(-1, &status, WNOHANG);
        if (ended == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;

        clock_gettime(CLOCK_MONOTONIC, &now);
        if (seconds > 0)
            wait.tv_sec = seconds - (now.tv_sec - start.tv_sec);
        if (wait.tv_sec <= 0)
            return -1;
    }
}

int kit_guard(int (*work)(void), int seconds, void (*clean_up)(void))
{
    sigset_t signals, old;
    pid_t self = getpid();

    guarded_signals(&signals);
    sigprocmask(SIG_BLOCK, &signals, &old);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    fflush(NULL);

    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child == 0) {
        be_guarded(self, &old);
        _exit(work());
    }
    int value = await_child(child, &signals, seconds);
    kill_descendants();
    if (clean_up != NULL)
        clean_up();
    return value;
}
