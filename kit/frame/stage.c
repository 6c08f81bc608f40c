#include "kit/frame/stage.h"

#include "kit/base/clock.h"
#include "kit/frame/test.h"
#include "kit/proc/output.h"
#include "kit/say/fail.h"
#include "kit/server/ask.h"
#include "kit/stream/replicas.h"
#include "kit/wire/settle.h"
#include "kit/wire/tap.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

void kit_use_private_cluster(void)
{
    struct kit_test *test = kit_test();

    kit_room_close(test);
    kit_hub_start(&test->hub);
    kit_room_open(test);
    kit_await_placement(&test->room);
    kit_tap_at(&test->room);
}

/* The kit's own connections are elsewhere when a node ends: what is sent to it
 * just then is lost. Where it is the last one, they wait for the next. */
static void leave(struct kit_test *test, struct kit_node *node)
{
    if (!node->running)
        return;
    if (kit_hub_running(&test->hub) > 1) {
        kit_place_leave(&test->room, node->name);
        kit_move(test->hub.sys, node->name);
    }
    node->running = false;
    kit_place_endpoint(&test->room, node->name)->up = false;
    if (kit_hub_running(&test->hub) > 0)
        kit_wire_settle(&test->wire);
}

void kit_node_stop(const char *name, int signal)
{
    struct kit_test *test = kit_test();
    struct kit_node *node = kit_hub_private_node(&test->hub, name);

    leave(test, node);
    kit_signal(node->process, signal);
    kit_signal(node->process, SIGCONT);
    kit_expect_gone(node->process);
    node->frozen = false;
}

void kit_node_freeze(const char *name)
{
    struct kit_test *test = kit_test();
    struct kit_node *node = kit_hub_private_node(&test->hub, name);

    leave(test, node);
    kit_signal(node->process, SIGSTOP);
    node->frozen = true;
    setenv("NATS_URL", kit_hub_urls(&test->hub), 1);
    kit_wire_settle(&test->wire);
}

void kit_node_start(const char *name)
{
    struct kit_test *test = kit_test();

    kit_hub_restart(&test->hub, kit_hub_private_node(&test->hub, name));
    kit_place_endpoint(&test->room, name)->up = true;
}

static const char *await_leader(const char *stream)
{
    return kit_await_replicas(&kit_test()->hub, &kit_test()->room, stream);
}

const char *kit_stop_leader(const char *stream, int signal)
{
    const char *leader = await_leader(stream);

    kit_node_stop(leader, signal);
    return leader;
}

const char *kit_freeze_leader(const char *stream)
{
    const char *leader = await_leader(stream);

    kit_node_freeze(leader);
    return leader;
}

static bool is_open(void *guestbook)
{
    return strstr(kit_output(guestbook, NULL), "guestbook: open") != NULL ||
           !kit_running(guestbook);
}

void kit_start_guestbook(void)
{
    char *const argv[] = {"build/room/guestbook", NULL};
    struct kit_program *guestbook =
        kit_launch(&kit_test()->programs, "guestbook", argv, environ, KIT_TOOL);

    if (!kit_wait(is_open, guestbook, 3 * KIT_DEADLINE_MS) ||
        !kit_running(guestbook))
        kit_undecided("the room's guestbook did not open: %s",
                      kit_complaints(guestbook, NULL));
    kit_wire_settle(&kit_test()->wire);
}
