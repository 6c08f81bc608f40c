#include "kit/wire/attempt.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <string.h>

#define REPLY_MS 1000

static const char *name_of(const struct kit_login *login)
{
    if (login->user != NULL)
        return login->user;
    if (login->nkey != NULL)
        return "the user with the nkey";
    return login->credentials != NULL ? "the user of the credentials"
                                      : "somebody without a login";
}

static struct kit_attempt attempt_of(const struct kit_login *login,
                                     const char *deed)
{
    return (struct kit_attempt){.outcome = KIT_ALLOWED,
                                .what =
                                    kit_text("as %s, %s", name_of(login), deed),
                                .text = ""};
}

static void refuse(struct kit_attempt *attempt, const char *text)
{
    attempt->outcome = KIT_REFUSED;
    attempt->text = kit_keep_text(text);
}

/* ---- connections --------------------------------------------------------- */

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
 */
static bool is_refusal(natsStatus s)
{
    return s == NATS_CONNECTION_AUTH_FAILED || s == NATS_ERR ||
           s == NATS_SECURE_CONNECTION_REQUIRED;
}

/* NULL where it is refused: *words says how. */
static natsConnection *
connect_once(const char *url, const struct kit_login *login, const char **words)
{
    natsOptions *options = kit_options(&url, 1, login);
    natsConnection *nc = NULL;

    kit_must(natsOptions_SetAllowReconnect(options, false), "no reconnect");
    natsStatus s = natsConnection_Connect(&nc, options);
    *words = s != NATS_OK ? words_of(s) : "";
    natsOptions_Destroy(options);
    if (s != NATS_OK && !is_refusal(s))
        kit_undecided("no server answers at %s: %s", url, *words);
    return nc;
}

struct kit_attempt kit_try_login(const char *url, struct kit_login login)
{
    struct kit_attempt attempt = attempt_of(&login, "logging in");
    const char *words;

    natsConnection *nc = connect_once(url, &login, &words);
    if (nc == NULL)
        refuse(&attempt, words);
    natsConnection_Destroy(nc);
    return attempt;
}

size_t kit_count_logins(const char *url, struct kit_login login, size_t most)
{
    natsConnection **list = kit_allocate((most + 1) * sizeof(natsConnection *));
    const char *words;
    size_t count = 0;

    while (count < most) {
        list[count] = connect_once(url, &login, &words);
        if (list[count] == NULL)
            break;
        count++;
    }
    for (size_t i = 0; i < count; i++)
        natsConnection_Destroy(list[i]);
    return count;
}

static natsConnection *connect_as(struct kit_place *place)
{
    const char *words;
    natsConnection *nc =
        connect_once(place->endpoints[0].url, &place->login, &words);

    if (nc == NULL)
        kit_fail(kit_text("%s may log in", name_of(&place->login)),
                 "is the user in the file, with this password?", "%s", words);
    return nc;
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
static void look_at_end(struct kit_attempt *attempt, struct kit_place *place,
                        natsStatus flushed)
{
    if (flushed == NATS_TIMEOUT)
        kit_undecided("%s: the server does not answer", attempt->what);
    natsConnection_Destroy(connect_as(place));
    refuse(attempt, "the server closes the connection");
}

/* Whether the server has refused anything of this connection until now. */
static void look_for_refusal(struct kit_attempt *attempt,
                             struct kit_place *place, natsConnection *nc)
{
    char text[512] = "";

    natsStatus flushed = flush(nc);
    if (flushed != NATS_OK && flushed != NATS_TIMEOUT)
        kit_wait(is_closed, nc, KIT_DEADLINE_MS);
    natsStatus s = natsConnection_ReadLastError(nc, text, sizeof(text));
    if (s == NATS_NOT_PERMITTED || (s == NATS_ERR && text[0] != '\0'))
        refuse(attempt, text);
    else if (flushed != NATS_OK)
        look_at_end(attempt, place, flushed);
}

/* ---- attempts ------------------------------------------------------------ */

/* The size of a payload is told where it may matter. */
static const char *deed_of(const char *subject, size_t length)
{
    const char *size = length >= 1000 ? kit_text("%zu bytes on ", length) : "";

    return kit_text("publishing %s%s", size, subject);
}

struct kit_attempt kit_try_publish_at(struct kit_place *place,
                                      const char *subject, const void *data,
                                      size_t length)
{
    struct kit_attempt attempt =
        attempt_of(&place->login, deed_of(subject, length));
    natsConnection *nc = connect_as(place);

    natsStatus s = natsConnection_Publish(nc, subject, data, (int)length);
    if (s == NATS_OK)
        look_for_refusal(&attempt, place, nc);
    else if (s == NATS_MAX_PAYLOAD)
        refuse(&attempt, natsStatus_GetText(s));
    else
        kit_must(s, attempt.what);
    natsConnection_Destroy(nc);
    return attempt;
}

struct kit_attempt kit_try_subscribe_at(struct kit_place *place,
                                        const char *subject, const char *queue)
{
    struct kit_attempt attempt = attempt_of(
        &place->login, queue == NULL ? kit_text("subscribing to %s", subject)
                                     : kit_text("joining queue group %s on %s",
                                                queue, subject));
    natsConnection *nc = connect_as(place);
    natsSubscription *sub = NULL;

    natsStatus s =
        queue == NULL
            ? natsConnection_SubscribeSync(&sub, nc, subject)
            : natsConnection_QueueSubscribeSync(&sub, nc, subject, queue);
    kit_must(s, attempt.what);
    look_for_refusal(&attempt, place, nc);
    natsSubscription_Destroy(sub);
    natsConnection_Destroy(nc);
    return attempt;
}

static void take_reply(struct kit_attempt *attempt, natsSubscription *inbox)
{
    natsMsg *msg = NULL;

    natsStatus s = natsSubscription_NextMsg(&msg, inbox, REPLY_MS);
    if (s == NATS_OK)
        attempt->text =
            kit_keep(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg));
    else if (s == NATS_NO_RESPONDERS)
        attempt->outcome = KIT_NOBODY;
    else if (s == NATS_TIMEOUT)
        attempt->outcome = KIT_UNANSWERED;
    else
        kit_must(s, attempt->what);
    natsMsg_Destroy(msg);
}

struct kit_attempt kit_try_request_at(struct kit_place *place,
                                      const char *subject, const char *text)
{
    struct kit_attempt attempt =
        attempt_of(&place->login, kit_text("requesting %s", subject));
    const char *prefix = place->login.inbox_prefix;
    const char *inbox =
        kit_text("%s.kit.try.%d", prefix != NULL ? prefix : "_INBOX",
                 ++place->wire->asked);
    natsConnection *nc = connect_as(place);
    natsSubscription *sub = NULL;

    kit_must(natsConnection_SubscribeSync(&sub, nc, inbox), "inbox");
    natsStatus s =
        natsConnection_PublishRequestString(nc, subject, inbox, text);
    kit_must(s, attempt.what);
    look_for_refusal(&attempt, place, nc);
    if (attempt.outcome == KIT_ALLOWED)
        take_reply(&attempt, sub);
    natsSubscription_Destroy(sub);
    natsConnection_Destroy(nc);
    return attempt;
}

/* ---- expectations -------------------------------------------------------- */

static const char *describe(enum kit_outcome outcome)
{
    switch (outcome) {
    case KIT_ALLOWED:
        return "allowed";
    case KIT_REFUSED:
        return "refused";
    case KIT_NOBODY:
        return "allowed, with no responders";
    case KIT_UNANSWERED:
        return "allowed, and left without a reply";
    }
    return "undecided";
}

void kit_assert_outcome(struct kit_attempt attempt, enum kit_outcome outcome,
                        const char *why)
{
    if (attempt.outcome == outcome)
        return;
    kit_fail(kit_text("%s is %s", attempt.what, describe(outcome)), why,
             "it is %s%s%s", describe(attempt.outcome),
             attempt.text[0] != '\0' ? ": " : "", attempt.text);
}

void kit_assert_allowed(struct kit_attempt attempt, const char *why)
{
    kit_assert_outcome(attempt, KIT_ALLOWED, why);
}

void kit_assert_refused(struct kit_attempt attempt, const char *why)
{
    kit_assert_outcome(attempt, KIT_REFUSED, why);
}
