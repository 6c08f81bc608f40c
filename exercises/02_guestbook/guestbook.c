/* guestbook: prints how to use the room's guestbook, as the guestbook says it.
 *     guestbook sign NAME MESSAGE   signs it, prints its thanks
 *     guestbook guests              prints who has signed, sorted
 *     guestbook guests NAME         prints what NAME wrote, oldest first
 *
 * The guestbook is a service: it answers requests on room.guestbook and below,
 * wherever in the room it may run. */
#define _POSIX_C_SOURCE 200809L

#include "text.h" /* put_text, put_lines */

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 1000, MAX_SUBJECT = 256 };

/* What is asked, and how the reply is printed. */
struct question {
    char subject[MAX_SUBJECT];
    const char *text;
    bool (*print)(const cJSON *json); /* NULL: the reply as it came */
};

/* Says what went wrong, in one line. */
static void complain(const char *what, const char *text)
{
    fputs("guestbook: ", stderr);
    put_text(stderr, what, strlen(what));
    fputs(": ", stderr);
    put_text(stderr, text, strlen(text));
    fputc('\n', stderr);
}

/* Sends the question and waits for the first reply, which on success the caller
 * destroys. */
static natsStatus ask(natsMsg **reply, natsConnection *nc,
                      const struct question *question)
{
    /* TODO 1: this sends the question, but nobody can answer it. Send it as a
     * request instead, and wait for the reply, TIMEOUT_MS at most.
     * Look up natsConnection_RequestString. */
    (void)reply;
    return natsConnection_PublishString(nc, question->subject, question->text);
}

/* Writes prefix and name, which must be one token; false if it is not, or is
 * too long. */
static bool make_subject(char subject[MAX_SUBJECT], const char *prefix,
                         const char *name)
{
    /* TODO 3: refuse a name that is not one token: one that is empty, or has a
     * dot, a wildcard (* or >) or any space in it. Look up strpbrk. */
    return snprintf(subject, MAX_SUBJECT, "%s%s", prefix, name) < MAX_SUBJECT;
}

/* True, and a complaint, for an error. Services that are made with nats.c or
 * its like (exercise 06) name it in a header, others reply {"error":TEXT}; the
 * guestbook does both. json is the reply's, NULL where it is not JSON. */
static bool is_error(natsMsg *reply, const cJSON *json)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");
    const char *text = cJSON_GetStringValue(error);
    bool found = error != NULL && !cJSON_IsNull(error);

    /* TODO 4: {"error":TEXT} is found. Look for the header Nats-Service-Error,
     * too: if the reply has it, an error is found, and the text is its value.
     * Look up natsMsgHeader_Get. */
    (void)reply;

    if (found)
        complain("error", text != NULL ? text : "without a text");
    return found;
}

static int by_name(const void *a, const void *b)
{
    const cJSON *const *first = a;
    const cJSON *const *second = b;

    return strcmp((*first)->valuestring, (*second)->valuestring);
}

/* Prints the names of {"guests":[NAME,...]}, sorted, one a line. False, and
 * nothing printed, where json (NULL as well) is something else, or memory is
 * short. */
static bool print_guests(const cJSON *json)
{
    const cJSON *guests = cJSON_GetObjectItemCaseSensitive(json, "guests");
    const cJSON *guest;
    size_t count = 0;

    if (!cJSON_IsArray(guests))
        return false;

    cJSON_ArrayForEach(guest, guests)
    {
        if (!cJSON_IsString(guest))
            return false;
        count++;
    }

    const cJSON **sorted = calloc(count + 1, sizeof(cJSON *)); /* never empty */
    if (sorted == NULL)
        return false;

    count = 0;
    cJSON_ArrayForEach(guest, guests)
    {
        sorted[count++] = guest;
    }
    qsort(sorted, count, sizeof(cJSON *), by_name);
    for (size_t i = 0; i < count; i++) {
        put_text(stdout, sorted[i]->valuestring,
                 strlen(sorted[i]->valuestring));
        putchar('\n');
    }
    free(sorted);
    return true;
}

/* The member of an entry that is a string; else NULL. */
static const char *text_of(const cJSON *entry, const char *member)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(entry, member));
}

/* Prints the entries of {"entries":[{"message":TEXT,"time":TIME},...]}, a line
 * each, in their order, which is by age. False, and nothing printed, where json
 * (NULL as well) is something else. */
static bool print_entries(const cJSON *json)
{
    const cJSON *entries = cJSON_GetObjectItemCaseSensitive(json, "entries");
    const cJSON *entry;

    if (!cJSON_IsArray(entries))
        return false;

    /* All of them, before the first is printed. */
    cJSON_ArrayForEach(entry, entries)
    {
        if (text_of(entry, "time") == NULL || text_of(entry, "message") == NULL)
            return false;
    }

    cJSON_ArrayForEach(entry, entries)
    {
        const char *when = text_of(entry, "time");
        const char *message = text_of(entry, "message");

        put_text(stdout, when, strlen(when));
        fputs("  ", stdout);
        put_text(stdout, message, strlen(message));
        putchar('\n');
    }
    return true;
}

/* Prints the reply. False, and a complaint, where it is an error or not what
 * was asked for. */
static bool print_reply(natsMsg *reply, const struct question *question)
{
    /* TODO 2: take the payload out of the reply: its bytes, and how many.
     * Look up natsMsg_GetData and natsMsg_GetDataLength. */
    const char *data = NULL;
    size_t length = 0;

    cJSON *json = cJSON_ParseWithLength(data, length); /* NULL: not JSON */
    bool ok = !is_error(reply, json);
    if (ok && question->print == NULL) {
        put_lines(stdout, data, length);
        putchar('\n');
    } else if (ok) {
        ok = question->print(json);
        if (!ok)
            complain("not JSON as expected", question->subject);
    }
    cJSON_Delete(json);
    return ok;
}

/* False after a complaint. */
static bool ask_and_print(natsConnection *nc, const struct question *question)
{
    natsMsg *reply = NULL;

    natsStatus s = ask(&reply, nc, question);
    if (s != NATS_OK) {
        complain(question->subject, natsStatus_GetText(s));
        return false;
    }

    bool ok = print_reply(reply, question);
    natsMsg_Destroy(reply);
    return ok;
}

/* False where the arguments make no question. */
static bool make_question(struct question *question, int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    *question = (struct question){"room.guestbook", "", NULL};
    if (argc == 1)
        return true;

    if (argc == 4 && strcmp(command, "sign") == 0) {
        question->text = argv[3];
        return make_subject(question->subject, "room.guestbook.sign.", argv[2]);
    }
    if (argc == 2 && strcmp(command, "guests") == 0) {
        *question =
            (struct question){"room.guestbook.guests", "", print_guests};
        return true;
    }
    if (argc == 3 && strcmp(command, "guests") == 0) {
        question->print = print_entries;
        return make_subject(question->subject, "room.guestbook.guests.",
                            argv[2]);
    }
    return false;
}

int main(int argc, char **argv)
{
    struct question question;
    natsConnection *nc = NULL;
    bool ok = false;

    if (!make_question(&question, argc, argv)) {
        fprintf(stderr, "usage: guestbook\n"
                        "       guestbook sign NAME MESSAGE\n"
                        "       guestbook guests [NAME]\n"
                        "NAME is one word, with none of .*> in it\n");
        return 2;
    }
    const char *urls = getenv("NATS_URL");
    if (urls == NULL || urls[0] == '\0')
        urls = "nats://127.0.0.1:4222";

    natsStatus s = natsConnection_ConnectTo(&nc, urls);
    if (s == NATS_OK)
        ok = ask_and_print(nc, &question);
    else
        complain("connect", natsStatus_GetText(s));

    natsConnection_Destroy(nc); /* NULL is fine */
    nats_CloseAndWait(0);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
