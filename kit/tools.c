/* Other programs that a check needs: the guestbook, the nats CLI. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static bool tool_ended(void *tool)
{
    return !kit_running(tool);
}

int kit_run(const char *command, const char **output)
{
    char *const argv[] = {"/bin/sh", "-c",
                          (char *)kit_text("exec 2>&1; %s", command), NULL};
    struct kit_program *tool = kit_launch("tool", argv, environ, true);

    if (!kit_wait(tool_ended, tool, 10000)) {
        kit_kill(tool);
        kit_undecided("this did not end within 10 s: %s", command);
    }
    if (output != NULL)
        *output = kit_output(tool, NULL);
    return WIFEXITED(tool->status) ? WEXITSTATUS(tool->status) : -1;
}

static bool guestbook_ready(void *guestbook)
{
    return strstr(kit_output(guestbook, NULL), "guestbook: open") != NULL ||
           !kit_running(guestbook);
}

void kit_start_guestbook(void)
{
    char *const argv[] = {"build/room/guestbook", NULL};
    struct kit_program *guestbook =
        kit_launch("guestbook", argv, environ, true);

    if (!kit_wait(guestbook_ready, guestbook, 3 * KIT_DEADLINE_MS) ||
        !kit_running(guestbook))
        kit_undecided("the room's guestbook did not open: %s",
                      kit_complaints(guestbook, NULL));
    kit_settle();
}
