/* jwt.h: JSON Web Tokens, as NATS signs and reads them. Given, so that you can
 * think about what is in them.
 *
 * A token is three texts with dots between them, each in base64url:
 *
 *     header     {"typ":"JWT","alg":"ed25519-nkey"}
 *     claims     JSON: who (sub) may do what, where (aud), until when (exp),
 *                and who says so (iss)
 *     signature  of the first two, by the one who says so
 *
 * Anybody can read a token, and nobody can change it without breaking the
 * signature. The keys are nkeys: Ed25519, written in base32. The first letter
 * of a public key says whose it is: A an account's, N a server's, U a user's. A
 * private key, called the seed, begins with S and the same letter. */
#ifndef JWT_H
#define JWT_H

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    JWT_KEY = 32,        /* bytes in a key */
    JWT_SIGNATURE = 64,  /* bytes in a signature */
    NKEY_PUBLIC = 56,    /* letters in a public key */
    NKEY_SEED = 58,      /* letters in a seed */
    JWT_MAX = 128 * 1024 /* letters in a token */
};

/* Who signs. */
struct jwt_issuer {
    char seed[NKEY_SEED + 1];     /* secret */
    char public[NKEY_PUBLIC + 1]; /* what it is known by */
};

/* ---- nkeys: base32, and a checksum -------------------------------------- */

static const char nkey_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static inline uint16_t nkey_checksum(const unsigned char *bytes, size_t length)
{
    unsigned crc = 0;

    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
    }
    return (uint16_t)crc;
}

/* Decodes length letters; false where one is no letter of base32. Writes
 * length * 5 / 8 bytes. */
static inline bool nkey_decode(const char *text, size_t length,
                               unsigned char *bytes)
{
    unsigned bits = 0, count = 0;

    for (size_t i = 0; i < length; i++) {
        const char *letter =
            text[i] != '\0' ? strchr(nkey_letters, text[i]) : NULL;
        if (letter == NULL)
            return false;

        bits = (bits << 5 | (unsigned)(letter - nkey_letters)) & 0xfff;
        count += 5;
        if (count >= 8) {
            count -= 8;
            *bytes++ = (unsigned char)(bits >> count);
        }
    }
    return true;
}

/* Writes all the letters that the bytes need, and a NUL. */
static inline void nkey_encode(const unsigned char *bytes, size_t length,
                               char *text)
{
    unsigned bits = 0, count = 0;

    for (size_t i = 0; i < length; i++) {
        bits = (bits << 8 | bytes[i]) & 0xfff;
        count += 8;
        while (count >= 5) {
            count -= 5;
            *text++ = nkey_letters[bits >> count & 31];
        }
    }
    if (count > 0)
        *text++ = nkey_letters[bits << (5 - count) & 31];
    *text = '\0';
}

/* Is the checksum, in the last two bytes, that of the others? */
static inline bool nkey_is_whole(const unsigned char *bytes, size_t length)
{
    uint16_t crc = nkey_checksum(bytes, length - 2);

    return bytes[length - 2] == (crc & 0xff) && bytes[length - 1] == crc >> 8;
}

/* Takes the key out of a public nkey of this kind, 'A', 'N' or 'U'. False
 * where the text is none. */
static inline bool nkey_read(const char *text, char kind,
                             unsigned char key[JWT_KEY])
{
    unsigned char bytes[JWT_KEY + 3]; /* the kind, the key, the checksum */

    if (text == NULL || strlen(text) != NKEY_PUBLIC || text[0] != kind ||
        !nkey_decode(text, NKEY_PUBLIC, bytes) ||
        !nkey_is_whole(bytes, sizeof(bytes)))
        return false;

    memcpy(key, bytes + 1, JWT_KEY);
    return true;
}

/* The public key that belongs to an account's seed; false where it is none. */
static inline bool nkey_public_of(const char *seed, char public[])
{
    unsigned char bytes[JWT_KEY + 4]; /* two for the kind, key, checksum */
    unsigned char out[JWT_KEY + 3] = {0};
    size_t length = JWT_KEY;

    if (strlen(seed) != NKEY_SEED || strncmp(seed, "SA", 2) != 0 ||
        !nkey_decode(seed, NKEY_SEED, bytes) ||
        !nkey_is_whole(bytes, sizeof(bytes)))
        return false;

    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
                                                 bytes + 2, JWT_KEY);
    if (key == NULL)
        return false;

    int ok = EVP_PKEY_get_raw_public_key(key, out + 1, &length);
    EVP_PKEY_free(key);
    uint16_t crc = nkey_checksum(out, JWT_KEY + 1);
    out[JWT_KEY + 1] = crc & 0xff;
    out[JWT_KEY + 2] = (unsigned char)(crc >> 8);
    nkey_encode(out, sizeof(out), public);
    return ok == 1;
}

/* ---- base64url, without the = at the end -------------------------------- */

static const char jwt_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
                                  "nopqrstuvwxyz0123456789-_";

/* Decodes; a NUL follows the bytes, *size of them. free() it. NULL where a
 * letter is none, or there is no memory. */
static inline unsigned char *jwt_decode(const char *text, size_t length,
                                        size_t *size)
{
    unsigned bits = 0, count = 0;
    size_t n = 0;

    unsigned char *bytes = malloc(length / 4 * 3 + 4);
    if (bytes == NULL)
        return NULL;

    for (size_t i = 0; i < length; i++) {
        const char *letter =
            text[i] != '\0' ? strchr(jwt_letters, text[i]) : NULL;
        if (letter == NULL) {
            free(bytes);
            return NULL;
        }
        bits = (bits << 6 | (unsigned)(letter - jwt_letters)) & 0x3fff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes[n++] = (unsigned char)(bits >> count);
        }
    }
    bytes[n] = '\0';
    *size = n;
    return bytes;
}

/* Writes the letters that the bytes need, and a NUL; returns how many. */
static inline size_t jwt_encode(const void *data, size_t length, char *text)
{
    const unsigned char *bytes = data;
    unsigned bits = 0, count = 0;
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        bits = (bits << 8 | bytes[i]) & 0x3fff;
        count += 8;
        while (count >= 6) {
            count -= 6;
            text[n++] = jwt_letters[bits >> count & 63];
        }
    }
    if (count > 0)
        text[n++] = jwt_letters[bits << (6 - count) & 63];
    text[n] = '\0';
    return n;
}

/* ---- tokens ------------------------------------------------------------- */

/* A text of the claims, or of an object in them: "" where there is none. It
 * belongs to the object, which may be NULL. */
static inline const char *jwt_text(const cJSON *object, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text != NULL ? text : "";
}

/* A number of the claims, such as the time when they expire; 0 where there is
 * none. */
static inline double jwt_number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

/* A part of a token as JSON; NULL where it is none. cJSON_Delete it. */
static inline cJSON *jwt_part(const char *text, size_t length)
{
    size_t size = 0;

    unsigned char *bytes = jwt_decode(text, length, &size);
    if (bytes == NULL)
        return NULL;

    /* The size counts the NUL: nothing may follow the JSON but that. */
    cJSON *json =
        cJSON_ParseWithLengthOpts((const char *)bytes, size + 1, NULL, true);
    free(bytes);
    return json;
}

static inline bool jwt_is_signed(const unsigned char key[JWT_KEY],
                                 const char *text, size_t length,
                                 const unsigned char signature[JWT_SIGNATURE])
{
    EVP_PKEY *public =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, JWT_KEY);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    bool ok = public != NULL && context != NULL &&
              EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1 &&
              EVP_DigestVerify(context, signature, JWT_SIGNATURE,
                               (const unsigned char *)text, length) == 1;
    EVP_MD_CTX_free(context); /* NULL is fine */
    EVP_PKEY_free(public);
    return ok;
}

/* Is the third part of a token the signature of the two before it, made by whom
 * the claims name as their issuer, and is that one of this kind? */
static inline bool jwt_is_genuine(const char *token, size_t signed_length,
                                  const char *third, size_t length,
                                  const cJSON *claims, char kind)
{
    unsigned char key[JWT_KEY];
    size_t size = 0;

    unsigned char *signature = jwt_decode(third, length, &size);
    bool ok = signature != NULL && size == JWT_SIGNATURE &&
              nkey_read(jwt_text(claims, "iss"), kind, key) &&
              jwt_is_signed(key, token, signed_length, signature);
    free(signature);
    return ok;
}

/* Opens a token: length bytes, which may be anything at all. Returns its claims
 * if they are a JSON object, signed by the one that they name as their issuer,
 * a key of this kind ('N': a server). cJSON_Delete them. Otherwise NULL.
 *
 * So the claims are what that issuer has written. Whether it's one whose word
 * counts, whom they are meant for and whether they still hold is for you to
 * find out. */
static inline cJSON *jwt_open(const char *token, size_t length, char kind)
{
    const char *end = token + length;
    const char *first =
        length > 0 && length <= JWT_MAX ? memchr(token, '.', length) : NULL;
    const char *second = first != NULL
                             ? memchr(first + 1, '.', (size_t)(end - first - 1))
                             : NULL;
    if (second == NULL)
        return NULL;

    cJSON *header = jwt_part(token, (size_t)(first - token));
    bool ok = strcmp(jwt_text(header, "alg"), "ed25519-nkey") == 0;
    cJSON_Delete(header); /* NULL is fine */
    if (!ok)
        return NULL;

    cJSON *claims = jwt_part(first + 1, (size_t)(second - first - 1));
    if (cJSON_IsObject(claims) &&
        jwt_is_genuine(token, (size_t)(second - token), second + 1,
                       (size_t)(end - second - 1), claims, kind))
        return claims;

    cJSON_Delete(claims);
    return NULL;
}

/* Adds to the claims what every token has: who signs it, when, and an id that
 * no other has. */
static inline bool jwt_complete(const struct jwt_issuer *issuer, cJSON *claims)
{
    natsInbox *unique = NULL;

    if (natsInbox_Create(&unique) != NATS_OK)
        return false;

    bool ok =
        cJSON_AddStringToObject(claims, "iss", issuer->public) != NULL &&
        cJSON_AddNumberToObject(claims, "iat", (double)time(NULL)) != NULL &&
        cJSON_AddStringToObject(claims, "jti", strrchr(unique, '.') + 1) !=
            NULL;
    natsInbox_Destroy(unique);
    return ok;
}

/* Adds the signature to a token that has its first two parts, and room for the
 * third. */
static inline bool jwt_add_signature(const struct jwt_issuer *issuer,
                                     char *token)
{
    unsigned char *signature = NULL;
    int length = 0;

    if (nats_Sign(issuer->seed, token, &signature, &length) != NATS_OK)
        return false;

    size_t end = strlen(token);
    token[end] = '.';
    jwt_encode(signature, (size_t)length, token + end + 1);
    free(signature);
    return true;
}

/* Makes a token of the claims, to which it adds iss, iat and jti. free() it.
 * NULL if there is no memory. */
static inline char *jwt_sign(const struct jwt_issuer *issuer, cJSON *claims)
{
    static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}";

    if (!jwt_complete(issuer, claims))
        return NULL;
    char *json = cJSON_PrintUnformatted(claims);
    if (json == NULL)
        return NULL;

    size_t length = strlen(json);
    char *token = malloc((sizeof(header) + length + JWT_SIGNATURE) * 2 + 16);
    if (token != NULL) {
        size_t end = jwt_encode(header, sizeof(header) - 1, token);
        token[end++] = '.';
        jwt_encode(json, length, token + end);
        if (!jwt_add_signature(issuer, token)) {
            free(token);
            token = NULL;
        }
    }
    cJSON_free(json);
    return token;
}

/* Reads an account's seed from the first line of a file, as `nats auth nkey
 * gen account` writes it. False, after a line on stderr, if there is none. */
static inline bool jwt_read_issuer(struct jwt_issuer *issuer, const char *file)
{
    FILE *in = fopen(file, "r");

    memset(issuer, 0, sizeof(*issuer));
    bool ok = in != NULL &&
              fread(issuer->seed, 1, NKEY_SEED, in) == NKEY_SEED &&
              nkey_public_of(issuer->seed, issuer->public);
    if (in != NULL)
        fclose(in);
    if (!ok)
        fprintf(stderr, "doorman: %s: not the seed of an account\n", file);
    return ok;
}

#endif
