/* A place: where the check asks, answers and listens. The room is one, as is a
 * server of the learner's, or a login on it.
 *
 * It has a connection of its own to each of its servers, for sentinels, and a
 * main one to any of them for all else. A place lives until the test ends; what
 * takes one is called from the test's own thread. */
#ifndef KIT_WIRE_PLACE_H
#define KIT_WIRE_PLACE_H

#include "kit/wire/listen.h"

#include <stdbool.h>

#define KIT_ENDPOINTS 9

/* Who comes in; any may be NULL. By an nkey: the public key and its seed, as
 * text. credentials is a file. */
struct kit_login {
    const char *user, *password;
    const char *nkey, *seed;
    const char *credentials;
    const char *inbox_prefix; /* NULL: _INBOX */
};

struct kit_place;

/* The same place, but its questions about streams and consumers go to this
 * JetStream domain, as long as the place is open:
 *     kit_expect_stored_at(kit_in_domain(place, "east"), "orders", 3, NULL); */
struct kit_place *kit_in_domain(const struct kit_place *place,
                                const char *domain);

/* ---- for the layers above ------------------------------------------------ */
struct kit_endpoint {
    const char *name, *url;
    bool up; /* only then sentinels are sent, and expected */
    natsConnection *nc;
    struct kit_listener ear;
};

struct kit_place {
    struct kit_place *next;
    struct kit_wire *wire;
    const char *name; /* "the hub", "the island" */
    int number;       /* in reply subjects */
    struct kit_login login;
    struct kit_endpoint endpoints[KIT_ENDPOINTS];
    int count;
    natsConnection *main;
    natsConnection *attempts; /* wire/login.h */
    const char *refused;      /* the last of them that was */
    struct kit_listener tap, replies;
    bool joined; /* what is sent here is to be heard in the other places */
    const char *domain; /* of its JetStream; NULL: its servers' own */
};

struct kit_served;

/* All places of a test. */
struct kit_wire {
    struct kit_place *places;  /* the newest first */
    struct kit_place *aside;   /* so are these */
    struct kit_served *served; /* what is answered there (wire/serve.h) */
    char test[16];             /* in the kit's own subjects */
    struct kit_round round;
    int opened, asked; /* places, and requests, so far */
    bool elsewhere;    /* there is a server of the learner's */
    int64_t begun;     /* nats_NowInNanoSeconds */
};

void kit_wire_begin(struct kit_wire *wire, const char *test);
void kit_wire_end(struct kit_wire *wire); /* closes all places */
/* A place for attempts alone: nothing is connected before the first. */
struct kit_place *kit_place_aside(struct kit_wire *wire, const char *name,
                                  const char *url,
                                  const struct kit_login *login);

/* Adds a server to one that is not open. */
void kit_place_add(struct kit_place *place, const char *name, const char *url);

/* Connects, as login says, and hears replies. A failure leaves it closed. */
natsStatus kit_place_open(struct kit_place *place, struct kit_wire *wire,
                          const char *name, const struct kit_login *login);
void kit_place_close(struct kit_place *place);
bool kit_place_is_open(const struct kit_place *place);

/* Takes a server out of the place: main moves to another, it counts as gone. */
void kit_place_leave(struct kit_place *place, const char *endpoint);
struct kit_endpoint *kit_place_endpoint(struct kit_place *place,
                                        const char *name);
int kit_place_up(const struct kit_place *place); /* how many are */

/* Of a connection named "kit" that never gives up; the caller destroys them. */
natsOptions *kit_options(const char *const urls[], int count,
                         const struct kit_login *login);

/* Waits until it is connected to another server. */
void kit_move(natsConnection *nc, const char *server);

#endif
