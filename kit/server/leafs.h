/* Which leaf nodes are joined to which account, as the hub says; and the links
 * to the learner's servers, one by one. */
#ifndef KIT_SERVER_LEAFS_H
#define KIT_SERVER_LEAFS_H

#include "kit/server/learners.h"

/* ---- for a check --------------------------------------------------------- */

/* The server is joined to the check's account, as the hub says, and messages
 * cross the link both ways. why NULL: what the server's log says. */
void kit_expect_joined(struct kit_server *server, const char *why);

/* The same, where the link lets pass only some subjects: nothing is sent to
 * prove it, and kit_settle does not include the server. What the hub wants of
 * it has not changed for 200 ms when this returns. */
void kit_expect_joined_in_part(struct kit_server *server, const char *why);

/* The link is cut, and the hub has noticed when this returns. Restored, it is
 * up once kit_expect_joined says so. */
void kit_cut_link(struct kit_server *server);
void kit_restore_link(struct kit_server *server);

/* The hub knows of no leaf node of this server in the account. */
void kit_expect_alone(struct kit_server *server, const char *why);

/* How many connections of the server's the hub has in the account. */
size_t kit_count_joined(struct kit_server *server);

#endif
