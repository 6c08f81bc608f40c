#include "kit/frame/devices.h"

#include "kit/base/clock.h"
#include "kit/base/json.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/room.h"
#include "kit/frame/start.h"
#include "kit/proc/lines.h"
#include "kit/say/fail.h"

#include <stdbool.h>
#include <string.h>

static const char online[] = "«ID» is online";
static const char at_once[] =
    "is the line printed as soon as the server has its subscriptions?";

struct kit_device_name kit_device_name(size_t n)
{
    return (struct kit_device_name){kit_text("d%04zu", n),
                                    n % 2 == 0 ? "pumps" : "doors",
                                    n % 3 == 0 ? "north" : "south"};
}

const char *kit_device_rows(size_t first, size_t end)
{
    struct kit_string rows = {0};

    for (size_t n = first; n < end; n++) {
        struct kit_device_name name = kit_device_name(n);
        kit_string_add(&rows, "%s\t%s\t%s\n", name.id, name.group, name.region);
    }
    return kit_string_text(&rows);
}

/* kit_start_fleet copies the list before it asks for the next. */
static const char *const *arguments(size_t n, void *closure)
{
    const char **list = closure;
    struct kit_device_name name = kit_device_name(n);

    list[0] = name.id;
    list[1] = "--group";
    list[2] = name.group;
    list[3] = "--region";
    list[4] = name.region;
    list[5] = NULL;
    return list;
}

/* They start at once, and an interpreter may take a third of a second of a
 * processor's time for each. */
struct kit_fleet kit_start_devices(size_t count)
{
    const char *list[6];

    kit_be_patient(KIT_DEADLINE_MS + 400 * (int)count);
    struct kit_fleet fleet = kit_start_fleet("device", count, arguments, list);
    kit_expect_fleet_line(&fleet, online, at_once);
    kit_settle(); /* the other servers know it, too */
    return fleet;
}

struct kit_program *kit_start_device_args(const char *const args[])
{
    struct kit_program *device = kit_start_args_of("device", args);

    kit_expect_line(device, online, at_once);
    kit_settle(); /* the other servers know it, too */
    return device;
}

/* Nothing else is done between the first and the last: whoever waits for a
 * quiet moment shall not find one. */
void kit_reply_as_devices(const struct kit_message *request, size_t first,
                          size_t end)
{
    const char **texts = kit_allocate((end - first + 1) * sizeof(*texts));

    for (size_t n = first; n < end; n++) {
        struct kit_device_name name = kit_device_name(n);
        texts[n - first] = kit_json("{'id':'%s','group':'%s','region':'%s'}",
                                    name.id, name.group, name.region);
    }
    for (size_t i = 0; i < end - first; i++)
        kit_publish(request->reply, texts[i]);
}

static bool is_meant(struct kit_device_name name, const char *group,
                     const char *region)
{
    return (group == NULL || strcmp(name.group, group) == 0) &&
           (region == NULL || strcmp(name.region, region) == 0);
}

static size_t count_replies(const struct kit_replies *replies,
                            const char *wanted)
{
    size_t count = 0;

    for (size_t i = 0; i < replies->count; i++) {
        const char *id = kit_json_value(replies->list[i].data, "id");
        count += id != NULL && strcmp(id, wanted) == 0;
    }
    return count;
}

void kit_assert_devices_replied(struct kit_request request, size_t count,
                                const char *group, const char *region,
                                const char *why)
{
    struct kit_replies replies = kit_replies_to(request);
    size_t meant = 0;

    for (size_t n = 0; n < count; n++) {
        struct kit_device_name name = kit_device_name(n);
        size_t wanted = is_meant(name, group, region);
        size_t seen = count_replies(&replies, name.id);
        meant += wanted;
        if (seen != wanted)
            kit_fail(kit_text("%s from %s, of %s in the %s",
                              wanted ? "1 reply" : "no reply", name.id,
                              name.group, name.region),
                     why, "%zu", seen);
    }
    if (replies.count != meant)
        kit_fail(kit_count(meant, "reply", "replies"), why, "%zu",
                 replies.count);
}
