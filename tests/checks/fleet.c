/* Hundreds of processes, and what memory they have: tests/programs/device.c,
 * tests/programs/hungry.c. */
#include "kit/kit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(fleet, .init = kit_begin, .fini = kit_end);

#define DEVICES 200

static const char *const *arguments(size_t n, void *unused)
{
    const char **list = calloc(2, sizeof(*list));

    (void)unused;
    cr_assert_not_null(list);
    list[0] = kit_text("d%zu", n);
    return list;
}

static size_t count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    cr_assert_not_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* Where nobody of them has an answer of its own the count is right by chance.
 */
static void expect_all_different(struct kit_replies replies)
{
    bool seen[DEVICES] = {false};

    for (size_t i = 0; i < replies.count; i++) {
        const char *id = replies.list[i].data;
        seen[strtoul(id + 1, NULL, 10) % DEVICES] = true;
    }
    for (size_t i = 0; i < DEVICES; i++)
        cr_assert(seen[i], "d%zu", i);
}

Test(fleet, two_hundred_start_answer_and_stop)
{
    size_t before = count_descriptors();
    double began = kit_clock();

    struct kit_fleet fleet =
        kit_start_fleet("device", DEVICES, arguments, NULL);
    double started = kit_clock();
    kit_expect_fleet_line(&fleet, "ready", "does each say that it is ready?");
    double ready = kit_clock();
    struct kit_request request = kit_ask("fleet.query", "");
    expect_all_different(kit_expect_replies(request, DEVICES, NULL));
    fprintf(stderr,
            "%d devices: started in %.0f ms, ready in %.0f, answered "
            "in %.0f\n",
            DEVICES, started - began, ready - began, kit_clock() - ready);
    size_t each = (count_descriptors() - before) / DEVICES;
    cr_assert_leq(each, 2, "%zu", each);
    cr_assert_gt(kit_peak_memory(fleet.devices[7]), 1.0);
    kit_stop_fleet(&fleet);
    kit_expect_no_connections(NULL);
}

/* As one of the exercise's two programs beside the fleet. */
Test(fleet, a_program_of_another_name_has_a_peak_of_memory)
{
    struct kit_program *brief = kit_start_of("hungry", "200");
    struct kit_program *large = kit_start_of("hungry", "200", "wait");
    struct kit_program *small = kit_start_of("hungry", "1", "wait");

    kit_may_end(brief);
    kit_expect_line(large, "fed 209715200", NULL);
    kit_expect_line(small, "fed 1048576", NULL);
    double most = kit_peak_memory(large), least = kit_peak_memory(small);
    if (most < 200 || most > 260)
        kit_fail("200 MiB at most", NULL, "%.1f", most);
    if (least < 1 || least > 30)
        kit_fail("1 MiB and what a process takes", NULL, "%.1f", least);
    kit_expect_exit(brief, 0, NULL);
    most = kit_peak_memory(brief);
    if (most < 200 || most > 260)
        kit_fail("200 MiB though it has ended at once", NULL, "%.1f", most);
    kit_stop(large);
    kit_stop(small);
}
