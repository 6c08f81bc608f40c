#include "kit/frame/callout.h"

#include "kit/base/json.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/base/words.h"
#include "kit/frame/answers.h"
#include "kit/frame/files.h"
#include "kit/frame/room.h"
#include "kit/frame/servers.h"
#include "kit/frame/start.h"
#include "kit/proc/lines.h"
#include "kit/proc/output.h"
#include "kit/say/fail.h"
#include "kit/wire/token.h"

#include <string.h>
#include <time.h>

static const char key[] = "is it user_nkey of the request?";
static const char signed_by[] =
    "is it the public key of the account whose seed it is told?";
static const char asked[] =
    "is it taken for a forgery? Else, is the reply a token that was signed?";
static const char printed[] = "is the decision printed, so?";
static const char either[] = "is there either a token or an error?";

struct kit_callout kit_callout_begin(const char *service)
{
    kit_begin();
    struct kit_callout callout = {
        .server = kit_nkey_of("server", "server"),
        .client = kit_nkey("client"),
        .issuer = kit_nkey_of("account", "issuer"),
        .forger = kit_nkey_of("server", "forger"),
        .service = {.user = service, .password = kit_random_word()},
        .place = kit_room(),
    };

    callout.seed_file =
        kit_file("issuer.nk", kit_text("%s\n", callout.issuer.seed));
    return callout;
}

struct kit_program *kit_callout_serve(struct kit_callout *callout)
{
    bool another = callout->program != NULL && kit_running(callout->program);

    callout->program = kit_start(callout->seed_file);
    callout->programs++;
    kit_expect_services_at(callout->place, callout->service.user,
                           another ? 2 : 1,
                           "does it start its service, and go on?");
    kit_await_ready();
    return callout->program;
}

/* ---- asking -------------------------------------------------------------- */

/* As nats-server 2.15 does it. */
const char *kit_callout_claims(const struct kit_callout *callout,
                               struct kit_login_question question,
                               const char *name, const char *code)
{
    return kit_json(
        "{'aud':'%s','exp':%ld,'jti':'A','iat':1,'iss':'%s','sub':'%s','nats':"
        "{'server_id':{'name':'house','id':'%s'},'user_nkey':'%s',"
        "'client_info':{'host':'127.0.0.1','id':7,'user':'%s','name':'bea'},"
        "'connect_opts':{'user':'%s','pass':'%s','name':'bea','protocol':1},"
        "'type':'authorization_request','version':2}}",
        question.aud, (long)time(NULL) + question.seconds, question.iss,
        callout->issuer.nkey, callout->server.nkey, callout->client.nkey, name,
        name, code);
}

const char *kit_callout_token(const struct kit_callout *callout,
                              const char *name, const char *code)
{
    const struct kit_login_question usual = {
        callout->server.nkey, KIT_CALLOUT_AUD, KIT_CALLOUT_SECONDS};

    return kit_token(kit_callout_claims(callout, usual, name, code),
                     callout->server);
}

static const char *answer_of(const struct kit_callout *callout,
                             const char *name, const char *code)
{
    struct kit_request request =
        kit_ask(KIT_CALLOUT, kit_callout_token(callout, name, code));
    struct kit_replies replies = kit_expect_replies(request, 1, asked);

    if (replies.count == 0)
        kit_fail(kit_text("an answer to a request on %s", KIT_CALLOUT), asked,
                 "the server says: no responders");
    const struct kit_message *first = &replies.list[0];
    const char *error = kit_header(first, "Nats-Service-Error");
    if (error[0] != '\0')
        kit_fail("an answer that the server understands: a token", asked,
                 "the service error %s", kit_quote(error, strlen(error)));
    return first->data;
}

/* ---- what is answered ---------------------------------------------------- */

static const char *claims_of_answer(const struct kit_callout *callout,
                                    const char *name, const char *code)
{
    return kit_assert_token(
        "the answer", answer_of(callout, name, code),
        {"nats.type", "authorization_response", NULL},
        {"sub", callout->client.nkey, key},
        {"aud", callout->server.nkey, "is it the id of the server that asks?"},
        {"iss", callout->issuer.nkey, signed_by});
}

static void assert_has(const char *claims, const char *path,
                       const char *expected, const char *why)
{
    const char *value = kit_json_value(claims, path);

    if (value == NULL || value[0] == '\0')
        kit_fail(expected, why, "%s", kit_quote(claims, strlen(claims)));
}

static void assert_has_not(const char *claims, const char *path,
                           const char *expected, const char *why)
{
    const char *value = kit_json_value(claims, path);

    if (value != NULL && value[0] != '\0')
        kit_fail(expected, why, "%s: %s", path,
                 kit_quote(value, strlen(value)));
}

static void assert_not_in(const char *text, const char *code, const char *what)
{
    if (text != NULL && strlen(code) >= 5 && strstr(text, code) != NULL)
        kit_fail(kit_text("the code that was given is not in %s", what),
                 "whoever reads that knows a code, or one that is nearly right",
                 "%s", kit_quote(text, strlen(text)));
}

static void expect_said(const struct kit_callout *callout, const char *line,
                        const char *code)
{
    if (line != NULL)
        kit_expect_line_text(callout->program, line, printed);
    assert_not_in(kit_output(callout->program, NULL), code, "its output");
    assert_not_in(kit_complaints(callout->program, NULL), code,
                  "its output on stderr");
}

const char *kit_expect_let_in(const struct kit_callout *callout,
                              const char *name, const char *code,
                              const char *why)
{
    const char *claims = claims_of_answer(callout, name, code);

    assert_has(claims, "nats.jwt",
               kit_text("%s is let in: nats.jwt is a user's token", name), why);
    assert_has_not(claims, "nats.error", "an answer with a token has no error",
                   either);
    const char *user = kit_assert_token(
        "the user's token", kit_json_value(claims, "nats.jwt"),
        {"nats.type", "user", NULL}, {"sub", callout->client.nkey, key},
        {"iss", callout->issuer.nkey, signed_by});
    assert_not_in(user, code, "the user's token");
    expect_said(callout, kit_text("come in: %s", name), code);
    return user;
}

void kit_expect_turned_away(const struct kit_callout *callout, const char *name,
                            const char *code, const char *line, const char *why)
{
    const char *claims = claims_of_answer(callout, name, code);

    assert_has_not(
        claims, "nats.jwt",
        kit_text("\"%s\" is not let in with the code \"%s\"", name, code), why);
    assert_has(claims, "nats.error", "the answer has an error, nats.error",
               either);
    assert_not_in(claims, code, "the answer");
    expect_said(callout, line, code);
}

void kit_expect_all_let_in(const struct kit_callout *callout,
                           struct kit_program *leaving, const char *name,
                           const char *code, size_t count, const char *why)
{
    const struct kit_request *requests = kit_expect_none_lost(
        leaving, KIT_CALLOUT, kit_callout_token(callout, name, code), count,
        why);

    for (size_t i = 0; i < count; i++)
        assert_has(kit_token_claims(kit_replies_to(requests[i]).list[0].data),
                   "nats.jwt", "each who has the code is let in", why);
}

/* ---- a real server ------------------------------------------------------- */

struct kit_server *kit_callout_launch(struct kit_callout *callout,
                                      const char *login_seconds)
{
    const char **list = kit_allocate(4 * sizeof(*list));
    const char *user = callout->service.user;
    const char *password = callout->service.password;

    list[0] = kit_text("ISSUER=%s", callout->issuer.nkey);
    list[1] = kit_text("LOGIN_SECONDS=%s", login_seconds);
    list[2] = kit_text("%s_PASSWORD=%s", kit_upper(user), password);
    struct kit_server *server = kit_launch_given("server.conf", list);

    kit_set_env("NATS_URL", kit_text("nats://%s:%s@127.0.0.1:%d", user,
                                     password, server->client_port));
    callout->place = kit_log_in(server, callout->service);
    return server;
}
