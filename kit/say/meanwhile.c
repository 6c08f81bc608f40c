#include "kit/say/meanwhile.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REPEAT_MS 200
#define CLEAR "\r\033[K"

const char *kit_instead_of_meanwhile(void)
{
    return isatty(STDOUT_FILENO) ? CLEAR : "";
}

/* Of this process, which runs one test. With kit_lock. */
static struct {
    const char *text;
    double since;
    pthread_t thread;
    bool running;
} shown;

/* All at once, so that nobody prints between. */
static void write_out(const char *text, size_t length)
{
    ssize_t written = write(STDOUT_FILENO, text, length);

    (void)written; /* nobody is lost without it */
}

static void show(const char *text, double since)
{
    char line[2 * KIT_WIDTH];
    int length =
        snprintf(line, sizeof(line), CLEAR "  ...   %.*s (%d s)",
                 KIT_WIDTH - 16, text, (int)((kit_clock() - since) / 1000));

    write_out(line, (size_t)length);
}

static bool has_changed(void *text)
{
    pthread_mutex_lock(&kit_lock);
    bool changed = shown.text != text;
    pthread_mutex_unlock(&kit_lock);
    return changed;
}

static void *repeat(void *text)
{
    pthread_mutex_lock(&kit_lock);
    double since = shown.since;
    pthread_mutex_unlock(&kit_lock);
    do
        show(text, since);
    while (!kit_wait(has_changed, text, REPEAT_MS));
    write_out(CLEAR, strlen(CLEAR));
    return NULL;
}

void kit_meanwhile(const char *text)
{
    pthread_mutex_lock(&kit_lock);
    bool was_running = shown.running;
    shown.text = NULL;
    shown.running = false;
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    if (was_running)
        pthread_join(shown.thread, NULL);
    if (text == NULL || !isatty(STDOUT_FILENO))
        return;

    shown.text = text;
    shown.since = kit_clock();
    shown.running =
        pthread_create(&shown.thread, NULL, repeat, (void *)text) == 0;
}
