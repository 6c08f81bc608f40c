/* guestbook: prints how to use the room's guestbook, as the guestbook says it.
 *     guestbook sign NAME MESSAGE   signs it, prints its thanks
 *     guestbook guests              prints who has signed, sorted
 *     guestbook guests NAME         prints what NAME wrote, oldest first
 *
 * The guestbook is a service: it answers requests on room.guestbook and below,
 * wherever in the room it may run. */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <ctype.h>
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

/* Prints what somebody in the room wrote, as one line's part: what would steer
 * a terminal, newlines as well, becomes '?'. */
static void put_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(iscntrl((unsigned char)*text) ? '?' : *text, out);
}

/* Says what went wrong, in one line. */
static void complain(const char *what, const char *text)
{
    fprintf(stderr, "guestbook: %s: ", what);
    put_text(stderr, text);
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
    /* TODO 2: refuse a name that is not one token: one that is empty, or holds
     * a dot, a wildcard (* or >) or any space. Look up strpbrk. */
    return snprintf(subject, MAX_SUBJECT, "%s%s", prefix, name) < MAX_SUBJECT;
}

/* True, and a complaint, for an error. Services that are made with nats.c or
 * its like (exercise 06) name it in a header, others reply {"error":TEXT}; the
 * guestbook does both. json is the reply's, NULL where it is not JSON. */
static bool is_error(natsMsg *reply, const cJSON *json)
{
    const char *header = NULL;

    natsStatus s = natsMsgHeader_Get(reply, "Nats-Service-Error", &header);
    if (s == NATS_OK) {
        complain("error", header);
        return true;
    }

    /* TODO 3: has json a member "error" that is a string? Then complain about
     * "error" with its text, and return true.
     * Look up cJSON_GetObjectItemCaseSensitive and cJSON_GetStringValue. */
    (void)json;
    return false;
}

/* Prints the names of {"guests":[NAME,...]}, sorted, one a line. False where
 * json (NULL as well) is something else, or memory is short. */
static bool print_guests(const cJSON *json)
{
    const cJSON *guests = cJSON_GetObjectItemCaseSensitive(json, "guests");
    const cJSON *guest;

    if (!cJSON_IsArray(guests))
        return false;

    /* TODO 4: this prints the names in any order. Collect them in an array
     * instead, sort that, then print.
     * Look up cJSON_GetArraySize and qsort. */
    cJSON_ArrayForEach(guest, guests)
    {
        if (cJSON_IsString(guest)) {
            put_text(stdout, guest->valuestring);
            putchar('\n');
        }
    }
    return true;
}

/* Prints the entries of {"entries":[{"message":TEXT,"time":TIME},...]}, a line
 * each, in their order, which is by age. False where json (NULL as well) is
 * something else. */
static bool print_entries(const cJSON *json)
{
    /* TODO 5: print them, as print_guests does with the names: the time, two
     * spaces, the message. These two are members of each entry. */
    (void)json;
    return true;
}

/* Prints the reply. False, and a complaint, where it is an error or not what
 * was asked for. */
static bool print_reply(natsMsg *reply, const struct question *question)
{
    const char *data = natsMsg_GetData(reply); /* NULL where it is empty */
    size_t length = (size_t)natsMsg_GetDataLength(reply);

    cJSON *json = cJSON_ParseWithLength(data, length); /* NULL: not JSON */
    bool ok = !is_error(reply, json);
    if (ok && question->print == NULL) {
        fwrite(data, 1, length, stdout);
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
    const char *url = getenv("NATS_URL");
    if (url == NULL)
        url = "nats://127.0.0.1:4222";

    natsStatus s = natsConnection_ConnectTo(&nc, url);
    if (s == NATS_OK)
        ok = ask_and_print(nc, &question);
    else
        complain("connect", natsStatus_GetText(s));

    natsConnection_Destroy(nc); /* NULL is fine */
    nats_CloseAndWait(0);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
