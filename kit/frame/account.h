/* The account that a test has to itself. */
#ifndef KIT_FRAME_ACCOUNT_H
#define KIT_FRAME_ACCOUNT_H

#include "kit/server/nodes.h"

#define KIT_ACCOUNTS 32

/* Leases one of CHECK_1 to CHECK_32 for this process, and returns its name. It
 * is free again when the process ends. Waits a while where none is. */
const char *kit_account_lease(void);

/* Makes it as new: nobody else there, no streams. */
void kit_account_empty(struct kit_hub *hub, struct kit_place *room);

#endif
