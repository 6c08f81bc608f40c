/* guestbook                     prints how the room's guestbook is used
 * guestbook sign NAME MESSAGE   signs it and prints the thanks
 * guestbook guests              prints the names of all guests, sorted
 * guestbook guests NAME         prints what a guest wrote, oldest first */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <ctype.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 2000, MAX_NAME = 1000, MAX_SUBJECT = MAX_NAME + 100 };

/* Strangers wrote it: a control character could end the line or move the
 * cursor, so this prints a question mark in its place. */
static void print_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        putc(iscntrl((unsigned char)*text) ? '?' : *text, out);
}

/* Every failure is one line on stderr, written where it is noticed. */
static void complain(const char *what, const char *detail)
{
    fprintf(stderr, "guestbook: %s: ", what);
    print_text(stderr, detail);
    putc('\n', stderr);
}

/* A string in JSON; a question mark where it is none. */
static const char *string_in(const cJSON *item)
{
    return cJSON_IsString(item) ? item->valuestring : "?";
}

/* True if name is one token of a subject, and not too long for ours. */
static bool is_token(const char *name)
{
    /* TODO 3: false where name is empty or longer than MAX_NAME, or has a dot,
     * a wildcard (`*`, `>`) or white space in it: room.guestbook.sign.a.b is
     * not the subject that you meant. Look up strcspn. */
    (void)name;
    return true;
}

/* True if the reply is an error, which is complained of. */
static bool is_error(natsMsg *reply)
{
    /* TODO 2: an error comes as a reply, too. Services that are made with the
     * framework (exercise 06) put a text into the header Nats-Service-Error;
     * others send the JSON {"error":"the text"}. Complain of an `error reply`,
     * with that text, and return true.
     * Look up natsMsgHeader_Get, and in cJSON.h cJSON_ParseWithLength,
     * cJSON_GetObjectItemCaseSensitive and cJSON_Delete. */
    (void)reply;
    return false;
}

/* Sends text to subject and waits for the reply, which the caller destroys.
 * NULL after a failure, which is complained of. */
static natsMsg *ask(natsConnection *nc, const char *subject, const char *text)
{
    natsMsg *reply = NULL;

    /* TODO 1: send a request to subject, with text as its payload, and wait
     * TIMEOUT_MS for the reply. A payload has a length and no final NUL. If no
     * reply comes, complain: of `no responders` where the server says that
     * nobody listens to subject, of a `timeout` where nobody answers in time,
     * of the `request` and its status where it is something else.
     * Look up natsConnection_Request, natsStatus and natsStatus_GetText. */
    (void)nc;
    (void)subject;
    (void)text;

    if (reply != NULL && is_error(reply)) {
        natsMsg_Destroy(reply);
        reply = NULL;
    }
    return reply;
}

/* Asks and prints the reply as it is: text. */
static bool print_reply(natsConnection *nc, const char *subject,
                        const char *text)
{
    natsMsg *reply = ask(nc, subject, text);
    if (reply == NULL)
        return false;

    printf("%.*s\n", natsMsg_GetDataLength(reply), natsMsg_GetData(reply));
    natsMsg_Destroy(reply);
    return true;
}

/* Asks for JSON, {key:[...]}, and returns the list, which the caller deletes.
 * NULL after a failure, which is complained of. */
static cJSON *ask_list(natsConnection *nc, const char *subject, const char *key)
{
    cJSON *list = NULL;

    natsMsg *reply = ask(nc, subject, "");
    if (reply == NULL)
        return NULL;

    /* TODO 4: parse the payload and take the item called key out of it, into
     * list. Release the rest.
     * Look up natsMsg_GetData and natsMsg_GetDataLength, cJSON_ParseWithLength
     * and cJSON_DetachItemFromObjectCaseSensitive: all accept what is NULL. */

    natsMsg_Destroy(reply);
    if (!cJSON_IsArray(list)) {
        complain("not JSON with a list of", key);
        cJSON_Delete(list);
        list = NULL;
    }
    return list;
}

static int by_name(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;

    return strcmp(*left, *right);
}

static bool print_guests(natsConnection *nc)
{
    const char **names = NULL;
    const cJSON *guest;
    size_t count = 0;

    cJSON *guests = ask_list(nc, "room.guestbook.guests", "guests");
    if (guests == NULL)
        return false;

    names = calloc((size_t)cJSON_GetArraySize(guests) + 1, sizeof(*names));
    if (names == NULL) {
        complain("memory", "none is left");
        goto done;
    }

    cJSON_ArrayForEach(guest, guests) names[count++] = string_in(guest);
    qsort(names, count, sizeof(*names), by_name);

    for (size_t i = 0; i < count; i++) {
        print_text(stdout, names[i]);
        putchar('\n');
    }

done:
    cJSON_Delete(guests);
    bool ok = names != NULL;
    free(names);
    return ok;
}

static bool print_entries(natsConnection *nc, const char *name)
{
    char subject[MAX_SUBJECT];
    const cJSON *entry;

    snprintf(subject, sizeof(subject), "room.guestbook.guests.%s", name);
    cJSON *entries = ask_list(nc, subject, "entries");
    if (entries == NULL)
        return false;

    /* TODO 5: print a line for each entry: its `time`, two spaces, its
     * `message`. Use string_in and print_text, as print_guests does.
     * Look up cJSON_ArrayForEach and cJSON_GetObjectItemCaseSensitive. */
    (void)entry;

    cJSON_Delete(entries);
    return true;
}

static bool sign(natsConnection *nc, const char *name, const char *message)
{
    char subject[MAX_SUBJECT];

    snprintf(subject, sizeof(subject), "room.guestbook.sign.%s", name);
    return print_reply(nc, subject, message);
}

/* 0, or 2 after a complaint. */
static int check_arguments(int argc, char **argv)
{
    bool signs = argc == 4 && strcmp(argv[1], "sign") == 0;
    bool lists = (argc == 2 || argc == 3) && strcmp(argv[1], "guests") == 0;

    if (argc != 1 && !signs && !lists) {
        fprintf(stderr, "usage: guestbook\n"
                        "       guestbook sign NAME MESSAGE\n"
                        "       guestbook guests [NAME]\n");
        return 2;
    }
    if (argc > 2 && !is_token(argv[2])) {
        complain("a name is one word, without dots and wildcards", argv[2]);
        return 2;
    }
    return 0;
}

/* Ends by itself, so no signal is taken care of: it may be killed. */
int main(int argc, char **argv)
{
    natsConnection *nc = NULL;
    bool ok = false;

    int wrong = check_arguments(argc, argv);
    if (wrong != 0)
        return wrong;
    const char *url = getenv("NATS_URL");
    if (url == NULL)
        url = "nats://127.0.0.1:4222";

    natsStatus s = natsConnection_ConnectTo(&nc, url);
    if (s != NATS_OK) {
        complain("connect", natsStatus_GetText(s));
        goto done;
    }

    if (argc == 1)
        ok = print_reply(nc, "room.guestbook", "");
    else if (argc == 2)
        ok = print_guests(nc);
    else if (argc == 3)
        ok = print_entries(nc, argv[2]);
    else
        ok = sign(nc, argv[2], argv[3]);

done:
    natsConnection_Destroy(nc); /* NULL is fine */
    nats_CloseAndWait(0);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
