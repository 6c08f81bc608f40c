/* Auth callout: a server asks a service who may log in. In the room the check
 * plays the server, and can ask whatever it likes; a real one is started for
 * what only a server can tell.
 *
 * A name or a code in a request is the inside of a JSON string. */
#ifndef KIT_FRAME_CALLOUT_H
#define KIT_FRAME_CALLOUT_H

#include "kit/proc/program.h"
#include "kit/server/learners.h"
#include "kit/wire/ask.h"
#include "kit/wire/place.h"

#include <stddef.h>

#define KIT_CALLOUT "$SYS.REQ.USER.AUTH"

/* Keys of a run: the server's that asks, the client's that it asks about, the
 * account's that signs the answers, and those of somebody else's server. Where
 * the service is: in the room, until there is a real server. */
struct kit_callout {
    struct kit_login server, client, issuer, forger;
    struct kit_login service; /* its login at a real server, and its name */
    struct kit_place *place;
    struct kit_program *program; /* the one started last */
    const char *seed_file;       /* of the issuer */
    int programs;                /* started so far */
};

/* For a suite's .init, instead of kit_begin: a test with such keys, about a
 * service of this name. */
struct kit_callout kit_callout_begin(const char *service);

/* Starts a program with the issuer's seed file as its argument, and waits until
 * the service answers for each that runs. */
struct kit_program *kit_callout_serve(struct kit_callout *callout);

/* What the server asks: whether somebody with this name and code may log in. */
const char *kit_callout_token(const struct kit_callout *callout,
                              const char *name, const char *code);

/* The answer is a token about that client, for that server, signed by that
 * issuer, and has the user's token, whose claims are returned; the program then
 * prints "come in: NAME". why: the mistake where it has an error. */
const char *kit_expect_let_in(const struct kit_callout *callout,
                              const char *name, const char *code,
                              const char *why);

/* The answer is such a token, too, with an error. The program then prints this
 * line; NULL: it is not looked for. why: the mistake where somebody is let in.
 */
void kit_expect_turned_away(const struct kit_callout *callout, const char *name,
                            const char *code, const char *line,
                            const char *why);

/* kit_expect_none_lost with such logins: each is answered once, and let in. */
void kit_expect_all_let_in(const struct kit_callout *callout,
                           struct kit_program *leaving, const char *name,
                           const char *code, size_t count, const char *why);

/* The first two also make sure that the code, if it has five letters or more,
 * is neither in the answer nor in what the program has printed so far. */

/* Starts the server of the exercise's server.conf, which may refer to $ISSUER,
 * $LOGIN_SECONDS (for an answer) and $«USER»_PASSWORD. NATS_URL is the
 * service's from now on, and callout->account its account. */
struct kit_server *kit_callout_launch(struct kit_callout *callout,
                                      const char *login_seconds);

/* ---- for the other files of frame/ --------------------------------------- */

/* By whom, what for, and for how many seconds: what may be wrong in it. */
struct kit_login_question {
    const char *iss, *aud;
    int seconds;
};

#define KIT_CALLOUT_AUD "nats-authorization-request"
#define KIT_CALLOUT_SECONDS 60

/* The question's claims, as JSON; not signed. */
const char *kit_callout_claims(const struct kit_callout *callout,
                               struct kit_login_question question,
                               const char *name, const char *code);

#endif
