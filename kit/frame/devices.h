/* The devices of exercises 15 to 18: real processes of the learner's `device`.
 *
 * They are d00, d01 and so on. Every second one, from d00, is of the group
 * pumps, the others are of doors; every third one, from d00, is in the region
 * north, the others are in the south. */
#ifndef KIT_FRAME_DEVICES_H
#define KIT_FRAME_DEVICES_H

#include "kit/frame/fleet.h"
#include "kit/proc/program.h"
#include "kit/wire/ask.h"

#include <stddef.h>

/* Who the nth is, counted from 0. */
struct kit_device_name {
    const char *id, *group, *region;
};
struct kit_device_name kit_device_name(size_t n);

/* Those from first to below end as rows of a table: ID, a tab, GROUP, a tab,
 * REGION, a newline. */
const char *kit_device_rows(size_t first, size_t end);

/* Starts so many (kit_start_fleet), each as `device ID --group GROUP --region
 * REGION`, and waits until all have said `ID is online`. They share the machine
 * with whoever asks them, so from here on the test is more patient, the longer
 * the more there are: 11 s for twenty. */
struct kit_fleet kit_start_devices(size_t count);

/* Starts one other with these arguments, and waits until it has said so:
 *     kit_start_device("d7", "--group", "pumps", "--region", "north"); */
#define kit_start_device(...)                                                  \
    kit_start_device_args((const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_start_device_args(const char *const args[]);

/* Replies to a program's request as simulated devices would, those numbered
 * from first to below end: JSON with id, group and region. They all do at once.
 */
void kit_reply_as_devices(const struct kit_message *request, size_t first,
                          size_t end);

/* The replies to the request are of those of the devices, so many, that are of
 * this group in this region (NULL: of any), one of each: JSON that has its id.
 * It looks once: kit_expect_replies waits for them. */
void kit_assert_devices_replied(struct kit_request request, size_t count,
                                const char *group, const char *region,
                                const char *why);

#endif
