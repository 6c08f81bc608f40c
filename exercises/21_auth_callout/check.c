/* A doorman: it decides who may log in, and what they may do then. */
#include "kit/kit.h"

#include <string.h>
#include <time.h>

#define AUTH "$SYS.REQ.USER.AUTH"
#define CODE "sesame-7"
#define DAMAGED 1000
#define LOGINS 60
#define LOGIN(name, code)                                                      \
    ((struct kit_login){name, code, .inbox_prefix = "_INBOX_" name})
#define DOORMAN LOGIN("doorman", "opens-the-door")

/* Keys of this run: the server's that asks, the client's, the account's that
 * signs the answers, and somebody's who has no business here. */
static struct kit_login server, client, issuer, forger;

static const char signed_by[] =
    "jwt_sign adds it; is it called with the issuer of the file SEED?";
static const char asked[] = "does on_login respond, to each request once?";

static void make_keys(void)
{
    kit_begin();
    server = kit_nkey_of("server", "server");
    forger = kit_nkey_of("server", "forger");
    issuer = kit_nkey_of("account", "issuer");
    client = kit_nkey("client");
}

TestSuite(auth_callout, .init = make_keys, .fini = kit_end);

/* ---- the check as the server --------------------------------------------- */

/* What a server asks, as nats-server 2.15 does. */
static const char *claims(const char *name, const char *code)
{
    return kit_json(
        "{'aud':'nats-authorization-request','exp':%ld,'jti':'A','iat':1,"
        "'iss':'%s','sub':'%s','nats':{'server_id':{'name':'house',"
        "'host':'127.0.0.1','id':'%s','version':'2.15.1'},'user_nkey':'%s',"
        "'client_info':{'host':'127.0.0.1','id':7,'user':'%s','name':'bea',"
        "'kind':'Client','type':'nats'},'connect_opts':{'user':'%s','pass':'%s'"
        ",'name':'bea','lang':'C','protocol':1},"
        "'type':'authorization_request','version':2}}",
        (long)time(NULL) + 60, server.nkey, issuer.nkey, server.nkey,
        client.nkey, name, name, code);
}

static struct kit_request ask(const char *name, const char *code)
{
    return kit_ask(AUTH, kit_token(claims(name, code), server));
}

static struct kit_program *start(void)
{
    struct kit_program *program =
        kit_start(kit_file("issuer.nk", kit_text("%s\n", issuer.seed)));

    kit_expect_services("doorman", 1, "does it end at once?");
    return program;
}

static void fill(struct kit_place *place)
{
    kit_add_bucket_at(place, "doors", 1);
    kit_add_bucket_at(place, "misses", 10);
    kit_put_at(place, "doors", "ada", kit_json("{'code':'" CODE "'}"));
    kit_put_at(place, "doors", "bea", kit_json("{'code':'other'}"));
}

static const char *answer(const char *name, const char *code)
{
    return kit_expect_replies(ask(name, code), 1, asked).list[0].data;
}

Test(auth_callout, a_login_is_answered_with_a_token)
{
    const char *soon = kit_text(">= %ld", (long)time(NULL) + 60);
    const char *later = kit_text("<= %ld", (long)time(NULL) + 3600);

    fill(kit_room());
    start();
    const char *token = answer("ada", CODE);
    const char *text = kit_assert_token(
        "the answer", token, {"sub", client.nkey, "is it the user's key?"},
        {"aud", server.nkey, "is it the server's id?"},
        {"iss", issuer.nkey, signed_by},
        {"nats.type", "authorization_response", NULL},
        {"nats.error", "", "is there a token *and* an error?"},
        {"nats.jwt", KIT_ANYTHING, "does make_answer add the user's token?"});
    kit_assert_token("the user's token", kit_json_value(text, "nats.jwt"),
                     {"sub", client.nkey, "is it the user's key?"},
                     {"aud", "ROOM", "is it the account's name?"},
                     {"iss", issuer.nkey, signed_by},
                     {"exp", soon, "for ten minutes?"},
                     {"exp", later, "for ten minutes?"});
}
