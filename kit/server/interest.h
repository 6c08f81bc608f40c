/* Who is subscribed to what, and in which queue group, as the servers say. */
#ifndef KIT_SERVER_INTEREST_H
#define KIT_SERVER_INTEREST_H

#include "kit/server/connections.h"
#include "kit/wire/place.h"

#include <stdbool.h>

/* Exactly count subscriptions to this very subject, by others than the kit, are
 * known to every node; all of them in the queue group, where queue is not NULL
 * ("" means in none). A failure lists what there is instead; why NULL: what is
 * likely where the number is wrong. */
void kit_expect_interest(struct kit_hub *hub, struct kit_wire *wire,
                         const char *subject, const char *queue, size_t count,
                         const char *why);

/* Waits, so long at most, until nobody but the kit is subscribed to anything:
 * whether it is so. */
bool kit_await_no_interest(struct kit_hub *hub, int within_ms);

#endif
