/* What a stream has stored: texts, each once, in their order. */
#ifndef KIT_STREAM_CONTENT_H
#define KIT_STREAM_CONTENT_H

#include "kit/wire/place.h"

#include <stddef.h>

/* Publishes each of these texts, one after the other; a stream has acknowledged
 * each when this returns. */
void kit_store_at(struct kit_place *place, const char *subject,
                  const char *const texts[], size_t count);

/* The stream comes to have each of these texts, up to a NULL, once, and in this
 * order, whatever else it has stored between them. A failure names the first
 * that is missing, too early, or there twice; why is the likely mistake. To see
 * that nothing comes twice later, let the last text be one that was published
 * when all others were there. */
void kit_expect_in_order_at(struct kit_place *place, const char *stream,
                            const char *const texts[], const char *why);

#endif
