#include "kit/frame/start.h"

#include "kit/base/chance.h"
#include "kit/base/clock.h"
#include "kit/base/damage.h"
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

/* An argument as a message names it: quoted where its end or its bytes would
 * not be seen. */
static const char *name_of_word(const char *word)
{
    size_t length = strnlen(word, 40);

    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)word[i] <= ' ' || word[i] == 127)
            return kit_quote(word, length);
    }
    return length > 0 ? kit_keep(word, length) : "\"\"";
}

const char *kit_name_of(const char *command, const char *const args[])
{
    struct kit_string name = {0};

    for (size_t i = 0; args[i] != NULL; i++)
        kit_string_add(&name, "%s%s", i > 0 ? " " : "", name_of_word(args[i]));
    return name.length > 0 ? name.text : last_part(command);
}

struct kit_program *kit_start_args_of(const char *program,
                                      const char *const args[])
{
    const char *command = kit_command_of(program);

    return kit_launch(&kit_test()->programs, kit_name_of(command, args),
                      kit_command_line(command, args), environ, KIT_LEARNERS);
}

struct kit_program *kit_start_args(const char *const args[])
{
    return kit_start_args_of(kit_test()->program, args);
}

void kit_use_program(const char *program)
{
    kit_test()->program = program;
}

struct kit_program *kit_start_held_args(int lines, const char *const args[])
{
    kit_test()->programs.hold_after = lines;
    struct kit_program *program = kit_start_args(args);
    kit_test()->programs.hold_after = 0;
    return program;
}

struct kit_program *kit_start_alone(void)
{
    return kit_start_args((const char *const[]){NULL});
}

static bool has_spoken(void *program)
{
    return strchr(kit_output(program, NULL), '\n') != NULL ||
           !kit_running(program);
}

void kit_await_ready(void)
{
    struct kit_programs *programs = &kit_test()->programs;
    double end = kit_clock() + KIT_READY_MS;

    for (struct kit_program *p = NULL;
         (p = kit_next_program(programs, p)) != NULL;) {
        double left = end - kit_clock();
        kit_wait(has_spoken, p, left > 0 ? (int)left : 0);
    }
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

const char *kit_random_text(size_t length)
{
    char *text = kit_allocate(length + 1);

    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + kit_random(26));
    return text;
}

const char *kit_random_damage(const char *text, size_t *length)
{
    return kit_damaged(&kit_test()->chance, text, length);
}

const void *kit_random_bytes(size_t length)
{
    unsigned char *bytes = kit_allocate(length);

    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)kit_random(256);
    return bytes;
}

const char *const *kit_random_lines(size_t count, size_t held)
{
    const char **lines = kit_allocate((count + 1) * sizeof(*lines));

    for (size_t i = 0; i < count; i++) {
        int digits = held > 0 && i == held ? KIT_LONG_LINE : 1;
        lines[i] = kit_text("%s-%0*zu", kit_random_word(), digits, i + 1);
    }
    return lines;
}
