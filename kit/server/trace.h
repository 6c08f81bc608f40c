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

/* "in client at n1, out leaf at n1, in leaf at island, out client at island" */
const char *kit_trace_describe(const struct kit_trace *trace);

#endif
