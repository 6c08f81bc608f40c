#include "kit/frame/fleet.h"

#include "kit/base/memory.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/frame/start.h"
#include "kit/frame/test.h"
#include "kit/proc/memory.h"
#include "kit/proc/output.h"
#include "kit/say/fail.h"
#include "kit/say/meanwhile.h"
#include "kit/say/witness.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

extern char **environ;

/* Besides the devices' own: connections, files, libraries. */
#define SPARE_DESCRIPTORS 128

static void allow_descriptors(size_t count)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t wanted = 2 * count + SPARE_DESCRIPTORS;
    if (limit.rlim_cur >= wanted)
        return;
    if (limit.rlim_max < wanted)
        kit_environment(kit_text("ulimit -n %zu", (size_t)wanted),
                        "a fleet of %zu needs more open files than are "
                        "allowed here",
                        count);
    limit.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static const char *plain_command_of(const char *program)
{
    const char *plain =
        getenv(kit_text(KIT_ENV_PLAIN "_%s", kit_upper(program)));

    return plain != NULL && *plain != '\0' ? plain : kit_command_of(program);
}

struct kit_fleet kit_start_fleet(const char *program, size_t count,
                                 kit_device arguments, void *closure)
{
    const char *command = plain_command_of(program);
    struct kit_fleet fleet = {
        count, kit_allocate((count + 1) * sizeof(struct kit_program *))};

    allow_descriptors(count);
    for (size_t i = 0; i < count; i++) {
        char **argv = kit_command_line(command, arguments(i, closure));
        const char *name = argv[4] != NULL ? argv[4] : program;
        fleet.devices[i] =
            kit_launch(&kit_test()->programs, name, argv, environ, KIT_DEVICE);
    }
    return fleet;
}

struct kit_program *kit_start_plain_args(const char *program,
                                         const char *const args[])
{
    const char *command = plain_command_of(program);

    return kit_launch(&kit_test()->programs, kit_name_of(command, args),
                      kit_command_line(command, args), environ, KIT_LEARNERS);
}

void kit_expect_frugal_args(const char *doing, int most_mib, const char *why,
                            const char *program, const char *const args[])
{
    kit_meanwhile(doing);
    struct kit_program *frugal = kit_start_plain_args(program, args);
    kit_expect_success(frugal);
    kit_assert_memory(frugal, most_mib, why);
    kit_meanwhile(NULL);
}

void kit_expect_fleet_line(struct kit_fleet *fleet, const char *regex,
                           const char *why)
{
    for (size_t i = 0; i < fleet->count; i++)
        kit_expect_line(fleet->devices[i], regex, why);
}

void kit_stop_fleet(struct kit_fleet *fleet)
{
    const char *early = kit_alibi();

    if (early != NULL)
        kit_fail("every device runs until it is stopped", NULL, "%s", early);
    for (size_t i = 0; i < fleet->count; i++)
        kit_signal(fleet->devices[i], SIGINT);
    for (size_t i = 0; i < fleet->count; i++)
        kit_expect_exit(fleet->devices[i], 0,
                        "does a device end by itself when it is told to?");
}
