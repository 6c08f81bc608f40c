/* The learner's desk: what has to be there besides the program. If something is
 * missing, the test ends with verdict 3 and says what to type. */
#ifndef KIT_FRAME_DESK_H
#define KIT_FRAME_DESK_H

/* The nats command line is there, and has a context of this name that leads to
 * this cluster, to the account that the learner's programs use. */
void kit_expect_context(const char *context);

#endif
