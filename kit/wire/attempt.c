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
    if (login->seed != NULL)
        return "the user with the nkey";
    return login->credentials != NULL ? "the user of the credentials"
                                      : "somebody without a login";
}

static struct kit_attempt attempt_of(const struct kit_login *login,
                                     const char *deed)
{
    return (struct kit_attempt){
        .outcome = KIT_ALLOWED,
        .what = kit_text("as %s, %s", name_of(login), deed),
        .text = ""};
}

static void refuse(struct kit_attempt *attempt, const char *text)
{
    attempt->outcome = KIT_REFUSED;
    attempt->text = kit_keep_text(text);
}

/* Where nobody listens nothing was refused. */
static natsStatus connect_once(natsConnection **nc, const char *url,
                               const struct kit_login *login)
{
    natsOptions *options = kit_options(&url, 1, login);

    kit_must(natsOptions_SetAllowReconnect(options, false), "no reconnect");
    natsStatus s = natsConnection_Connect(nc, options);
    natsOptions_Destroy(options);
    if (s == NATS_NO_SERVER)
        kit_undecided("no server answers at %s", url);
    return s;
}

struct kit_attempt kit_try_login(const char *url, const struct kit_login *login)
{
    struct kit_attempt attempt = attempt_of(login, "logging in");
    natsConnection *nc = NULL;

    natsStatus s = connect_once(&nc, url, login);
    if (s != NATS_OK)
        refuse(&attempt, natsStatus_GetText(s));
    natsConnection_Destroy(nc);
    return attempt;
}

static natsConnection *connect_as(struct kit_place *place)
{
    natsConnection *nc = NULL;

    natsStatus s = connect_once(&nc, place->endpoints[0].url, &place->login);
    if (s != NATS_OK)
        kit_fail(kit_text("%s may log in", name_of(&place->login)),
                 "is the user in the file, with this password?", "%s",
                 natsStatus_GetText(s));
    return nc;
}

/* Whether the server has refused anything of this connection until now. A
 * limit that was passed ends it. */
static void look_for_refusal(struct kit_attempt *attempt, natsConnection *nc)
{
    char text[512] = "";

    natsStatus s = natsConnection_FlushTimeout(nc, KIT_DEADLINE_MS);
    natsConnection_ReadLastError(nc, text, sizeof(text));
    if (strcasestr(text, "permissions violation") != NULL || s != NATS_OK)
        refuse(attempt, text[0] != '\0' ? text : natsStatus_GetText(s));
}

struct kit_attempt kit_try_publish_at(struct kit_place *place,
                                      const char *subject, const void *data,
                                      size_t length)
{
    struct kit_attempt attempt =
        attempt_of(&place->login, kit_text("publishing %s", subject));
    natsConnection *nc = connect_as(place);

    natsStatus s = natsConnection_Publish(nc, subject, data, (int)length);
    if (s != NATS_OK)
        refuse(&attempt, natsStatus_GetText(s));
    else
        look_for_refusal(&attempt, nc);
    natsConnection_Destroy(nc);
    return attempt;
}

struct kit_attempt kit_try_subscribe_at(struct kit_place *place,
                                        const char *subject, const char *queue)
{
    struct kit_attempt attempt = attempt_of(
        &place->login,
        queue == NULL ? kit_text("subscribing to %s", subject)
                      : kit_text("joining queue group %s on %s", queue,
                                 subject));
    natsConnection *nc = connect_as(place);
    natsSubscription *sub = NULL;

    natsStatus s =
        queue == NULL
            ? natsConnection_SubscribeSync(&sub, nc, subject)
            : natsConnection_QueueSubscribeSync(&sub, nc, subject, queue);
    if (s != NATS_OK)
        refuse(&attempt, natsStatus_GetText(s));
    else
        look_for_refusal(&attempt, nc);
    natsSubscription_Destroy(sub);
    natsConnection_Destroy(nc);
    return attempt;
}

static void take_reply(struct kit_attempt *attempt, natsSubscription *inbox)
{
    natsMsg *msg = NULL;

    natsStatus s = natsSubscription_NextMsg(&msg, inbox, REPLY_MS);
    if (s == NATS_OK)
        attempt->text = kit_keep(natsMsg_GetData(msg),
                                 (size_t)natsMsg_GetDataLength(msg));
    else if (s == NATS_NO_RESPONDERS)
        attempt->outcome = KIT_NOBODY;
    else
        attempt->outcome = KIT_UNANSWERED;
    natsMsg_Destroy(msg);
}

struct kit_attempt kit_try_request_at(struct kit_place *place,
                                      const char *subject, const char *text)
{
    struct kit_attempt attempt =
        attempt_of(&place->login, kit_text("requesting %s", subject));
    const char *prefix = place->login.inbox_prefix;
    const char *inbox = kit_text("%s.kit.try.%d",
                                 prefix != NULL ? prefix : "_INBOX",
                                 ++place->wire->asked);
    natsConnection *nc = connect_as(place);
    natsSubscription *sub = NULL;

    kit_must(natsConnection_SubscribeSync(&sub, nc, inbox), "inbox");
    natsStatus s = natsConnection_PublishRequestString(nc, subject, inbox, text);
    if (s != NATS_OK)
        refuse(&attempt, natsStatus_GetText(s));
    else
        look_for_refusal(&attempt, nc);
    if (attempt.outcome == KIT_ALLOWED)
        take_reply(&attempt, sub);
    natsSubscription_Destroy(sub);
    natsConnection_Destroy(nc);
    return attempt;
}

/* ---- expectations ---------------------------------------------------------
 */

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

void kit_expect_outcome(struct kit_attempt attempt, enum kit_outcome outcome,
                        const char *why)
{
    if (attempt.outcome == outcome)
        return;
    kit_fail(kit_text("%s is %s", attempt.what, describe(outcome)), why,
             "it is %s%s%s", describe(attempt.outcome),
             attempt.text[0] != '\0' ? ": " : "", attempt.text);
}

void kit_expect_allowed(struct kit_attempt attempt, const char *why)
{
    kit_expect_outcome(attempt, KIT_ALLOWED, why);
}

void kit_expect_refused(struct kit_attempt attempt, const char *why)
{
    kit_expect_outcome(attempt, KIT_REFUSED, why);
}
