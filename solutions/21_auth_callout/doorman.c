/* doorman SEED: decides who may log in to a server, until SIGINT or SIGTERM.
 * SEED is a file with the seed of the account that signs its answers.
 *
 * For each client that wants to log in, the server asks on $SYS.REQ.USER.AUTH.
 * The answer is a token that says what the client may do, or an error. */
#define _POSIX_C_SOURCE 200809L

#include "21_auth_callout/callout.h"
#include "21_auth_callout/doors.h"
#include "21_auth_callout/service.h"
#include "text.h"
#include "workshop.h"

#define ACCOUNT "ROOM" /* where those are whom we let in */

enum { STAY_S = 600, MISSES = 5, MAX_SUBJECT = 64 };

struct doorman {
    struct jwt_issuer issuer;
    struct doors doors;
    struct service service;
};

/* The claims are what their issuer has signed. Is that the server which asks,
 * do they mean a login, and does the server still wait? */
static bool is_request(const cJSON *claims, const struct login *login)
{
    return strcmp(jwt_text(claims, "iss"), login->server) == 0 &&
           strcmp(jwt_text(claims, "aud"), "nats-authorization-request") == 0 &&
           jwt_number(claims, "exp") >= (double)time(NULL);
}

/* May they come in? NULL if so, otherwise why not. */
static const char *decide(struct doors *doors, const struct login *login)
{
    char *code;
    int misses;

    if (!doors_is_name(login->name))
        return "unknown";

    natsStatus s = doors_count_misses(doors, login->name, &misses);
    if (s != NATS_OK)
        return "not now";
    if (misses >= MISSES)
        return "locked out";

    s = doors_get_code(doors, login->name, &code);
    if (s != NATS_OK)
        return s == NATS_NOT_FOUND ? "unknown" : "not now";

    bool same = doors_is_same(code, login->code);
    free(code);
    if (same)
        return NULL;

    s = doors_add_miss(doors, login->name);
    return s == NATS_OK ? "wrong code" : "not now";
}

/* What somebody of this name may do: use their desk, and get replies. */
static bool allow_own(cJSON *claims, const char *name)
{
    char desk[MAX_SUBJECT], inbox[MAX_SUBJECT];

    snprintf(desk, sizeof(desk), "room.desk.%s.>", name);
    snprintf(inbox, sizeof(inbox), "_INBOX_%s.>", name);
    return callout_allow(claims, "pub", desk) &&
           callout_allow(claims, "sub", desk) &&
           callout_allow(claims, "sub", inbox);
}

/* The client's token: who it is, until when, and what it may do. free() it;
 * NULL without memory. */
static char *make_user(const struct jwt_issuer *issuer,
                       const struct login *login)
{
    char *token = NULL;

    cJSON *claims = callout_claims("user", login->user, ACCOUNT);
    if (callout_name(claims, login->name) && callout_expire(claims, STAY_S) &&
        allow_own(claims, login->name))
        token = jwt_sign(issuer, claims);

    cJSON_Delete(claims); /* NULL is fine */
    return token;
}

/* What the server gets: the client's token, or why there is none. free() it;
 * NULL without memory. */
static char *make_answer(const struct jwt_issuer *issuer,
                         const struct login *login, const char *why)
{
    char *answer = NULL;

    char *user = why == NULL ? make_user(issuer, login) : NULL;
    cJSON *claims =
        callout_claims("authorization_response", login->user, login->server);
    if (callout_answer(claims, why == NULL ? "jwt" : "error",
                       why == NULL ? user : why))
        answer = jwt_sign(issuer, claims);

    cJSON_Delete(claims);
    free(user);
    return answer;
}

/* One line for each decision. The name is any bytes that a stranger likes. */
static void print_decision(const char *why, const char *name)
{
    flockfile(stdout);
    printf("%s: ", why == NULL ? "come in" : why);
    put_text(stdout, name, strnlen(name, DOORS_LONGEST));
    putchar('\n');
    funlockfile(stdout);
}

/* Runs on a thread of nats.c, once per request. */
static microError *on_login(microRequest *req)
{
    struct doorman *doorman = microRequest_GetEndpointState(req);
    microError *err = NULL;

    cJSON *claims = jwt_open(microRequest_GetData(req),
                             (size_t)microRequest_GetDataLength(req), 'N');
    struct login login = callout_login(claims);
    if (!is_request(claims, &login)) {
        fprintf(stderr, "doorman: no request of a server, ignored\n");
        goto done; /* without an answer: a forger shall learn nothing */
    }

    const char *why = decide(&doorman->doors, &login);
    print_decision(why, login.name);
    char *answer = make_answer(&doorman->issuer, &login, why);
    if (answer == NULL)
        err = micro_ErrorfCode(500, "no answer could be made");
    else
        err = microRequest_Respond(req, answer, strlen(answer));
    free(answer);

done:
    cJSON_Delete(claims);
    return err;
}

/* Doormen are in one queue group, as instances of any service are. */
static natsStatus start(struct doorman *doorman, natsConnection *nc)
{
    microServiceConfig config = {
        .Name = "doorman",
        .Version = "0.0.1",
        .Description = "Decides who may log in",
    };
    microEndpointConfig login = {
        .Name = "login",
        .Subject = "$SYS.REQ.USER.AUTH",
        .Handler = on_login,
        .State = doorman,
    };

    natsStatus s = service_start(&doorman->service, nc, &config, &login);
    if (s != NATS_OK)
        return s;

    return natsConnection_FlushTimeout(nc, WORKSHOP_MS);
}

static natsStatus run(struct doorman *doorman, struct workshop *ws,
                      sigset_t *stop)
{
    natsStatus s = workshop_connect(ws, "doorman");
    if (s != NATS_OK)
        return s;

    s = doors_open(&doorman->doors, ws);
    if (s != NATS_OK)
        return s;

    s = start(doorman, ws->nc);
    if (s != NATS_OK)
        return s;

    printf("the door is open\n");
    workshop_await_signal(stop);

    s = service_stop(&doorman->service);
    natsStatus drained = workshop_drain(ws);
    return s != NATS_OK ? s : drained;
}

int main(int argc, char **argv)
{
    struct workshop ws = {.name = "doorman"};
    struct doorman doorman = {0};
    sigset_t stop;

    if (argc != 2) {
        fprintf(stderr, "usage: doorman SEED\n"
                        "SEED is a file with the seed of an account.\n");
        return 2;
    }

    /* Show each line at once, even if stdout isn't a terminal. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    workshop_block_signals(&stop);
    sem_init(&doorman.service.done, 0, 0);

    if (!jwt_read_issuer(&doorman.issuer, argv[1]))
        return EXIT_FAILURE;

    natsStatus s = run(&doorman, &ws, &stop);
    service_close(&doorman.service);
    doors_close(&doorman.doors);
    int status = workshop_close(&ws, s);
    sem_destroy(&doorman.service.done);
    return status;
}
