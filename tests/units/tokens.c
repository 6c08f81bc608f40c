/* What exercise 21 gives: tokens that are signed, opened, damaged, forged. */
#include "exercises/21_auth_callout/callout.h"

#include "kit/base/damage.h"
#include "kit/base/memory.h"

#include <criterion/criterion.h>

#define DAMAGED 10000
#define SIGNED 5000

TestSuite(tokens, .fini = kit_free_all);

static struct kit_chance chance;

/* An account's seed; none is kept anywhere. */
static struct jwt_issuer invent(void)
{
    unsigned char bytes[JWT_KEY + 4] = {18 << 3, 0};
    struct jwt_issuer issuer;

    for (size_t i = 2; i < JWT_KEY + 2; i++)
        bytes[i] = (unsigned char)kit_chance_below(&chance, 256);
    uint16_t crc = nkey_checksum(bytes, JWT_KEY + 2);
    bytes[JWT_KEY + 2] = crc & 0xff;
    bytes[JWT_KEY + 3] = (unsigned char)(crc >> 8);
    nkey_encode(bytes, sizeof(bytes), issuer.seed);
    cr_assert_eq(strlen(issuer.seed), (size_t)NKEY_SEED);
    cr_assert(nkey_public_of(issuer.seed, issuer.public));
    return issuer;
}

static char *token_of(const struct jwt_issuer *issuer)
{
    cJSON *claims = callout_claims("user", "UABC", "ROOM");

    cr_assert(callout_name(claims, "ada \"\\ \u00e9"));
    cr_assert(callout_expire(claims, 60));
    cr_assert(callout_allow(claims, "pub", "a.>"));
    cr_assert(callout_allow(claims, "pub", "b"));
    char *token = jwt_sign(issuer, claims);
    cJSON_Delete(claims);
    cr_assert_not_null(token);
    return token;
}

/* A token of any bytes, properly signed. */
static char *sign_bytes(const struct jwt_issuer *issuer, const char *bytes,
                        size_t length)
{
    static const char header[] = "{\"alg\":\"ed25519-nkey\"}";
    char *token = kit_allocate(length * 2 + 256);

    size_t end = jwt_encode(header, strlen(header), token);
    token[end++] = '.';
    jwt_encode(bytes, length, token + end);
    cr_assert(jwt_add_signature(issuer, token));
    return token;
}

static void read_all(cJSON *claims)
{
    struct login login = callout_login(claims);

    cr_assert_not_null(login.server);
    cr_assert_not_null(login.user);
    cr_assert_not_null(login.name);
    cr_assert_not_null(login.code);
    jwt_number(claims, "exp");
    cJSON_Delete(claims);
}

static void begin(void)
{
    kit_chance_begin(&chance, 21, "tokens");
    cr_assert_eq(nats_Open(-1), NATS_OK);
}

Test(tokens, what_is_signed_can_be_opened, .init = begin)
{
    struct jwt_issuer issuer = invent();
    char *token = token_of(&issuer);

    cJSON *claims = jwt_open(token, strlen(token), 'A');
    cr_assert_not_null(claims);
    cr_assert_str_eq(jwt_text(claims, "iss"), issuer.public);
    cr_assert_str_eq(jwt_text(claims, "sub"), "UABC");
    cr_assert_str_eq(jwt_text(claims, "name"), "ada \"\\ \u00e9");
    cr_assert_str_eq(jwt_text(claims, "nothing"), "");
    cr_assert_eq(jwt_number(claims, "name"), 0);
    cJSON_Delete(claims);
    cr_assert_null(jwt_open(token, strlen(token), 'N'));
    cr_assert_null(jwt_open(token, 0, 'A'));
    cr_assert_null(jwt_open(NULL, 0, 'A'));
    free(token);
}

Test(tokens, what_another_has_signed_cannot, .init = begin)
{
    struct jwt_issuer issuer = invent(), other = invent();

    memcpy(other.public, issuer.public, sizeof(other.public));
    char *token = token_of(&other);
    cr_assert_null(jwt_open(token, strlen(token), 'A'));
    free(token);
}

Test(tokens, seeds_and_keys_have_a_checksum, .init = begin)
{
    struct jwt_issuer issuer = invent();
    unsigned char key[JWT_KEY];
    char public[NKEY_PUBLIC + 1];

    cr_assert(nkey_read(issuer.public, 'A', key));
    cr_assert_not(nkey_read(issuer.public, 'U', key));
    issuer.public[30] = issuer.public[30] == 'A' ? 'B' : 'A';
    cr_assert_not(nkey_read(issuer.public, 'A', key));
    issuer.seed[30] = issuer.seed[30] == 'A' ? 'B' : 'A';
    cr_assert_not(nkey_public_of(issuer.seed, public));
    cr_assert_not(nkey_public_of("SA", public));
    cr_assert_not(nkey_public_of("", public));
}

/* The last letter has bits that mean nothing. */
Test(tokens, damaged_ones_do_no_harm, .init = begin)
{
    struct jwt_issuer issuer = invent();
    char *token = token_of(&issuer);
    size_t whole = strlen(token), length;

    for (int i = 0; i < DAMAGED; i++) {
        const char *bytes = kit_damaged(&chance, token, &length);
        char *exact = malloc(length > 0 ? length : 1); /* no NUL follows */
        memcpy(exact, bytes, length);
        cJSON *claims = jwt_open(exact, length, 'A');
        cr_assert(claims == NULL ||
                  (length == whole && memcmp(exact, token, whole - 1) == 0));
        read_all(claims);
        free(exact);
    }
    free(token);
}

Test(tokens, damaged_claims_do_no_harm, .init = begin)
{
    struct jwt_issuer issuer = invent();
    const char *claims = kit_keep_text("");
    char text[512];
    size_t length;
    int opened = 0;

    snprintf(
        text, sizeof(text),
        "{\"iss\":\"%s\",\"exp\":1e9,\"nats\":{\"server_id\":{\"id\":\"N\"},"
        "\"user_nkey\":\"U\",\"connect_opts\":{\"user\":\"\\u00e9\",\"pass\":"
        "[[[[{}]]]]}}}",
        issuer.public);
    for (int i = 0; i < SIGNED; i++) {
        claims = kit_damaged(&chance, text, &length);
        char *token = sign_bytes(&issuer, claims, length);
        cJSON *json = jwt_open(token, strlen(token), 'A');
        opened += json != NULL;
        read_all(json);
    }
    cr_assert_gt(opened, 0);
}
