/* Programs that have to wait, since nobody reads what they print. */
#include "internal.h"

#include <sys/ioctl.h>

static int hold_after;

void kit_hold_output_after(int lines)
{
    hold_after = lines;
}

int kit_lines_until_held(void)
{
    return hold_after;
}

static void set_held(struct kit_program *program, bool held)
{
    pthread_mutex_lock(&kit_lock);
    program->held = held;
    program->lines_left = 0;
    pthread_mutex_unlock(&kit_lock);
}

void kit_hold_output(struct kit_program *program)
{
    set_held(program, true);
}

void kit_release_output(struct kit_program *program)
{
    set_held(program, false);
}

bool kit_is_held(struct kit_program *program)
{
    pthread_mutex_lock(&kit_lock);
    bool held = program->held;
    pthread_mutex_unlock(&kit_lock);
    return held;
}

/* Nothing is read any more, and something is there. */
static bool is_stuck(struct kit_program *program)
{
    int length = 0;

    return kit_is_held(program) &&
           ioctl(program->out, FIONREAD, &length) == 0 && length > 0;
}

static bool is_stuck_or_gone(void *program)
{
    return is_stuck(program) || !kit_running(program);
}

void kit_expect_held(struct kit_program *program, const char *why)
{
    size_t lines = 0;

    kit_wait(is_stuck_or_gone, program, KIT_DEADLINE_MS);
    if (is_stuck(program))
        return;
    for (const char *c = kit_output(program, NULL); *c != '\0'; c++)
        lines += *c == '\n';
    kit_fail(kit_text("'%s' prints more than %zu lines", program->name, lines),
             why, "it %s", kit_describe_end(program));
}
