/* Fleets: hundreds of real processes of the learner's program. */
#ifndef KIT_FRAME_FLEET_H
#define KIT_FRAME_FLEET_H

#include "kit/proc/program.h"

#include <stddef.h>

struct kit_fleet {
    size_t count;
    struct kit_program **devices;
};

/* The arguments of the nth device, counted from 0, ending in NULL; kept by
 * kit_text or the caller until it is started. */
typedef const char *const *(*kit_device)(size_t n, void *closure);

/* Starts count processes of one of the exercise's programs, without sanitizers
 * where there is such a build (KIT_PLAIN_NAME). They have no input, and each
 * takes two of the test's descriptors. Waits for nothing. */
struct kit_fleet kit_start_fleet(const char *program, size_t count,
                                 kit_device arguments, void *closure);

/* Starts one of the exercise's programs like that, but one that is looked at as
 * any other: sanitizers keep what is freed, so that its memory would not be its
 * own. kit_start_plain("files", "get", "b", "notes"); */
#define kit_start_plain(program, ...)                                          \
    kit_start_plain_args(program, (const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_start_plain_args(const char *program,
                                         const char *const args[]);

/* The same; it succeeds, with at most so many MiB of memory (proc/memory.h).
 * doing: what is said meanwhile (say/meanwhile.h). */
#define kit_expect_frugal(doing, most_mib, why, program, ...)                  \
    kit_expect_frugal_args(doing, most_mib, why, program,                      \
                           (const char *const[]){__VA_ARGS__, NULL})
void kit_expect_frugal_args(const char *doing, int most_mib, const char *why,
                            const char *program, const char *const args[]);

/* Each prints such a line: kit_expect_line. */
void kit_expect_fleet_line(struct kit_fleet *fleet, const char *regex,
                           const char *why);

/* SIGINT to all of them at once: none has ended before, each ends within the
 * deadline, with status 0. */
void kit_stop_fleet(struct kit_fleet *fleet);

#endif
