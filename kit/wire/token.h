/* Tokens (JWT) as NATS signs them: a header, claims and a signature, each in
 * base64url, with dots between. */
#ifndef KIT_WIRE_TOKEN_H
#define KIT_WIRE_TOKEN_H

#include "kit/base/json.h"
#include "kit/wire/place.h"

/* A token of these claims, which are JSON, signed with the seed of the key. The
 * claims name their issuer, whoever that is. */
const char *kit_token(const char *claims, struct kit_login key);

/* The same with another header, JSON too. */
const char *kit_token_with(const char *header, const char *claims,
                           struct kit_login key);

/* The header or the claims of a token as JSON; NULL where it is no token. The
 * signature is not looked at: servers do that. */
const char *kit_token_header(const char *token);
const char *kit_token_claims(const char *token);

/* This is a token, signed as NATS does, and its claims have these values
 * (base/json.h). what names it: "the answer". Returns the claims.
 *     kit_assert_token("the answer", text, {"sub", key, why}); */
#define kit_assert_token(what, token, ...)                                     \
    kit_assert_token_of(what, token, kit_values(__VA_ARGS__))
const char *kit_assert_token_of(const char *what, const char *token,
                                const struct kit_value *values);

/* The same of claims alone. */
#define kit_assert_claims(what, claims, ...)                                   \
    kit_assert_claims_of(what, claims, kit_values(__VA_ARGS__))
void kit_assert_claims_of(const char *what, const char *claims,
                          const struct kit_value *values);

/* They were made for so many seconds, a moment ago (exp). */
void kit_assert_lifetime(const char *what, const char *claims, int seconds);

#endif
