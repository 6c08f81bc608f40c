/* A test's frame, and all that it owns. */
#ifndef KIT_FRAME_TEST_H
#define KIT_FRAME_TEST_H

#include "kit/base/chance.h"
#include "kit/server/learners.h"
#include "kit/server/nodes.h"
#include "kit/wire/place.h"

/* ---- for a check --------------------------------------------------------- */

/* Leases an account, connects to every node, empties the account, starts the
 * tap. */
void kit_begin(void);

/* Kills what still runs, closes connections, removes private clusters. */
void kit_end(void);

/* Every program still running is stopped, by SIGINT, the second by SIGTERM, and
 * so on: it must end within the deadline, with status 0. Then kit_settle. */
void kit_finish(void);

/* ---- for the layers above, and the other files of frame/ ----------------- */

/* A test has a process of its own, so there is one of these. The lower layers
 * know only their part of it, which they are handed. */
struct kit_test {
    struct kit_chance chance;
    struct kit_programs programs;
    const char *program; /* which is started where none is named; NULL: first */
    struct kit_hub hub;
    struct kit_wire wire;
    struct kit_place room;
    struct kit_servers servers;
    struct kit_witness timeline;
};

struct kit_test *kit_test(void);

/* Connects to the hub, as it is now, with the account's login. */
void kit_room_open(struct kit_test *test);
void kit_room_close(struct kit_test *test);

#endif
