/* What a trace shows: the hops of a message's way, counted, found, expected. */
#ifndef KIT_SERVER_WAY_H
#define KIT_SERVER_WAY_H

#include "kit/server/trace.h"

/* How many hops have this event and kind; NULL: any. */
size_t kit_trace_count(const struct kit_trace *trace, const char *event,
                       const char *kind);

/* The first of them, or NULL. */
const struct kit_hop *kit_trace_find(const struct kit_trace *trace,
                                     const char *event, const char *kind);

/* It comes to have exactly count such hops on its way; kind may be NULL. */
void kit_expect_hops(struct kit_place *place, const char *subject,
                     const char *event, const char *kind, size_t count,
                     const char *why);

/* It comes to leave for count clients, all of them of this server, or of this
 * cluster, by name. */
void kit_expect_delivery(struct kit_place *place, const char *subject,
                         const char *server, size_t count, const char *why);

#endif
