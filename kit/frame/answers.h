/* Programs that answer, in the room: what the check asks is answered, once. */
#ifndef KIT_FRAME_ANSWERS_H
#define KIT_FRAME_ANSWERS_H

#include "kit/proc/program.h"
#include "kit/wire/ask.h"

#include <stddef.h>

/* Each of the requests gets a reply, and its first has this payload; when the
 * programs have ended (kit_finish), it has got no other. */
void kit_expect_each_answered(const struct kit_request requests[], size_t count,
                              const char *answer, const char *why);

/* why: the mistake where some got none. */
void kit_assert_answered_once(const struct kit_request requests[], size_t count,
                              const char *why);

/* So many requests pile up in the memory of the program, which is paused; then
 * it is told to end, by SIGTERM, and goes on. As long as it stays subscribed
 * after that, more follow, so that it cannot leave between two of them. Each is
 * answered once, by it or another one; then all programs have ended
 * (kit_finish). why: the mistake where some are not, or it stays. */
void kit_expect_none_lost(struct kit_program *leaving, const char *subject,
                          const char *text, size_t count, const char *why);

#endif
