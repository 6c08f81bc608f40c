/* Connections of a login, to be refused things. */
#ifndef KIT_WIRE_LOGIN_H
#define KIT_WIRE_LOGIN_H

#include "kit/wire/place.h"

#include <stddef.h>

/* ---- for a check --------------------------------------------------------- */

/* How many connections of this login, of most, the server has at a time; all of
 * them are closed again. */
size_t kit_count_logins(const char *url, struct kit_login login, size_t most);

/* ---- for the layers above ------------------------------------------------ */

/* "user", "the user with the nkey", "somebody without a login". */
const char *kit_login_name(const struct kit_login *login);

/* NULL where it is refused: *words says how. A server that is not there, or is
 * silent, leaves the test undecided. The caller destroys it. */
natsConnection *kit_dial(const char *url, const struct kit_login *login,
                         const char **words);

/* The place's connection for attempts, which is the place's. It is a new one
 * where the last has ended, or where its last refusal was about this subject,
 * so that another could not be told from it. The login must succeed. */
natsConnection *kit_dial_at(struct kit_place *place, const char *subject);

/* Whether there is such a connection: tries once to make it where there is
 * none. */
bool kit_is_dialled_at(struct kit_place *place);

/* What the server has refused this connection of the place since it was looked
 * at last; "" if nothing. */
const char *kit_refused_at(struct kit_place *place);

/* Closes it. */
void kit_hang_up(struct kit_place *place);

#endif
