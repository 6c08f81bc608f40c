/* The last messages of a tap, as a witness tells them. */
#ifndef KIT_WIRE_TIMELINE_H
#define KIT_WIRE_TIMELINE_H

#include "kit/say/witness.h"
#include "kit/wire/place.h"

/* Registers witness, the caller's, for the place's tap. */
void kit_timeline_begin(struct kit_witness *witness, struct kit_place *place);

/* The request's number in the timeline, by its reply subject; 0: none. */
size_t kit_timeline_number(struct kit_place *place, const char *reply);

#endif
