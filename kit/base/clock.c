#include "kit/base/clock.h"

#include <time.h>

#define DEADLINE_MS 3000
#define LOOK_NS (10 * 1000 * 1000)

pthread_mutex_t kit_lock = PTHREAD_MUTEX_INITIALIZER;

static pthread_cond_t changed;
static struct timespec began;
static int deadline = DEADLINE_MS;

void kit_clock_start(void)
{
    pthread_condattr_t attributes;

    deadline = DEADLINE_MS;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
    clock_gettime(CLOCK_MONOTONIC, &began);
}

double kit_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began.tv_sec) * 1e3 +
           (double)(now.tv_nsec - began.tv_nsec) / 1e6;
}

int kit_deadline(void)
{
    return deadline;
}

void kit_be_patient(int deadline_ms)
{
    deadline = deadline_ms;
}

void kit_locked_notify(void)
{
    pthread_cond_broadcast(&changed);
}

/* The answers of servers do not notify: hence an end. */
static void wait_for_change(void)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&kit_lock);
    pthread_cond_timedwait(&changed, &kit_lock, &until);
    pthread_mutex_unlock(&kit_lock);
}

bool kit_wait(bool (*holds)(void *arg), void *arg, int deadline_ms)
{
    double end = kit_clock() + deadline_ms;

    while (!holds(arg)) {
        if (kit_clock() >= end)
            return holds(arg);
        wait_for_change();
    }
    return true;
}
