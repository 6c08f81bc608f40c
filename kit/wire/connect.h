/* Connecting, whatever it takes. */
#ifndef KIT_WIRE_CONNECT_H
#define KIT_WIRE_CONNECT_H

#include <nats/nats.h>

/* natsConnection_Connect. A server that is kept busy for two seconds pings a
 * client before it has let it in, which seems to be a protocol error to nats.c
 * 3.14: then it is tried again. */
natsStatus kit_connect(natsConnection **nc, natsOptions *options);

#endif
