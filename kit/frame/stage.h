/* The stage: a cluster of the test's own, whose nodes it may stop. */
#ifndef KIT_FRAME_STAGE_H
#define KIT_FRAME_STAGE_H

#include "kit/server/nodes.h"

#include <signal.h>

/* Starts three nodes n1 n2 n3 of the cluster's own configuration, and uses
 * them instead of the shared cluster until kit_end, for programs too. Ready
 * when every node's /healthz says so, and JetStream has a place for a stream of
 * three replicas: half a second. Its name is KIT_OWN_ROOM. */
void kit_use_private_cluster(void);

/* Ends a node of it (SIGTERM or SIGKILL), and waits until it has. */
void kit_node_stop(const char *name, int signal);

/* Starts it again, with its store and ports, and waits until it is healthy.
 * Where no majority runs it cannot be, and is not waited for. */
void kit_node_start(const char *name);

/* Stops a node where it is (SIGSTOP): it does not answer, but nobody is told
 * that it is gone. A stream that it leads has no leader then, and a new one
 * only after four seconds or more. Programs that are started now are told the
 * other nodes. The kit's own connections leave it first. kit_node_stop also
 * ends a frozen node. */
void kit_node_freeze(const char *name);

/* Stops the node that leads the stream; returns its name. Without SIGKILL acks
 * come again after 0.25 s, with it after 6 to 8 s. */
const char *kit_stop_leader(const char *stream, int signal);

/* kit_node_freeze for the node that leads the stream; returns its name. */
const char *kit_freeze_leader(const char *stream);

/* Starts the room's guestbook service in this account and waits until it
 * answers. */
void kit_start_guestbook(void);

#endif
