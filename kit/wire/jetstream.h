/* JetStream contexts of a place. */
#ifndef KIT_WIRE_JETSTREAM_H
#define KIT_WIRE_JETSTREAM_H

#include "kit/wire/place.h"

/* Of the place's main connection and domain; ends the test where there is
 * none. The caller destroys it. Its calls wait 1.5 s: without a leader there
 * is no answer at all, and `not found` takes 500 ms. */
jsCtx *kit_jetstream_at(struct kit_place *place);

#endif
