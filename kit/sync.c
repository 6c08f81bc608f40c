/* Time, waiting and memory of one test. */
#include "internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

pthread_mutex_t kit_lock = PTHREAD_MUTEX_INITIALIZER;

static pthread_cond_t changed;
static struct timespec began;

struct block {
    struct block *next;
    max_align_t data[];
};
static struct block *blocks;
static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;

void *kit_allocate(size_t size)
{
    struct block *block = calloc(1, sizeof(*block) + size);
    if (block == NULL)
        abort();

    pthread_mutex_lock(&blocks_lock);
    block->next = blocks;
    blocks = block;
    pthread_mutex_unlock(&blocks_lock);
    return block->data;
}

char *kit_keep(const void *data, size_t length)
{
    char *copy = kit_allocate(length + 1);
    if (length > 0)
        memcpy(copy, data, length);
    return copy;
}

void kit_free_all(void)
{
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

const char *kit_text(const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        abort();

    const char *kept = kit_keep(text, (size_t)length);
    free(text);
    return kept;
}

void kit_start_clock(void)
{
    pthread_condattr_t attributes;

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

void kit_locked_notify(void)
{
    pthread_cond_broadcast(&changed);
}

/* Returns at the next notification, or after 10 ms: the server's answers do
 * not notify. */
static void wait_for_change(void)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 10 * 1000 * 1000;
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
