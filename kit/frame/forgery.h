/* Auth callout: what no server has asked, or not so. */
#ifndef KIT_FRAME_FORGERY_H
#define KIT_FRAME_FORGERY_H

#include "kit/frame/callout.h"

#include <stddef.h>

/* Requests for somebody who may come in, as only others would make them:
 * another one's signature or name, one that is too late or was meant for
 * something else. They are sent; when the programs have ended (kit_finish),
 * none has got an answer. */
#define KIT_FORGERIES 6
struct kit_forgeries {
    struct kit_request requests[KIT_FORGERIES];
};
struct kit_forgeries kit_callout_forge(const struct kit_callout *callout,
                                       const char *name, const char *code);
void kit_assert_forgeries_ignored(const struct kit_forgeries *forgeries);

/* Publishes so many damaged requests, without a reply subject: of four, three
 * are damaged tokens, and one has damaged claims, but a good signature. */
void kit_callout_damaged(const struct kit_callout *callout, size_t count);

#endif
