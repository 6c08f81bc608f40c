#include "kit/frame/forgery.h"

#include "kit/base/json.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/room.h"
#include "kit/frame/start.h"
#include "kit/say/fail.h"
#include "kit/wire/token.h"

#include <string.h>

static const char *const forgery_why[KIT_FORGERIES] = {
    "is it signed by the one that it names as its issuer?",
    "is its issuer the server that it names, nats.server_id.id?",
    "has it expired (exp)? Nobody waits for the answer any more",
    "is it meant (aud) for those who decide, or for somebody else?",
    "is it signed as NATS does? Its header has another alg",
    "is it whole? The end of its signature is missing"};

static const char no_algorithm[] = "{\"typ\":\"JWT\",\"alg\":\"none\"}";

struct kit_forgeries kit_callout_forge(const struct kit_callout *callout,
                                       const char *name, const char *code)
{
    const char *server = callout->server.nkey, *other = callout->forger.nkey;
    const struct kit_login_question questions[] = {
        {server, KIT_CALLOUT_AUD, KIT_CALLOUT_SECONDS},
        {other, KIT_CALLOUT_AUD, KIT_CALLOUT_SECONDS},
        {server, KIT_CALLOUT_AUD, -KIT_CALLOUT_SECONDS},
        {server, other, KIT_CALLOUT_SECONDS}};
    const char *claims[4];
    struct kit_forgeries forgeries;

    for (size_t i = 0; i < 4; i++)
        claims[i] = kit_callout_claims(callout, questions[i], name, code);
    const char *good = kit_token(claims[0], callout->server);
    const char *const tokens[KIT_FORGERIES] = {
        kit_token(claims[0], callout->forger),
        kit_token(claims[1], callout->forger),
        kit_token(claims[2], callout->server),
        kit_token(claims[3], callout->server),
        kit_token_with(no_algorithm, claims[0], callout->server),
        kit_keep(good, strlen(good) - 8)};
    for (size_t i = 0; i < KIT_FORGERIES; i++)
        forgeries.requests[i] = kit_ask(KIT_CALLOUT, tokens[i]);
    return forgeries;
}

/* An answer that lets somebody in shows what was not looked at. */
static const char *why_answered(size_t i, const struct kit_message *answer)
{
    const char *claims = kit_token_claims(answer->data);

    if (claims != NULL && kit_json_value(claims, "nats.jwt") != NULL)
        return forgery_why[i];
    return "is it ignored? An error is an answer, too, and tells a forger "
           "something";
}

void kit_assert_forgeries_ignored(const struct kit_forgeries *forgeries)
{
    for (size_t i = 0; i < KIT_FORGERIES; i++) {
        struct kit_replies replies = kit_replies_to(forgeries->requests[i]);
        if (replies.count > 0)
            kit_fail("no answer to a forged request",
                     why_answered(i, &replies.list[0]), "an answer: %s%s",
                     kit_quote(replies.list[0].data, replies.list[0].length),
                     replies.list[0].headers);
    }
}

void kit_callout_damaged(const struct kit_callout *callout, size_t count)
{
    const char *token = kit_callout_token(callout, "nobody", "open");
    const char *claims = kit_token_claims(token);
    size_t length;

    for (size_t i = 0; i < count; i++) {
        const char *bytes =
            kit_random_damage(i % 4 > 0 ? token : claims, &length);
        if (i % 4 == 0) {
            bytes = kit_token(kit_keep(bytes, length), callout->server);
            length = strlen(bytes);
        }
        kit_publish_bytes(KIT_CALLOUT, bytes, length);
    }
}
