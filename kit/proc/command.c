#include "kit/proc/command.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/proc/output.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

#define LIMIT_MS 10000

static bool has_ended(void *program)
{
    return !kit_running(program);
}

int kit_run_command(struct kit_programs *programs, const char *command,
                    char *const environment[], const char **output)
{
    char *const argv[] = {"/bin/sh", "-c",
                          (char *)kit_text("exec 2>&1; %s", command), NULL};
    struct kit_program *tool =
        kit_launch(programs, "tool", argv, environment, KIT_TOOL);

    if (!kit_wait(has_ended, tool, LIMIT_MS)) {
        kit_kill(tool);
        kit_undecided("this did not end within 10 s: %s", command);
    }
    if (output != NULL)
        *output = kit_output(tool, NULL);
    return kit_exit_status(tool);
}
