/* guestbook, where a request is made of its parts: an inbox, a subscription, a
 * question that names the inbox, and the first message there. */
#define _POSIX_C_SOURCE 200809L

#include "text.h"

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 1000, MAX_SUBJECT = 1024 };

static int fail(const char *what, const char *text)
{
    fputs("guestbook: ", stderr);
    put_text(stderr, what, strlen(what));
    fputs(" ", stderr);
    put_text(stderr, text, strlen(text));
    fputs("\n", stderr);
    return EXIT_FAILURE;
}

static bool is_token(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && strcspn(text, ".*> \t\r\n\f\v") == length;
}

/* The server says by a message of its own that nobody is there. */
static natsStatus first_of(natsMsg **reply, natsSubscription *sub)
{
    natsStatus s = natsSubscription_NextMsg(reply, sub, TIMEOUT_MS);

    if (s == NATS_OK && natsMsg_IsNoResponders(*reply)) {
        natsMsg_Destroy(*reply);
        *reply = NULL;
        s = NATS_NO_RESPONDERS;
    }
    return s;
}

static natsStatus ask(natsMsg **reply, natsConnection *nc, const char *subject,
                      const char *text)
{
    natsSubscription *sub = NULL;
    natsInbox *inbox = NULL;

    natsStatus s = natsInbox_Create(&inbox);
    if (s == NATS_OK)
        s = natsConnection_SubscribeSync(&sub, nc, inbox);
    if (s == NATS_OK)
        s = natsSubscription_AutoUnsubscribe(sub, 1);
    if (s == NATS_OK)
        s = natsConnection_PublishRequestString(nc, subject, inbox, text);
    if (s == NATS_OK)
        s = first_of(reply, sub);
    natsSubscription_Destroy(sub);
    natsInbox_Destroy(inbox);
    return s;
}

/* Inserts a name where it belongs. */
static void insert(const char **names, size_t count, const char *name)
{
    size_t i = count;

    for (; i > 0 && strcmp(names[i - 1], name) > 0; i--)
        names[i] = names[i - 1];
    names[i] = name;
}

static bool print_guests(const cJSON *json)
{
    const cJSON *guests = cJSON_GetObjectItemCaseSensitive(json, "guests");
    size_t count = (size_t)cJSON_GetArraySize(guests), i = 0;
    const char **names = calloc(count + 1, sizeof(*names));
    bool ok = cJSON_IsArray(guests);
    const cJSON *guest = NULL;

    cJSON_ArrayForEach(guest, guests)
    {
        ok = ok && cJSON_IsString(guest);
        if (ok)
            insert(names, i++, guest->valuestring);
    }
    for (i = 0; ok && i < count; i++) {
        put_text(stdout, names[i], strlen(names[i]));
        putchar('\n');
    }
    free(names);
    return ok;
}

/* Into memory first: half an answer is none. */
static bool print_entries(const cJSON *json)
{
    const cJSON *entries = cJSON_GetObjectItemCaseSensitive(json, "entries");
    bool ok = cJSON_IsArray(entries);
    const cJSON *entry = NULL;
    char *text = NULL;
    size_t size = 0;

    FILE *out = open_memstream(&text, &size);
    cJSON_ArrayForEach(entry, entries)
    {
        const cJSON *when = cJSON_GetObjectItemCaseSensitive(entry, "time");
        const cJSON *what = cJSON_GetObjectItemCaseSensitive(entry, "message");

        ok = ok && cJSON_IsString(when) && cJSON_IsString(what);
        if (!ok)
            break;
        put_text(out, when->valuestring, strlen(when->valuestring));
        fputs("  ", out);
        put_text(out, what->valuestring, strlen(what->valuestring));
        fputs("\n", out);
    }
    fclose(out);
    if (ok)
        fwrite(text, 1, size, stdout);
    free(text);
    return ok;
}

/* Returns main's exit status. print: NULL for the reply as it is. */
static int show(natsMsg *reply, bool (*print)(const cJSON *))
{
    const char *data = natsMsg_GetData(reply), *header = NULL;
    size_t length = (size_t)natsMsg_GetDataLength(reply);
    int status = EXIT_SUCCESS;

    if (natsMsgHeader_Get(reply, "Nats-Service-Error", &header) == NATS_OK)
        return fail("error:", header);

    cJSON *json = cJSON_ParseWithLength(data, length);
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");
    if (error != NULL && !cJSON_IsNull(error)) {
        const char *text = cJSON_GetStringValue(error);
        status = fail("error:", text != NULL ? text : "(no text)");
    } else if (print == NULL) {
        put_lines(stdout, data, length);
        putchar('\n');
    } else if (!print(json)) {
        status = fail("not JSON,", "or not the right one");
    }
    cJSON_Delete(json);
    return status;
}

static int ask_and_show(const char *subject, const char *text,
                        bool (*print)(const cJSON *))
{
    const char *urls = getenv("NATS_URL");
    natsConnection *nc = NULL;
    natsMsg *reply = NULL;
    int status;

    natsStatus s =
        natsConnection_ConnectTo(&nc, urls != NULL ? urls : NATS_DEFAULT_URL);
    if (s == NATS_OK)
        s = ask(&reply, nc, subject, text);
    if (s == NATS_OK)
        status = show(reply, print);
    else if (s == NATS_NO_RESPONDERS)
        status = fail("no responders", "");
    else if (s == NATS_TIMEOUT)
        status = fail("timeout", "");
    else
        status = fail(natsStatus_GetText(s), "");
    natsMsg_Destroy(reply);
    natsConnection_Destroy(nc);
    nats_CloseAndWait(0);
    return status;
}

int main(int argc, char **argv)
{
    char subject[MAX_SUBJECT];
    bool signing = argc == 4 && strcmp(argv[1], "sign") == 0;
    bool reading = argc >= 2 && argc <= 3 && strcmp(argv[1], "guests") == 0;

    if ((argc > 1 && !signing && !reading) ||
        (argc > 2 && (!is_token(argv[2]) || strlen(argv[2]) > 900))) {
        fputs("usage: guestbook [sign NAME MESSAGE | guests [NAME]]\n", stderr);
        return 2;
    }
    snprintf(subject, sizeof(subject), "room.guestbook%s%s%s%s",
             argc > 1 ? "." : "", argc > 1 ? argv[1] : "", argc > 2 ? "." : "",
             argc > 2 ? argv[2] : "");
    return ask_and_show(subject, signing ? argv[3] : "",
                        !reading    ? NULL
                        : argc == 2 ? print_guests
                                    : print_entries);
}
