/* fleet.h: what a device of a fleet is, and says. Given in exercises 15 to 18,
 * so that you can think about the pattern.
 *
 *     device d1 --group pumps --region north --set fw=3 --set on=true
 *
 * is a device with these facts:
 *
 *     {"id":"d1","group":"pumps","region":"north","fw":3,"on":true}
 */
#ifndef FLEET_H
#define FLEET_H

#include "text.h"
#include "workshop.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { FLEET_TOKEN = 64 }; /* bytes in one, at most */

/* Is this one token of a subject, as in fleet.stats.GROUP.REGION? */
static inline bool fleet_is_token(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;

    while (*c > ' ' && *c != 0x7f)
        c++;
    size_t length = (size_t)((const char *)c - text);
    return *c == '\0' && length > 0 && length <= FLEET_TOKEN &&
           strpbrk(text, ".*>") == NULL;
}

/* ---- JSON ---------------------------------------------------------------- */

/* The object that is all of this text, whose length bytes need not end in a
 * NUL; cJSON_Delete it. NULL where there is anything else. */
static inline cJSON *fleet_parse(const char *text, size_t length)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text, length, &end, false);

    while (json != NULL && end < text + length && strchr(" \t\r\n", *end))
        end++;
    if (cJSON_IsObject(json) && end == text + length)
        return json;
    cJSON_Delete(json);
    return NULL;
}

/* Says on stderr that this is no JSON object, and what it is. */
static inline void fleet_complain(const char *program, natsMsg *msg)
{
    fprintf(stderr, "%s: not a JSON object: ", program);
    put_text(stderr, natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg));
    putc('\n', stderr);
}

/* Replies to msg with this JSON. Whether it could: nobody waits for a reply to
 * what was only published. */
static inline bool fleet_reply(natsConnection *nc, natsMsg *msg,
                               const cJSON *json)
{
    const char *reply = natsMsg_GetReply(msg);
    char *text = reply != NULL ? cJSON_PrintUnformatted(json) : NULL;

    if (text == NULL)
        return false;
    natsStatus s = natsConnection_PublishString(nc, reply, text);
    if (s != NATS_OK)
        workshop_complain("device", s);
    cJSON_free(text);
    return s == NATS_OK;
}

/* ---- a device's command line --------------------------------------------- */

/* What cJSON takes for a number, and JSON doesn't: 007 would lose its zeros. */
static inline bool fleet_is_no_number(const cJSON *value, const char *text)
{
    if (!cJSON_IsNumber(value))
        return false;
    if (*text == '-')
        text++;
    return !isfinite(value->valuedouble) ||
           (text[0] == '0' && text[1] >= '0' && text[1] <= '9');
}

/* What a KEY is set to: JSON as what it is, all else as a string. */
static inline cJSON *fleet_value(const char *text)
{
    cJSON *value = cJSON_ParseWithOpts(text, NULL, true);

    if (value != NULL && !fleet_is_no_number(value, text))
        return value;
    cJSON_Delete(value);
    return cJSON_CreateString(text);
}

/* KEY=VALUE becomes a fact, instead of an earlier one of that KEY. False where
 * it's something else, or what a device is known by. */
static inline bool fleet_set(cJSON *facts, const char *setting)
{
    const char *equals = strchr(setting, '=');
    size_t length = equals != NULL ? (size_t)(equals - setting) : 0;
    char key[64];

    if (length == 0 || length >= sizeof(key))
        return false;
    memcpy(key, setting, length);
    key[length] = '\0';
    if (strcmp(key, "id") == 0 || strcmp(key, "group") == 0 ||
        strcmp(key, "region") == 0)
        return false;
    cJSON_DeleteItemFromObjectCaseSensitive(facts, key);
    return cJSON_AddItemToObject(facts, key, fleet_value(equals + 1));
}

static inline bool fleet_option(cJSON *facts, const char *name,
                                const char *value)
{
    if (strcmp(name, "--set") == 0)
        return fleet_set(facts, value);
    if (strcmp(name, "--group") != 0 && strcmp(name, "--region") != 0)
        return false;
    return fleet_is_token(value) &&
           !cJSON_HasObjectItem(facts, name + 2) && /* not twice */
           cJSON_AddStringToObject(facts, name + 2, value) != NULL;
}

/* The text of a fact: "id", "group" and "region" always have one. It belongs to
 * facts. */
static inline const char *fleet_text(const cJSON *facts, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(facts, name));
}

/* The facts of a device, as its command line has them; cJSON_Delete them. NULL,
 * after a line on stderr, where it's wrong: then end with status 2. */
static inline cJSON *fleet_facts(int argc, char **argv)
{
    cJSON *facts = cJSON_CreateObject();
    bool ok = argc >= 2 && argc % 2 == 0 && fleet_is_token(argv[1]);

    if (ok)
        ok = cJSON_AddStringToObject(facts, "id", argv[1]) != NULL;
    for (int i = 2; ok && i < argc; i += 2)
        ok = fleet_option(facts, argv[i], argv[i + 1]);
    if (ok && fleet_text(facts, "group") && fleet_text(facts, "region"))
        return facts;

    fprintf(stderr, "usage: device ID --group GROUP --region REGION "
                    "[--set KEY=VALUE]...\n"
                    "ID, GROUP and REGION are one token of a subject each.\n");
    cJSON_Delete(facts);
    return NULL;
}

#endif
