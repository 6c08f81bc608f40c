/* mega, by requests: JetStream's API is on subjects, and speaks JSON. What a
 * configuration has that nats.c does not know stays as it is. */
#define _POSIX_C_SOURCE 200809L

#include "workshop.h"

#include <cjson/cJSON.h>

enum { MAX_SUBJECT = 256 };

/* Asks; *answer is for cJSON_Delete. An error is told, and NATS_ERR. */
static natsStatus ask(natsConnection *nc, const char *subject,
                      const char *question, cJSON **answer)
{
    natsMsg *reply = NULL;

    natsStatus s = natsConnection_RequestString(&reply, nc, subject, question,
                                                WORKSHOP_MS);
    if (s != NATS_OK)
        return s;

    *answer = cJSON_ParseWithLength(natsMsg_GetData(reply),
                                    (size_t)natsMsg_GetDataLength(reply));
    natsMsg_Destroy(reply);
    const cJSON *error = cJSON_GetObjectItem(*answer, "error");
    if (*answer != NULL && error == NULL)
        return NATS_OK;

    bool missing =
        cJSON_GetNumberValue(cJSON_GetObjectItem(error, "code")) == 404;
    cJSON_Delete(*answer);
    *answer = NULL;
    return missing ? NATS_NOT_FOUND : NATS_ERR;
}

static natsStatus send_config(natsConnection *nc, const char *subject,
                              const cJSON *config)
{
    cJSON *answer = NULL;
    char *text = cJSON_PrintUnformatted(config);

    if (text == NULL)
        return NATS_NO_MEMORY;
    natsStatus s = ask(nc, subject, text, &answer);
    cJSON_free(text);
    cJSON_Delete(answer);
    return s;
}

static cJSON *new_config(void)
{
    cJSON *config = cJSON_CreateObject();

    cJSON_AddStringToObject(config, "name", "global_orders");
    cJSON_AddStringToObject(config, "retention", "limits");
    cJSON_AddStringToObject(config, "storage", "file");
    cJSON_AddNumberToObject(config, "num_replicas", 3);
    cJSON_AddArrayToObject(config, "sources");
    return config;
}

static natsStatus add(natsConnection *nc, const char *domain)
{
    char subject[MAX_SUBJECT];
    cJSON *orders = NULL, *info = NULL;

    snprintf(subject, sizeof(subject), "$JS.%s.API.STREAM.INFO.orders", domain);
    natsStatus s = ask(nc, subject, "", &orders);
    cJSON_Delete(orders);
    if (s != NATS_OK)
        return s;

    s = ask(nc, "$JS.API.STREAM.INFO.global_orders", "", &info);
    bool missing = s == NATS_NOT_FOUND;
    if (s != NATS_OK && !missing)
        return s;

    cJSON *config =
        missing ? new_config() : cJSON_DetachItemFromObject(info, "config");
    cJSON_Delete(info);
    cJSON *source = cJSON_CreateObject();
    snprintf(subject, sizeof(subject), "$JS.%s.API", domain);
    cJSON_AddStringToObject(source, "name", "orders");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(source, "external"), "api",
                            subject);
    cJSON_AddItemToArray(cJSON_GetObjectItem(config, "sources"), source);
    s = send_config(nc,
                    missing ? "$JS.API.STREAM.CREATE.global_orders"
                            : "$JS.API.STREAM.UPDATE.global_orders",
                    config);
    cJSON_Delete(config);
    return s;
}

static natsStatus list(natsConnection *nc)
{
    cJSON *info = NULL;
    const cJSON *source;

    natsStatus s = ask(nc, "$JS.API.STREAM.INFO.global_orders", "", &info);
    cJSON_ArrayForEach(source, cJSON_GetObjectItem(info, "sources"))
    {
        const char *api = cJSON_GetStringValue(cJSON_GetObjectItem(
            cJSON_GetObjectItem(source, "external"), "api"));
        double active =
            cJSON_GetNumberValue(cJSON_GetObjectItem(source, "active"));
        printf("%.*s: lag %.0f, ", api ? (int)strcspn(api + 4, ".") : 1,
               api ? api + 4 : "-",
               cJSON_GetNumberValue(cJSON_GetObjectItem(source, "lag")));
        if (active < 0)
            puts("never active");
        else
            printf("active %.0f ms ago\n", active / 1e6);
    }
    cJSON_Delete(info);
    return s;
}

int main(int argc, char **argv)
{
    struct workshop ws = {0};
    bool adding = argc == 3 && strcmp(argv[1], "add") == 0 &&
                  argv[2][0] != '\0' &&
                  strpbrk(argv[2], ".*> \t\n\v\f\r") == NULL;

    if (!adding && (argc != 2 || strcmp(argv[1], "list") != 0)) {
        fprintf(stderr, "usage: mega add DOMAIN | mega list\n");
        return 2;
    }
    natsStatus s = workshop_connect(&ws, "mega");
    if (s == NATS_OK)
        s = adding ? add(ws.nc, argv[2]) : list(ws.nc);
    return workshop_close(&ws, s);
}
