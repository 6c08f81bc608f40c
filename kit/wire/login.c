#include "kit/wire/login.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/wire/connect.h"

#include <string.h>

const char *kit_login_name(const struct kit_login *login)
{
    if (login->user != NULL)
        return login->user;
    if (login->nkey != NULL)
        return "the user with the nkey";
    return login->credentials != NULL ? "the user of the credentials"
                                      : "somebody without a login";
}

/* ---- logging in ---------------------------------------------------------- */

/* The server's words, or nats.c's: its last error, without the line of nats.c
 * before it: "(conn.c:2187): Authorization Violation". */
static const char *words_of(natsStatus s)
{
    const char *text = nats_GetLastError(NULL);
    const char *words = text != NULL ? strstr(text, "): ") : NULL;

    if (words != NULL)
        return kit_keep_text(words + strlen("): "));
    return natsStatus_GetText(s);
}

/* Whether a server has said no. One that is not there, or is silent, has not.
 * One that hangs up has, even where its words got lost on the way. */
static bool is_refusal(natsStatus s)
{
    return s == NATS_CONNECTION_AUTH_FAILED || s == NATS_ERR ||
           s == NATS_CONNECTION_CLOSED || s == NATS_SECURE_CONNECTION_REQUIRED;
}

natsConnection *kit_dial(const char *url, const struct kit_login *login,
                         const char **words)
{
    natsOptions *options = kit_options(&url, 1, login);
    natsConnection *nc = NULL;

    kit_must(natsOptions_SetAllowReconnect(options, false), "no reconnect");
    natsStatus s = kit_connect(&nc, options);
    *words = s != NATS_OK ? words_of(s) : "";
    natsOptions_Destroy(options);
    if (s != NATS_OK && !is_refusal(s))
        kit_undecided("no server answers at %s: %s", url, *words);
    return nc;
}

size_t kit_count_logins(const char *url, struct kit_login login, size_t most)
{
    natsConnection **list = kit_allocate((most + 1) * sizeof(natsConnection *));
    const char *words;
    size_t count = 0;

    while (count < most) {
        list[count] = kit_dial(url, &login, &words);
        if (list[count] == NULL)
            break;
        count++;
    }
    for (size_t i = 0; i < count; i++)
        natsConnection_Destroy(list[i]);
    return count;
}

/* ---- the place's connection for attempts --------------------------------- */

static natsConnection *dial_place(struct kit_place *place)
{
    const char *words;
    natsConnection *nc =
        kit_dial(place->endpoints[0].url, &place->login, &words);

    if (nc == NULL)
        kit_fail(
            kit_text("%s may log in", kit_login_name(&place->login)),
            strstr(kit_login_name(&place->login), "without a login") != NULL
                ? "does the file ask for a login, or limit its clients?"
                : "is the user in the file, with the hash of this password?",
            "%s", words);
    return nc;
}

bool kit_is_dialled_at(struct kit_place *place)
{
    const char *words;

    if (place->attempts == NULL) {
        place->attempts =
            kit_dial(place->endpoints[0].url, &place->login, &words);
        place->refused = "";
    }
    return place->attempts != NULL;
}

natsConnection *kit_dial_at(struct kit_place *place, const char *subject)
{
    if (place->attempts != NULL &&
        (natsConnection_IsClosed(place->attempts) ||
         strstr(place->refused, kit_text("\"%s\"", subject)) != NULL))
        kit_hang_up(place);
    if (place->attempts == NULL) {
        place->attempts = dial_place(place);
        place->refused = "";
    }
    return place->attempts;
}

void kit_hang_up(struct kit_place *place)
{
    natsConnection_Destroy(place->attempts);
    place->attempts = NULL;
}

/* nats.c 3.14 says NATS_OK where its ping could not be written, for the server
 * had closed already. The thread's last error tells: it is what the first call
 * here made it, unless something went wrong since. */
static natsStatus flush(natsConnection *nc)
{
    natsStatus last = NATS_OK;

    natsConnection_Flush(NULL);
    natsStatus s = natsConnection_FlushTimeout(nc, KIT_DEADLINE_MS);
    nats_GetLastError(&last);
    return s == NATS_OK && last != NATS_INVALID_ARG ? last : s;
}

static bool is_closed(void *nc)
{
    return natsConnection_IsClosed(nc);
}

/* A limit that was passed ends the connection; its words may be lost then. So
 * does a server that dies, but nobody gets in again there. */
static const char *look_at_end(struct kit_place *place, natsStatus flushed)
{
    if (flushed == NATS_TIMEOUT)
        kit_undecided("%s: the server does not answer", place->name);
    kit_hang_up(place);
    place->attempts = dial_place(place);
    place->refused = "";
    return "the server closes the connection";
}

/* Certain: the server says no before it answers the ping that is sent after. */
const char *kit_refused_at(struct kit_place *place)
{
    natsConnection *nc = place->attempts;
    char text[512] = "";

    natsStatus flushed = flush(nc);
    if (flushed != NATS_OK && flushed != NATS_TIMEOUT)
        kit_wait(is_closed, nc, KIT_DEADLINE_MS);
    natsStatus s = natsConnection_ReadLastError(nc, text, sizeof(text));
    if ((s == NATS_NOT_PERMITTED || s == NATS_ERR) && text[0] != '\0' &&
        strcmp(text, place->refused) != 0)
        return place->refused = kit_keep_text(text);
    return flushed != NATS_OK ? look_at_end(place, flushed) : "";
}
