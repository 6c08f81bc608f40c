#include "kit/wire/settle.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#define ROUND_MS 100

/* Sentinels of a round: one from each server of each joined place. */
static int count_senders(struct kit_wire *wire)
{
    int count = 0;

    for (struct kit_place *p = wire->places; p != NULL; p = p->next)
        count += p->joined ? kit_place_up(p) : 0;
    return count;
}

/* One that has ended, or whose server is gone, waits for none. */
static bool has_heard(const struct kit_listener *listener, int count)
{
    return listener->sub == NULL || (listener->up != NULL && !*listener->up) ||
           listener->sentinels >= count;
}

static bool place_has_heard(const struct kit_place *place, int count)
{
    pthread_mutex_lock(&kit_lock);
    bool heard =
        has_heard(&place->tap, count) && has_heard(&place->replies, count);
    for (int i = 0; i < place->count; i++)
        heard = heard && has_heard(&place->endpoints[i].ear, count);
    pthread_mutex_unlock(&kit_lock);
    return heard;
}

static bool all_have_heard(void *argument)
{
    struct kit_wire *wire = argument;
    int count = count_senders(wire);

    for (struct kit_place *p = wire->places; p != NULL; p = p->next) {
        if (p->joined && !place_has_heard(p, count))
            return false;
    }
    return true;
}

static void begin_round(struct kit_wire *wire)
{
    pthread_mutex_lock(&kit_lock);
    wire->round.number++;
    for (struct kit_place *p = wire->places; p != NULL; p = p->next) {
        p->tap.sentinels = 0;
        p->replies.sentinels = 0;
        for (int i = 0; i < p->count; i++)
            p->endpoints[i].ear.sentinels = 0;
    }
    pthread_mutex_unlock(&kit_lock);
}

static void send_sentinels(struct kit_wire *wire)
{
    const char *number = kit_text("%d", wire->round.number);

    for (struct kit_place *p = wire->places; p != NULL; p = p->next) {
        for (int i = 0; p->joined && i < p->count; i++) {
            if (p->endpoints[i].up)
                kit_must(natsConnection_PublishString(
                             p->endpoints[i].nc, wire->round.subject, number),
                         "sentinel");
        }
    }
}

/* The first place that is deaf, other than the room (the last of the list);
 * the room's own servers never lose a sentinel of each other. What a link does
 * not let pass is a matter of the learner's configuration. */
static _Noreturn void blame(struct kit_wire *wire)
{
    int count = count_senders(wire);
    struct kit_place *room = wire->places, *other = NULL;

    for (; room != NULL && room->next != NULL; room = room->next) {
        if (room->joined)
            other = room;
    }
    if (other == NULL || !place_has_heard(room, kit_place_up(room)))
        kit_undecided("a sentinel message got lost between the servers");
    kit_fail("what is published on one side of the link is heard on the other",
             "are your server's clients in the account that the remote is "
             "bound to, and does no deny_imports or deny_exports hold messages "
             "back?",
             "%s hears %s of %s, %s %s of it", room->name,
             place_has_heard(room, count) ? "all" : "nothing", other->name,
             other->name, place_has_heard(other, count) ? "all" : "nothing");
}

static int patience(struct kit_wire *wire)
{
    for (struct kit_place *p = wire->places; p != NULL && p->next != NULL;
         p = p->next) {
        if (p->joined)
            return KIT_DEADLINE_MS;
    }
    return 2 * KIT_DEADLINE_MS;
}

/* Servers keep the order of an account's messages on a route, so what came to
 * a server before its sentinel, messages and subscriptions alike, is known to
 * the others after it. A round that is not complete says that a server does
 * not know a listener yet: the next round is sent. */
void kit_wire_settle(struct kit_wire *wire)
{
    double end = kit_clock() + patience(wire);

    for (struct kit_place *p = wire->places; p != NULL; p = p->next) {
        if (p->joined)
            kit_must(natsConnection_FlushTimeout(p->main, KIT_DEADLINE_MS),
                     "flush");
    }
    do {
        begin_round(wire);
        send_sentinels(wire);
        if (kit_wait(all_have_heard, wire, ROUND_MS))
            return;
    } while (kit_clock() < end);
    blame(wire);
}
