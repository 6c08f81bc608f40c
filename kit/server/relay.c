#include "kit/server/relay.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/text.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

extern char **environ;

/* Whoever comes before it listens would wait for the next attempt. */
static bool listens(void *argument)
{
    const struct kit_relay *relay = argument;

    return kit_is_taken(relay->port) || !kit_running(relay->process);
}

/* socat forks a process a connection, all in one process group: killing that
 * cuts every connection at once. */
void kit_relay_restore(struct kit_relay *relay)
{
    char *const argv[] = {
        "/usr/bin/env", "socat",
        (char *)kit_text("TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork",
                         relay->port),
        (char *)kit_text("TCP:%s", relay->target), NULL};

    relay->process =
        kit_launch(relay->programs, "relay", argv, environ, KIT_TOOL);
    if (!kit_wait(listens, relay, KIT_DEADLINE_MS))
        kit_undecided("the relay to %s did not start", relay->target);
    if (kit_exit_status(relay->process) == 127)
        kit_environment("install socat", "there is no socat, which carries "
                                         "the links that checks cut");
}

void kit_relay_begin(struct kit_relay *relay, struct kit_programs *programs,
                     const char *target)
{
    *relay = (struct kit_relay){
        .programs = programs, .target = target, .port = kit_free_port()};
    if (relay->port < 0)
        kit_undecided("no free port for a relay");
    kit_relay_restore(relay);
}

void kit_relay_cut(struct kit_relay *relay)
{
    kit_kill(relay->process);
}
