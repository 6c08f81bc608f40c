/*
 * The guestbook: a micro service that lets the room write into a book (book.h).
 *
 *   room.guestbook              how to use it
 *   room.guestbook.sign.NAME    payload: a message. Adds an entry
 *   room.guestbook.guests       {"guests":[NAME,...]}
 *   room.guestbook.guests.NAME  {"name":NAME,"entries":[{"message":...,
 *                               "time":RFC 3339},...]}, oldest first
 *
 * An error is answered with {"error":...} and the headers of a service error.
 * Several guestbooks may run at once. GUESTBOOK_REPLICAS says how many servers
 * keep a copy of the book, 3 if unset.
 */
#include "book.h"

#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SUBJECT "room.guestbook"
#define SERVERS_MAX 16

/* Of two signals that wait, the lower is taken first: it is what came first. */
#define SIG_OVERRUN SIGUSR1
#define SIG_DONE SIGUSR2

#define OPEN_MS 30000  /* for the cluster to be there, at the start */
#define ANSWER_MS 1000 /* for one answer of a server */
#define STOP_MS 5000   /* for the requests in hand, at the end */

static const char USAGE[] =
    "This is the guestbook of the room. Send requests to:\n"
    "\n"
    "  room.guestbook              for this text\n"
    "  room.guestbook.sign.NAME    to sign it: the payload is your message\n"
    "  room.guestbook.guests       for the names of all guests, as JSON\n"
    "  room.guestbook.guests.NAME  for what a guest wrote, as JSON\n"
    "\n"
    "A name has 1 to 64 letters of a to z, digits or - _ / = in it.\n"
    "A message is one line of text, at most 1000 bytes. The last 5 of a guest\n"
    "are kept. An error is JSON too: {\"error\":\"...\"}";

static void complain(const char *what, natsStatus s)
{
    const char *reason = natsStatus_GetText(s);

    if (s == NATS_ERR) /* JetStream refused: it said why */
        reason = nats_GetLastError(NULL);
    fprintf(stderr, "guestbook: %s: %s\n", what, reason);
}

/* ---- the requests: handlers run on nats.c threads, one an endpoint ---- */

/* Answers a request, with an error if error is not NULL (it is taken). Who
 * published instead of asking gets no answer, and that is no failure. */
static microError *answer(microRequest *req, microError *error,
                          const char *data, size_t len)
{
    if (microRequest_GetReply(req) == NULL) {
        microError_Destroy(error);
        return NULL;
    }
    return microRequest_RespondCustom(req, error, data, len);
}

/* Answers {"error":text}, and in headers for those who look there. */
static microError *answer_error(microRequest *req, int code, const char *text)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "error", text);
    char *body = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (body == NULL)
        return micro_ErrorfCode(500, "out of memory");

    microError *error =
        answer(req, micro_ErrorfCode(code, "%s", text), body, strlen(body));
    cJSON_free(body);
    return error;
}

/* The same for a call of nats.c that failed while it did what. */
static microError *answer_failure(microRequest *req, const char *what,
                                  natsStatus s)
{
    complain(what, s);
    return answer_error(req, 503,
                        "the guestbook is out of reach: try again in a moment");
}

static microError *answer_json(microRequest *req, const cJSON *json)
{
    int64_t most =
        natsConnection_GetMaxPayload(microRequest_GetConnection(req));
    char *body = cJSON_PrintUnformatted(json);
    microError *error = NULL;

    if (body == NULL)
        return micro_ErrorfCode(500, "out of memory");
    if (strlen(body) > (size_t)most)
        error = answer_error(req, 500, "the answer does not fit a message");
    else
        error = answer(req, NULL, body, strlen(body));
    cJSON_free(body);
    return error;
}

static const char *last_token(const char *subject)
{
    const char *dot = strrchr(subject, '.');
    return dot == NULL ? subject : dot + 1;
}

/* room.guestbook */
static microError *on_usage(microRequest *req)
{
    return answer(req, NULL, USAGE, strlen(USAGE));
}

static const char NOT_A_NAME[] =
    "not a name: a name has 1 to 64 letters of a to z, digits or - _ / =";

/* room.guestbook.sign.NAME */
static microError *on_sign(microRequest *req)
{
    struct book *book = microRequest_GetEndpointState(req);
    const char *name = last_token(microRequest_GetSubject(req));
    const char *data = microRequest_GetData(req);
    int len = microRequest_GetDataLength(req);
    uint64_t number = 0;
    char thanks[128];

    if (!book_is_name(name))
        return answer_error(req, 400, NOT_A_NAME);
    const char *fault = book_message_fault(data, (size_t)len);
    if (fault != NULL)
        return answer_error(req, 400, fault);

    natsStatus s = book_sign(book, &number, name, data, len);
    if (s != NATS_OK)
        return answer_failure(req, "sign", s);

    int n = snprintf(thanks, sizeof thanks,
                     "Thank you, %s! Yours is entry number %llu.", name,
                     (unsigned long long)number);
    return answer(req, NULL, thanks, (size_t)n);
}

/* room.guestbook.guests */
static microError *on_guests(microRequest *req)
{
    struct book *book = microRequest_GetEndpointState(req);
    cJSON *json = cJSON_CreateObject();
    microError *error = NULL;

    natsStatus s = book_names(book, cJSON_AddArrayToObject(json, "guests"));
    if (s == NATS_OK)
        error = answer_json(req, json);
    else
        error = answer_failure(req, "guests", s);
    cJSON_Delete(json);
    return error;
}

/* room.guestbook.guests.NAME */
static microError *on_guest(microRequest *req)
{
    struct book *book = microRequest_GetEndpointState(req);
    const char *name = last_token(microRequest_GetSubject(req));
    microError *error = NULL;
    char unknown[128];

    if (!book_is_name(name))
        return answer_error(req, 400, NOT_A_NAME);

    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", name);
    natsStatus s =
        book_entries(book, cJSON_AddArrayToObject(json, "entries"), name);
    if (s == NATS_OK) {
        error = answer_json(req, json);
    } else if (s == NATS_NOT_FOUND) {
        snprintf(unknown, sizeof unknown, "no such guest: %s", name);
        error = answer_error(req, 404, unknown);
    } else {
        error = answer_failure(req, "guest", s);
    }
    cJSON_Delete(json);
    return error;
}

/* ---- the service ---- */

/* These run on nats.c threads and wake main, which alone starts and ends
 * things: the last request of a service that ends is done; */
static void on_done(microService *service)
{
    (void)service;
    kill(getpid(), SIG_DONE);
}

/* nats.c had to drop a message, as in a flood. It then ends the service, once
 * all that is queued is done, which may take minutes. */
static void on_overrun(microService *service, microEndpoint *endpoint,
                       natsStatus s)
{
    (void)service;
    (void)endpoint;
    (void)s;
    kill(getpid(), SIG_OVERRUN);
}

/* True if there is an error, which is reported and released. */
static bool is_error(const char *what, microError *error)
{
    char text[256];

    if (error == NULL)
        return false;
    fprintf(stderr, "guestbook: %s: %s\n", what,
            microError_String(error, text, sizeof text));
    microError_Destroy(error);
    return true;
}

static bool service_add_endpoints(microService *service, struct book *book)
{
    /* The first one last: where its subject is known, all the others are. */
    microEndpointConfig endpoints[] = {
        {.Name = "sign",
         .Subject = SUBJECT ".sign.*",
         .Metadata = {(const char *[]){"description", "signs the guestbook"},
                      1},
         .Handler = on_sign},
        {.Name = "guests",
         .Subject = SUBJECT ".guests",
         .Metadata = {(const char *[]){"description", "names all guests"}, 1},
         .Handler = on_guests},
        {.Name = "guest",
         .Subject = SUBJECT ".guests.*",
         .Metadata = {(const char *[]){"description", "what a guest wrote"}, 1},
         .Handler = on_guest},
        {.Name = "usage",
         .Subject = SUBJECT,
         .Metadata = {(const char *[]){"description", "how to use it"}, 1},
         .Handler = on_usage},
    };

    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        endpoints[i].State = book;
        if (is_error(endpoints[i].Name,
                     microService_AddEndpoint(service, &endpoints[i])))
            return false;
    }
    return true;
}

/* Starts the service. On success *service is the caller's, for
 * microService_Destroy. */
static bool service_start(microService **service, natsConnection *nc,
                          struct book *book)
{
    microServiceConfig config = {
        .Name = "guestbook",
        .Version = "1.0.0",
        .Description = "Who was in the room and what they had to say",
        .ErrHandler = on_overrun,
        .DoneHandler = on_done,
    };

    if (is_error("service", micro_AddService(service, nc, &config)))
        return false;
    if (service_add_endpoints(*service, book))
        return true;
    microService_Destroy(*service);
    *service = NULL;
    return false;
}

/* Waits until the service answers through this server. A server that cannot be
 * reached has nobody waiting for an answer: true as well. */
static bool answers_through(const char *url)
{
    int64_t give_up = nats_Now() + OPEN_MS;
    natsConnection *nc = NULL;
    natsMsg *reply = NULL;

    if (natsConnection_ConnectTo(&nc, url) != NATS_OK)
        return true;

    natsStatus s = NATS_NO_RESPONDERS;
    while ((s == NATS_NO_RESPONDERS || s == NATS_TIMEOUT) &&
           nats_Now() < give_up)
        s = natsConnection_RequestString(&reply, nc, SUBJECT, "", ANSWER_MS);

    natsMsg_Destroy(reply);
    natsConnection_Destroy(nc);
    return s == NATS_OK;
}

/* Says that the guestbook is open when it is: the other servers of the cluster
 * hear of a new subscription a moment after ours. */
static bool announce(const char *const urls[], int count)
{
    for (int i = 0; i < count; i++) {
        if (!answers_through(urls[i])) {
            fprintf(stderr, "guestbook: no answer through %s\n", urls[i]);
            return false;
        }
    }
    puts("guestbook: open on " SUBJECT);
    return true;
}

/* False if SIG_DONE does not come in time. Other signals are kept for main. */
static bool await_done(void)
{
    const struct timespec limit = {.tv_sec = STOP_MS / 1000};
    sigset_t done;

    sigemptyset(&done);
    sigaddset(&done, SIG_DONE);
    return sigtimedwait(&done, NULL, &limit) == SIG_DONE;
}

/* Ends the service: gently, so that the requests in hand are answered, or as
 * they are dropped. No handler runs afterwards and the connection is closed. */
static bool service_end(microService *service, natsConnection *nc, bool gently)
{
    gently = gently && natsConnection_Status(nc) == NATS_CONN_STATUS_CONNECTED;
    bool done =
        gently && !is_error("stop", microService_Stop(service)) && await_done();
    bool sent = done && natsConnection_FlushTimeout(nc, ANSWER_MS) == NATS_OK;

    natsConnection_Close(nc);
    if (!done)
        await_done();
    microService_Destroy(service);
    return sent || !gently;
}

/* ---- the program ---- */

/* Connects to the first server that answers, and for ever. */
static natsStatus connect_to(natsConnection **nc, const char *urls[], int count)
{
    natsOptions *options = NULL;

    natsStatus s = natsOptions_Create(&options);
    if (s != NATS_OK)
        return s;

    s = natsOptions_SetServers(options, urls, count);
    if (s == NATS_OK)
        s = natsOptions_SetName(options, "guestbook");
    if (s == NATS_OK)
        s = natsOptions_SetMaxReconnect(options, -1);
    if (s == NATS_OK)
        s = natsOptions_SetIgnoreAuthErrorAbort(options, true);
    if (s == NATS_OK)
        s = natsOptions_SetReconnectWait(options, 500);
    if (s == NATS_OK)
        s = natsConnection_Connect(nc, options);
    natsOptions_Destroy(options);
    return s;
}

/* Opens the book as soon as the cluster is able to. A signal ends the wait and
 * is stored in *sig. */
static natsStatus open_in_time(struct book **book, natsConnection *nc,
                               int replicas, const sigset_t *wake, int *sig)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    int64_t give_up = nats_Now() + OPEN_MS;

    natsStatus s = book_open(book, nc, replicas);
    while (s != NATS_OK && nats_Now() < give_up) {
        int got = sigtimedwait(wake, NULL, &pause);
        if (got != -1) {
            *sig = got;
            return s;
        }
        s = book_open(book, nc, replicas);
    }
    return s;
}

/* Serves until a signal comes, which is returned; 0 if something failed. */
static int serve(const char *urls[], int count, int replicas,
                 const sigset_t *wake)
{
    natsConnection *nc = NULL;
    struct book *book = NULL;
    microService *service = NULL;
    int sig = 0;

    natsStatus s = connect_to(&nc, urls, count);
    if (s != NATS_OK) {
        complain("connect", s);
        goto done;
    }
    s = open_in_time(&book, nc, replicas, wake, &sig);
    if (s != NATS_OK) {
        if (sig == 0)
            complain("open the book", s);
        goto done;
    }
    if (service_start(&service, nc, book)) {
        if (announce(urls, count))
            sigwait(wake, &sig);
        if (!service_end(service, nc, sig != SIG_OVERRUN))
            sig = 0;
    }

done:
    book_close(book);
    natsConnection_Destroy(nc);
    return sig;
}

/* Splits a comma-separated list where it stands. */
static int split(char *list, const char *items[], int most)
{
    char *rest = NULL;
    int count = 0;

    for (char *item = strtok_r(list, ",", &rest); item != NULL && count < most;
         item = strtok_r(NULL, ",", &rest))
        items[count++] = item;
    return count;
}

/* A number from 1 to 5 of the environment; 0 if it is something else. */
static int replicas_wanted(void)
{
    const char *text = getenv("GUESTBOOK_REPLICAS");

    if (text == NULL)
        return 3;
    if (strlen(text) != 1 || text[0] < '1' || text[0] > '5')
        return 0;
    return text[0] - '0';
}

int main(void)
{
    int replicas = replicas_wanted();
    const char *url = getenv("NATS_URL");
    const char *urls[SERVERS_MAX];
    int sig = SIG_OVERRUN;
    sigset_t wake;

    if (replicas == 0) {
        fprintf(stderr, "guestbook: GUESTBOOK_REPLICAS is 1 to 5\n");
        return 2;
    }

    /* Block before nats.c starts threads, which inherit the mask: only main
     * takes these signals, where it waits for them. */
    sigemptyset(&wake);
    sigaddset(&wake, SIGINT);
    sigaddset(&wake, SIGTERM);
    sigaddset(&wake, SIG_DONE);
    sigaddset(&wake, SIG_OVERRUN);
    pthread_sigmask(SIG_BLOCK, &wake, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0); /* the ready line must not wait */
    setlocale(LC_CTYPE, "C.UTF-8");   /* for the book */

    char *list = strdup(url == NULL ? NATS_DEFAULT_URL : url);
    if (list == NULL)
        return EXIT_FAILURE;
    int count = split(list, urls, SERVERS_MAX);

    while (sig == SIG_OVERRUN) /* start anew, without what is queued */
        sig = serve(urls, count, replicas, &wake);

    nats_CloseAndWait(STOP_MS);
    free(list);
    return sig == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
