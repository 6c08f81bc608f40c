/* callout.h: what a server asks when somebody logs in, and the tokens that
 * answer it. Given; you'll need all of it.
 *
 * The request is a token, with these claims, and more:
 *
 *     {"iss": "N...", "aud": "nats-authorization-request", "exp": 1789000000,
 *      "nats": {"server_id": {"id": "N...", "name": "house"},
 *               "user_nkey": "U...",
 *               "client_info": {"host": "127.0.0.1", ...},
 *               "connect_opts": {"user": "ada", "pass": "...", "name": "..."}}}
 *
 * connect_opts is what the client has sent, so it's what the client likes. */
#ifndef CALLOUT_H
#define CALLOUT_H

#include "jwt.h"

/* All of it belongs to the request's claims; "" where something is missing. */
struct login {
    const char *server; /* the server's public key */
    const char *user;   /* a public key, made up for this client and login */
    const char *name;   /* who the client says that it is */
    const char *code;   /* its password */
};

static inline struct login callout_login(const cJSON *claims)
{
    const cJSON *nats = cJSON_GetObjectItemCaseSensitive(claims, "nats");
    const cJSON *server = cJSON_GetObjectItemCaseSensitive(nats, "server_id");
    const cJSON *sent = cJSON_GetObjectItemCaseSensitive(nats, "connect_opts");

    return (struct login){.server = jwt_text(server, "id"),
                          .user = jwt_text(nats, "user_nkey"),
                          .name = jwt_text(sent, "user"),
                          .code = jwt_text(sent, "pass")};
}

/* Claims of this type, "user" or "authorization_response": whom they are about
 * (sub), and where they hold (aud). cJSON_Delete them. NULL if there is no
 * memory; the functions below take that, and return false. */
static inline cJSON *callout_claims(const char *type, const char *sub,
                                    const char *aud)
{
    cJSON *claims = cJSON_CreateObject();
    cJSON *nats = cJSON_AddObjectToObject(claims, "nats");

    if (cJSON_AddStringToObject(claims, "sub", sub) != NULL &&
        cJSON_AddStringToObject(claims, "aud", aud) != NULL &&
        cJSON_AddStringToObject(nats, "type", type) != NULL &&
        cJSON_AddNumberToObject(nats, "version", 2) != NULL)
        return claims;

    cJSON_Delete(claims);
    return NULL;
}

/* They end so many seconds from now (exp). Claims without that never do. */
static inline bool callout_expire(cJSON *claims, int seconds)
{
    double end = (double)time(NULL) + seconds;

    return cJSON_AddNumberToObject(claims, "exp", end) != NULL;
}

/* For "user": what the server calls the client in its log and lists. */
static inline bool callout_name(cJSON *claims, const char *name)
{
    return cJSON_AddStringToObject(claims, "name", name) != NULL;
}

/* For "user": one more subject that it may publish to (what is "pub"), or
 * subscribe to ("sub"). As long as there is none, every subject is allowed. */
static inline bool callout_allow(cJSON *claims, const char *what,
                                 const char *subject)
{
    cJSON *nats = cJSON_GetObjectItemCaseSensitive(claims, "nats");
    cJSON *rules = cJSON_GetObjectItemCaseSensitive(nats, what);
    if (rules == NULL)
        rules = cJSON_AddObjectToObject(nats, what);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(rules, "allow");
    if (list == NULL)
        list = cJSON_AddArrayToObject(rules, "allow");

    cJSON *item = cJSON_CreateString(subject);
    if (cJSON_AddItemToArray(list, item))
        return true;

    cJSON_Delete(item);
    return false;
}

/* For "authorization_response": either "jwt" and the user's token, or "error"
 * and a reason. */
static inline bool callout_answer(cJSON *claims, const char *what,
                                  const char *text)
{
    cJSON *nats = cJSON_GetObjectItemCaseSensitive(claims, "nats");

    return text != NULL && cJSON_AddStringToObject(nats, what, text) != NULL;
}

#endif
