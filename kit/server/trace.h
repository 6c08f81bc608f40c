/* Message tracing: which way did it go? A witness without timing or statistics.
 *
 * A message with the header Nats-Trace-Only is delivered to nobody; each server
 * on its way reports where it came in, and where it would go out. From nats-
 * server 2.11 on; imports need allow_trace. Kinds are the server's: client,
 * router (another node of its cluster), gateway, leaf, jetstream; account for
 * a service's import.
 *
 * The check's own tap is left out. But it wants everything, so that links and
 * routes lead to it: kit_untap before "out leaf" and such are counted. */
#ifndef KIT_SERVER_TRACE_H
#define KIT_SERVER_TRACE_H

#include "kit/wire/place.h"

/* One thing that a server would do with the message. */
struct kit_hop {
    const char *server, *cluster; /* names; "" in no cluster */
    const char
        *event;       /* "in", "out", "mapping", "export", "import", "stream" */
    const char *kind; /* of the connection that it comes by, or leaves by */
    const char *name; /* of the client, or the server, at the other end */
    const char *subject; /* what it came on, is mapped to, is wanted as */
    const char *account, *queue, *stream, *error; /* "": none */
};

struct kit_trace {
    size_t count;
    const struct kit_hop *hops;
};

/* Traces a message that would be published at place. All servers on its way
 * have reported when this returns. */
struct kit_trace kit_trace_at(struct kit_place *place, const char *subject,
                              const char *text);

/* How many hops have this event and kind; NULL: any. */
size_t kit_trace_count(const struct kit_trace *trace, const char *event,
                       const char *kind);

/* The first of them, or NULL. */
const struct kit_hop *kit_trace_find(const struct kit_trace *trace,
                                     const char *event, const char *kind);

/* "in client at n1, out leaf at n1, in leaf at island, out client at island" */
const char *kit_trace_describe(const struct kit_trace *trace);

/* It comes to have exactly count such hops on its way; kind may be NULL. */
void kit_expect_hops(struct kit_place *place, const char *subject,
                     const char *event, const char *kind, size_t count,
                     const char *why);

/* It comes to leave for count clients, all of them of this server, or of this
 * cluster, by name. */
void kit_expect_delivery(struct kit_place *place, const char *subject,
                         const char *server, size_t count, const char *why);

#endif
