#include "kit/frame/start.h"

#include "kit/base/chance.h"
#include "kit/base/memory.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/frame/test.h"
#include "kit/proc/command.h"
#include "kit/proc/ledger.h"
#include "kit/say/fail.h"

#include <stdlib.h>
#include <string.h>

extern char **environ;

/* KIT_PROGRAM_DEVICE for `device`, KIT_PROGRAM for the first. */
const char *kit_command_of(const char *program)
{
    const char *name =
        program == NULL ? KIT_ENV_PROGRAM
                        : kit_text(KIT_ENV_PROGRAM "_%s", kit_upper(program));
    const char *command = getenv(name);

    if (command == NULL || *command == '\0')
        kit_undecided("%s does not say which program to start", name);
    return command;
}

/* sh -c 'exec PROGRAM "$@"' sh ARGS: PROGRAM may be several words. */
char **kit_command_line(const char *command, const char *const args[])
{
    size_t count = 0;

    while (args[count] != NULL)
        count++;
    char **argv = kit_allocate((count + 5) * sizeof(*argv));
    argv[0] = "/bin/sh";
    argv[1] = "-c";
    argv[2] = (char *)kit_text("exec %s \"$@\"", command);
    argv[3] = "sh";
    for (size_t i = 0; i < count; i++)
        argv[4 + i] = (char *)args[i];
    return argv;
}

/* What a program without arguments is called: the last part of its path. */
static const char *last_part(const char *command)
{
    const char *word = strrchr(command, ' ');
    word = word != NULL ? word + 1 : command;
    const char *slash = strrchr(word, '/');
    return slash != NULL ? slash + 1 : word;
}

static const char *name_of(const char *command, const char *const args[])
{
    struct kit_string name = {0};

    for (size_t i = 0; args[i] != NULL; i++)
        kit_string_add(&name, "%s%.40s", i > 0 ? " " : "", args[i]);
    return name.length > 0 ? name.text : last_part(command);
}

struct kit_program *kit_start_args_of(const char *program,
                                      const char *const args[])
{
    const char *command = kit_command_of(program);

    return kit_launch(&kit_test()->programs, name_of(command, args),
                      kit_command_line(command, args), environ, KIT_LEARNERS);
}

struct kit_program *kit_start_args(const char *const args[])
{
    return kit_start_args_of(NULL, args);
}

struct kit_program *kit_start_alone(void)
{
    return kit_start_args((const char *const[]){NULL});
}

/* A test has a process of its own, so its environment may be the programs'. */
void kit_set_env(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

const char *kit_node_url(const char *name)
{
    return kit_hub_url(&kit_test()->hub, name);
}

void kit_hold_output_after(int lines)
{
    kit_test()->programs.hold_after = lines;
}

int kit_run(const char *command, const char **output)
{
    return kit_run_command(&kit_test()->programs, command, environ, output);
}

void kit_assert_each_once(const char *const lines[], size_t count,
                          const char *why)
{
    kit_ledger_assert(&kit_test()->programs, lines, count, why);
}

uint32_t kit_random(uint32_t below)
{
    return kit_chance_below(&kit_test()->chance, below);
}

const char *kit_random_word(void)
{
    return kit_chance_word(&kit_test()->chance);
}
