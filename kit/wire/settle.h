/* The sentinel: proof that nothing can be under way any more. */
#ifndef KIT_WIRE_SETTLE_H
#define KIT_WIRE_SETTLE_H

#include "kit/wire/place.h"

/* Everything that clients had sent to the servers of the joined places before
 * this call has arrived here after it, and every server knows of every
 * subscription: sentinels went from each server to each. */
void kit_wire_settle(struct kit_wire *wire);

#endif
