/* A relay: a TCP link of 127.0.0.1 that can be cut and restored. */
#ifndef KIT_SERVER_RELAY_H
#define KIT_SERVER_RELAY_H

#include "kit/proc/program.h"

struct kit_relay {
    struct kit_programs *programs;
    struct kit_program *process;
    const char *target; /* host:port */
    int port;           /* where it listens */
};

/* Takes a port and starts. */
void kit_relay_begin(struct kit_relay *relay, struct kit_programs *programs,
                     const char *target);

/* All connections end, and nobody listens on the port any more. */
void kit_relay_cut(struct kit_relay *relay);

/* Listens again when this returns. */
void kit_relay_restore(struct kit_relay *relay);

#endif
