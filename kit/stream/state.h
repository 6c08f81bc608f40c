/* Streams and consumers: what JetStream says of them. */
#ifndef KIT_STREAM_STATE_H
#define KIT_STREAM_STATE_H

#include "kit/wire/place.h"

#include <stdint.h>

struct kit_stream_state {
    bool exists;
    const char *subjects; /* "orders.>, audit" */
    bool in_files, work_queue, is_mirror, no_ack, allows_direct;
    int replicas, sources, consumers;
    int64_t max_age_ms, max_messages, max_per_subject, duplicates_ms;
    uint64_t messages, last; /* last: sequence number */
    const char *leader;      /* "n2", "" where there is none */
    int current;             /* replicas that have all, the leader included */
};

struct kit_consumer_state {
    bool exists;
    const char *durable; /* "" where it is ephemeral */
    const char *filter;
    bool pull, explicit_acks, paused;
    int64_t ack_wait_ms, max_deliver, unacknowledged, redelivered;
    uint64_t ack_floor; /* sequence in the stream */
    uint64_t pending;   /* not delivered yet */
};

/* How long it may take until a stream has a leader, and the leader its
 * replicas. */
#define KIT_ELECTION_MS 15000

struct kit_stream_state kit_stream_state_at(struct kit_place *place,
                                            const char *stream);
struct kit_consumer_state kit_consumer_state_at(struct kit_place *place,
                                                const char *stream,
                                                const char *consumer);

/* A stored message; data is NULL where the stream has none of this number. */
struct kit_message kit_stream_message_at(struct kit_place *place,
                                         const char *stream, uint64_t sequence);

/* Exactly count messages get stored; more is a failure at once. */
void kit_expect_stored_at(struct kit_place *place, const char *stream,
                          uint64_t count, const char *why);

#endif
