/* Where a stream is: its replicas, their leader, and a place for them; streams
 * that a check makes. */
#ifndef KIT_STREAM_REPLICAS_H
#define KIT_STREAM_REPLICAS_H

#include "kit/server/nodes.h"
#include "kit/stream/state.h"

/* Makes a stream, in files, for one subject. All servers of joined places know
 * of it when this returns: what is published anywhere is stored. With one
 * replica it, and its consumers, are there ten times as quickly as with three.
 * It may be there already, if it is the same. */
void kit_add_stream_at(struct kit_place *place, const char *stream,
                       const char *subject, int replicas);

/* Makes one, in files, with one replica, that has a source: the stream of this
 * name in that JetStream domain. more, or NULL, is the rest of its
 * configuration, as JSON: "\"max_msgs\":2". A new one of three replicas would
 * set up its sources a second time, up to 0.6 s later; where a link is cut just
 * then, what a source asks for gets lost, and is asked for again only after 30
 * s. */
void kit_add_sourced_at(struct kit_place *place, const char *stream,
                        const char *source, const char *domain,
                        const char *more);

/* Waits until the hub's stream has a leader, and every replica has applied all
 * that the leader has: a consumer may be led by any of their nodes. Returns
 * the leader. */
const char *kit_await_replicas(struct kit_hub *hub, struct kit_place *room,
                               const char *stream);

/* Waits until a stream of three replicas can be made: servers that have just
 * begun refuse it until they have heard of each other. */
void kit_await_placement(struct kit_place *room);

/* What was delivered by the consumer, since the tap at this place began, and is
 * not acknowledged, is redelivered now, not only after the ack wait. */
void kit_redeliver_at(struct kit_place *place, const char *stream,
                      const char *consumer);

#endif
