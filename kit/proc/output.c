#include "kit/proc/output.h"

#include "kit/base/clock.h"
#include "kit/base/lines.h"
#include "kit/base/text.h"
#include "kit/proc/child.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- what it reads ------------------------------------------------------- */

/* Writes all of it, waiting for the program to read: deadline for the whole. */
void kit_type_bytes(struct kit_program *program, const void *data,
                    size_t length)
{
    const char *next = data;
    double end = kit_clock() + KIT_DEADLINE_MS;

    while (length > 0) {
        struct pollfd fd = {.fd = program->in, .events = POLLOUT};
        poll(&fd, 1, 100);
        ssize_t written = write(program->in, next, length);
        if (written > 0) {
            next += written;
            length -= (size_t)written;
        } else if ((errno != EAGAIN && errno != EINTR) || kit_clock() > end) {
            kit_fail(kit_text("'%s' reads its standard input", program->name),
                     NULL, "%zu bytes are left over, and it %s", length,
                     kit_describe_end(program));
        }
    }
}

void kit_type(struct kit_program *program, const char *text)
{
    kit_type_bytes(program, text, strlen(text));
}

void kit_type_end(struct kit_program *program)
{
    if (program->in >= 0)
        close(program->in);
    program->in = -1;
    kit_may_end(program);
}

/* ---- what it prints ------------------------------------------------------ */

const char *kit_output(struct kit_program *program, size_t *length)
{
    return kit_captured(&program->stdout_text, length);
}

const char *kit_complaints(struct kit_program *program, size_t *length)
{
    return kit_captured(&program->stderr_text, length);
}

/* ---- held ---------------------------------------------------------------- */

static void set_held(struct kit_program *program, bool held)
{
    pthread_mutex_lock(&kit_lock);
    program->held = held;
    program->lines_left = 0;
    pthread_mutex_unlock(&kit_lock);
    kit_reader_wake(program->reader);
}

void kit_hold_output(struct kit_program *program)
{
    set_held(program, true);
}

void kit_release_output(struct kit_program *program)
{
    set_held(program, false);
}

/* Nothing is read any more, and something is there. */
static bool is_stuck(struct kit_program *program)
{
    int length = 0;

    pthread_mutex_lock(&kit_lock);
    bool stuck = program->held && ioctl(program->out, FIONREAD, &length) == 0 &&
                 length > 0;
    pthread_mutex_unlock(&kit_lock);
    return stuck;
}

static bool is_stuck_or_gone(void *program)
{
    return is_stuck(program) || !kit_running(program);
}

void kit_expect_held(struct kit_program *program, const char *why)
{
    size_t length;

    kit_wait(is_stuck_or_gone, program, KIT_DEADLINE_MS);
    if (is_stuck(program))
        return;
    const char *text = kit_output(program, &length);
    kit_fail(kit_text("'%s' prints more than %zu lines", program->name,
                      kit_line_count(text, length)),
             why, "it %s", kit_describe_end(program));
}
