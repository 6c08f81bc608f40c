/* What streams and consumers shall be, value by value; streams with something
 * in them. */
#ifndef KIT_STREAM_EXPECT_H
#define KIT_STREAM_EXPECT_H

#include "kit/base/json.h"
#include "kit/wire/place.h"

#include <stdint.h>

/* JetStream tells these values (base/json.h) of the stream at the same time,
 * by the paths that `nats stream info --json` shows: "config.num_replicas",
 * "state.messages", "cluster.leader". The failure names the first that differs,
 * or, where there is no such stream, those that there are. Waits also while
 * JetStream does not answer: with an election under way it does not. */
void kit_expect_stream_at(struct kit_place *place, const char *stream,
                          const struct kit_value *values);

/* The same of a consumer, by the paths of `nats consumer info --json`:
 * "config.filter_subject", "num_pending" (given to nobody yet),
 * "num_ack_pending", "ack_floor.stream_seq". */
void kit_expect_consumer_at(struct kit_place *place, const char *stream,
                            const char *consumer,
                            const struct kit_value *values);

/* The message of this number is JSON with these values. */
void kit_assert_stored_json_at(struct kit_place *place, const char *stream,
                               uint64_t sequence,
                               const struct kit_value *values);

/* Publishes a message for each of these lines, up to a NULL, in this order, and
 * waits until the stream has stored them all. Returns the lines. format has one
 * %s, for the line: kit_fill_stream_at(place, "orders", "orders.berlin.tea",
 *                        "{\"id\":\"%s\"}", ids); */
const char *const *kit_fill_stream_at(struct kit_place *place,
                                      const char *stream, const char *subject,
                                      const char *format,
                                      const char *const lines[]);

#endif
