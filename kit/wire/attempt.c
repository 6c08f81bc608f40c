#include "kit/wire/attempt.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/wire/login.h"

#include <string.h>

#define REPLY_MS 1000

static struct kit_attempt attempt_of(const struct kit_login *login,
                                     const char *deed)
{
    return (struct kit_attempt){
        .outcome = KIT_ALLOWED,
        .what = kit_text("as %s, %s", kit_login_name(login), deed),
        .text = ""};
}

static void refuse(struct kit_attempt *attempt, const char *text)
{
    attempt->outcome = KIT_REFUSED;
    attempt->text = kit_keep_text(text);
}

/* Whether the server has refused anything of it. */
static bool is_refused(struct kit_attempt *attempt, struct kit_place *place)
{
    const char *text = kit_refused_at(place);

    if (text[0] != '\0')
        refuse(attempt, text);
    return text[0] != '\0';
}

struct kit_attempt kit_try_login(const char *url, struct kit_login login)
{
    struct kit_attempt attempt = attempt_of(&login, "logging in");
    const char *words;

    natsConnection *nc = kit_dial(url, &login, &words);
    if (nc == NULL)
        refuse(&attempt, words);
    natsConnection_Destroy(nc);
    return attempt;
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
    natsConnection *nc = kit_dial_at(place, subject);

    natsStatus s = natsConnection_Publish(nc, subject, data, (int)length);
    if (s == NATS_OK)
        is_refused(&attempt, place);
    else if (s == NATS_MAX_PAYLOAD)
        refuse(&attempt, natsStatus_GetText(s));
    else
        kit_must(s, attempt.what);
    return attempt;
}

struct kit_attempt kit_try_subscribe_at(struct kit_place *place,
                                        const char *subject, const char *queue)
{
    struct kit_attempt attempt = attempt_of(
        &place->login, queue == NULL ? kit_text("subscribing to %s", subject)
                                     : kit_text("joining queue group %s on %s",
                                                queue, subject));
    natsConnection *nc = kit_dial_at(place, subject);
    natsSubscription *sub = NULL;

    natsStatus s =
        queue == NULL
            ? natsConnection_SubscribeSync(&sub, nc, subject)
            : natsConnection_QueueSubscribeSync(&sub, nc, subject, queue);
    kit_must(s, attempt.what);
    is_refused(&attempt, place);
    natsSubscription_Destroy(sub);
    return attempt;
}

static void take_reply(struct kit_attempt *attempt, natsSubscription *inbox,
                       int within_ms)
{
    natsMsg *msg = NULL;

    natsStatus s = natsSubscription_NextMsg(&msg, inbox, within_ms);
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
    natsConnection *nc = kit_dial_at(place, subject);
    natsSubscription *sub = NULL;

    kit_must(natsConnection_SubscribeSync(&sub, nc, inbox), "inbox");
    natsStatus s =
        natsConnection_PublishRequestString(nc, subject, inbox, text);
    kit_must(s, attempt.what);
    if (!is_refused(&attempt, place))
        take_reply(&attempt, sub, REPLY_MS);
    natsSubscription_Destroy(sub);
    return attempt;
}

/* What the speaker has sent is at the listener's once both have been answered
 * by the server. */
struct kit_attempt kit_try_hear_at(struct kit_place *place, const char *filter,
                                   struct kit_place *speaker,
                                   const char *subject, const char *text)
{
    struct kit_attempt attempt =
        attempt_of(&place->login, kit_text("hearing %s of %s", subject,
                                           kit_login_name(&speaker->login)));
    natsConnection *nc = kit_dial_at(place, filter);
    natsSubscription *sub = NULL;

    kit_must(natsConnection_SubscribeSync(&sub, nc, filter), filter);
    if (!is_refused(&attempt, place)) {
        kit_assert_allowed(
            kit_try_publish_at(speaker, subject, text, strlen(text)), NULL);
        kit_must(natsConnection_FlushTimeout(nc, KIT_DEADLINE_MS), "flush");
        take_reply(&attempt, sub, 1);
    }
    natsSubscription_Destroy(sub);
    return attempt;
}

/* Asks as somebody; the request that came, or NULL: then it is judged. */
static natsMsg *ask_for(struct kit_attempt *attempt, struct kit_place *place,
                        const char *subject, struct kit_place *asker,
                        const char *inbox)
{
    natsConnection *nc = kit_dial_at(place, subject);
    natsConnection *other = kit_dial_at(asker, subject);
    natsSubscription *sub = NULL;
    natsMsg *msg = NULL;

    kit_must(natsConnection_SubscribeSync(&sub, nc, subject), subject);
    if (!is_refused(attempt, place)) {
        kit_must(
            natsConnection_PublishRequestString(other, subject, inbox, "hi"),
            subject);
        kit_must(natsConnection_FlushTimeout(other, KIT_DEADLINE_MS), "flush");
        if (natsSubscription_NextMsg(&msg, sub, REPLY_MS) != NATS_OK)
            attempt->outcome = KIT_UNANSWERED;
    }
    natsSubscription_Destroy(sub);
    return msg;
}

struct kit_attempt kit_try_reply_at(struct kit_place *place,
                                    const char *subject,
                                    struct kit_place *asker, int times)
{
    struct kit_attempt attempt = attempt_of(
        &place->login, kit_text("replying%s to a request of %s",
                                times > 1 ? kit_text(" %d times", times) : "",
                                kit_login_name(&asker->login)));
    const char *prefix = asker->login.inbox_prefix;
    const char *inbox =
        kit_text("%s.kit.reply.%d", prefix != NULL ? prefix : "_INBOX",
                 ++place->wire->asked);

    natsMsg *msg = ask_for(&attempt, place, subject, asker, inbox);
    if (msg == NULL)
        return attempt;
    for (int i = 0; i < times; i++)
        kit_must(natsConnection_PublishString(place->attempts,
                                              natsMsg_GetReply(msg), "hi"),
                 "reply");
    is_refused(&attempt, place);
    natsMsg_Destroy(msg);
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

void kit_assert_publish_refused_of(struct kit_place *place, const char *why,
                                   const char *const subjects[])
{
    for (; *subjects != NULL; subjects++)
        kit_assert_refused(kit_try_publish_at(place, *subjects, "x", 1), why);
}

void kit_assert_subscribe_refused_of(struct kit_place *place, const char *why,
                                     const char *const subjects[])
{
    for (; *subjects != NULL; subjects++)
        kit_assert_refused(kit_try_subscribe_at(place, *subjects, NULL), why);
}

void kit_assert_reply_of(struct kit_attempt attempt,
                         const struct kit_value *values)
{
    const char *seen;

    kit_assert_allowed(attempt, values->why);
    const struct kit_value *wrong =
        kit_json_difference(attempt.text, strlen(attempt.text), values, &seen);
    if (wrong != NULL)
        kit_fail(kit_text("%s, and %s in the reply", attempt.what,
                          kit_value_text(wrong)),
                 wrong->why, "%s", seen);
}
