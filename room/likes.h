/* What a simulated classmate likes, as a service: exercise 06's favorites. */
#ifndef LIKES_H
#define LIKES_H

#include <nats/nats.h>

/* Must stay where it is until likes_end. */
struct likes {
    microService *service;
    int number; /* of the owner: it decides what they like */
};

/* Starts the service of this owner. */
natsStatus likes_start(struct likes *likes, natsConnection *nc,
                       const char *owner, int number);

/* Once the connection is drained, or closed. */
void likes_end(struct likes *likes);

#endif
