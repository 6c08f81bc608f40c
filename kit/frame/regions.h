/* Superclusters of the learner's servers, a region each. */
#ifndef KIT_FRAME_REGIONS_H
#define KIT_FRAME_REGIONS_H

#include "kit/server/learners.h"

#include <stddef.h>

/* A supercluster: a server a region from the one file, which may refer to
 * $REGION, the region's name; $GATEWAY_PORT, where its gateway listens; and,
 * for each region, $EAST_GATEWAY, the URL of that gateway. Fills servers. */
void kit_launch_regions(const char *const names[], size_t count,
                        struct kit_server *servers[]);

/* The same; what comes by $WEST_GATEWAY is delayed by delays_ms of west, each
 * way. 0: not at all. */
void kit_launch_regions_apart(const char *const names[], const int delays_ms[],
                              size_t count, struct kit_server *servers[]);

/* Every region has gateways to and from each other one, and knows how far each
 * is. It has dialled each by its own list: where others have told it, the URL
 * is not the one of the list, and no delay is on the way. */
void kit_expect_gateways(struct kit_server *const servers[], size_t count,
                         const char *why);

#endif
