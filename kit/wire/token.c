#include "kit/wire/token.h"

#include "kit/base/base64.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/wire/message.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usual[] = "{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}";

const char *kit_token(const char *claims, struct kit_login key)
{
    return kit_token_with(usual, claims, key);
}

const char *kit_token_with(const char *header, const char *claims,
                           struct kit_login key)
{
    const char *text = kit_text("%s.%s", kit_base64url(header, strlen(header)),
                                kit_base64url(claims, strlen(claims)));
    unsigned char *signature = NULL;
    int length = 0;

    kit_must(nats_Sign(key.seed, text, &signature, &length), "signature");
    const char *token =
        kit_text("%s.%s", text, kit_base64url(signature, (size_t)length));
    free(signature);
    return token;
}

/* The nth part, counted from 0, if there are three. */
static const char *part_of(const char *token, int nth)
{
    const char *first = strchr(token, '.');
    const char *second = first != NULL ? strchr(first + 1, '.') : NULL;
    size_t size;

    if (second == NULL)
        return NULL;
    return nth == 0 ? kit_base64url_bytes(token, (size_t)(first - token), &size)
                    : kit_base64url_bytes(first + 1,
                                          (size_t)(second - first - 1), &size);
}

const char *kit_token_header(const char *token)
{
    return part_of(token, 0);
}

const char *kit_token_claims(const char *token)
{
    return part_of(token, 1);
}

static const char *quote(const char *text)
{
    return kit_quote(text, strlen(text));
}

void kit_assert_claims_of(const char *what, const char *claims,
                          const struct kit_value *values)
{
    const char *seen = "";
    const struct kit_value *different =
        kit_json_difference(claims, strlen(claims), values, &seen);

    if (different != NULL)
        kit_fail(kit_text("in the claims of %s: %s", what,
                          kit_value_text(different)),
                 different->why, "%s", seen);
}

/* As long as a busy machine takes from making them to here. */
#define LATE 5

void kit_assert_lifetime(const char *what, const char *claims, int seconds)
{
    const char *value = kit_json_value(claims, "exp");
    const char *expected =
        kit_text("%s ends (exp) in %d seconds", what, seconds);
    long now = (long)time(NULL);

    if (value == NULL)
        kit_fail(expected, "does it end at all?", "no exp");
    long left = strtol(value, NULL, 10) - now;
    if (left < seconds - LATE || left > seconds)
        kit_fail(expected, "is it seconds since 1970, from time(NULL) on?",
                 "it ends in %ld seconds", left);
}

const char *kit_assert_token_of(const char *what, const char *token,
                                const struct kit_value *values)
{
    const char *header = kit_token_header(token);
    const char *claims = kit_token_claims(token);

    if (header == NULL || claims == NULL)
        kit_fail(kit_text("%s is a token: HEADER.CLAIMS.SIGNATURE", what),
                 "is what jwt_sign returns sent as it is?", "%s", quote(token));
    const char *alg = kit_json_value(header, "alg");
    if (alg == NULL || strcmp(alg, "ed25519-nkey") != 0)
        kit_fail(kit_text("the header of %s: alg ed25519-nkey", what), NULL,
                 "%s", quote(header));
    kit_assert_claims_of(what, claims, values);
    return claims;
}
