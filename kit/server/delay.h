/* Slow lines: TCP relays of 127.0.0.1 that hold back every byte for a while,
 * each way, as a region far away does. They run in a thread of the test's. */
#ifndef KIT_SERVER_DELAY_H
#define KIT_SERVER_DELAY_H

#include <pthread.h>
#include <stdbool.h>

struct kit_delayed; /* a connection through one of them */

struct kit_delay {
    struct kit_delay *next;
    int port; /* where it listens */
    int target_port, delay_ms;
    int listening, wake; /* descriptors; what is written to wake ends it */
    struct kit_delayed *lines;
    pthread_t thread;
};

/* Listens when this returns. Belongs to the list; undecided where there is no
 * port. */
struct kit_delay *kit_delay_begin(struct kit_delay **list, int target_port,
                                  int delay_ms);

/* All of them end, with their connections. */
void kit_delays_end(struct kit_delay **list);

#endif
