/* A doorman: it decides who may log in, and what they may do then. */
#include "kit/kit.h"

#define CODE "sesame-7"
#define DAMAGED 400
#define LOGINS 30
#define HAS(code) "{\"code\":\"" code "\"}"
#define LOGIN(name, code) ((struct kit_login){.user = name, .password = code})

static struct kit_callout at; /* where we ask, and with which keys */
static const char own[] = "is it room.desk.NAME.> and _INBOX_NAME.>, no more?";
static const char log_says[] = "is each token signed with the SEED?";
static const char compared[] = "is all of the code compared with the bucket's?";
static const char counted[] = "are wrong codes counted in the bucket misses?";

static void begin(void)
{
    at = kit_callout_begin("doorman");
}

TestSuite(auth_callout, .init = begin, .fini = kit_end);

static const char *const doors[] = {"ada",        HAS(CODE), "bea",
                                    HAS("other"), "cyd",     "none",
                                    "ada.x",      HAS(CODE), NULL};

/* One more doorman, at the buckets that it needs. */
static struct kit_program *serve(void)
{
    if (at.programs == 0)
        kit_add_bucket_at(at.place, "doors", 1, doors);
    if (at.programs == 0)
        kit_add_bucket_at(at.place, "misses", 10, NULL);
    return kit_callout_serve(&at);
}

Test(auth_callout, a_wrong_code_or_an_unknown_name_gets_an_error)
{
    const char *typed = kit_random_text(12);

    serve();
    kit_expect_turned_away(&at, "ada", typed, "wrong code: ada", compared);
    kit_expect_turned_away(&at, "ada", "", "wrong code: ada", compared);
    kit_expect_turned_away(&at, "ada", "sesame", "wrong code: ada", compared);
    kit_expect_turned_away(&at, "ada", CODE "0", "wrong code: ada", compared);
    kit_expect_turned_away(&at, "dan", typed, "unknown: dan", compared);
    kit_expect_turned_away(&at, "cyd", "none", "unknown: cyd", compared);
    kit_expect_turned_away(&at, "ada.x", CODE, "unknown: ada.x",
                           "is a name one token? This is a part of ada's desk");
    kit_expect_turned_away(&at, "", CODE, "unknown: ", compared);
    kit_expect_turned_away(&at, KIT_STEERING_JSON, "",
                           "unknown: " KIT_STEERING_LINE, "is it a name?");
    kit_finish();
}

Test(auth_callout, who_has_the_code_gets_a_token_for_ten_minutes)
{
    serve();
    const char *user = kit_expect_let_in(&at, "ada", CODE, "has she her code?");
    kit_assert_lifetime("the user's token", user, 600);
    kit_assert_claims("the user's token", user, {"name", "ada", NULL},
                      {"aud", "ROOM", "is it the account's name?"},
                      {"nats.pub.allow.#", "1", own},
                      {"nats.sub.allow.#", "2", own});
    kit_expect_let_in(&at, "bea", "other", "has bea a code of her own?");
    kit_finish();
}

Test(auth_callout, the_server_lets_ada_in_to_her_desk_and_nowhere_else)
{
    struct kit_server *server = kit_callout_launch(&at, "5");

    serve();
    struct kit_place *ada = kit_let_in(server, LOGIN("ada", CODE), log_says);
    kit_assert_allowed(
        kit_try_hear_at(ada, "room.desk.ada.>", ada, "room.desk.ada.x.y", ""),
        own);
    kit_assert_allowed(kit_try_subscribe_at(ada, "_INBOX_ada.>", NULL), own);
    kit_assert_publish_refused(ada, own, "x", "room.desk.bea.x", "$SRV.PING",
                               "_INBOX_bea.x", "$JS.API.INFO", KIT_CALLOUT);
    kit_assert_subscribe_refused(ada, own, ">", "*", "x", "room.>", KIT_CALLOUT,
                                 "room.desk.>", "room.desk.*.x", "_INBOX.>",
                                 "room.desk.bea.>", "_INBOX_bea.>", "$SYS.>");
    kit_assert_logins_refused(server, compared, {.user = NULL},
                              LOGIN("ada", "x"), LOGIN("bea", CODE));
    kit_finish();
}

Test(auth_callout, without_a_doorman_nobody_comes_in_and_nobody_is_thrown_out)
{
    struct kit_server *server = kit_callout_launch(&at, "0.7");
    struct kit_program *program = serve();
    struct kit_place *ada = kit_let_in(server, LOGIN("ada", CODE), NULL);

    kit_kill(program);
    kit_assert_logins_refused(server, NULL, LOGIN("bea", "other"));
    kit_assert_allowed(kit_try_publish_at(ada, "room.desk.ada.x", "", 0),
                       "does her token end so soon?");
    serve();
    kit_let_in(server, LOGIN("bea", "other"), NULL);
    kit_finish();
}

Test(auth_callout, what_no_server_has_asked_is_ignored)
{
    serve();
    struct kit_forgeries forged = kit_callout_forge(&at, "ada", CODE);
    kit_callout_damaged(&at, DAMAGED);
    kit_expect_let_in(&at, "ada", CODE, "does it go on?");
    kit_finish();
    kit_assert_forgeries_ignored(&forged);
}

Test(auth_callout, five_wrong_codes_lock_a_name_out_at_every_doorman)
{
    struct kit_program *first = serve();

    for (int i = 0; i < 3; i++)
        kit_expect_turned_away(&at, "ada", "x", "wrong code: ada", NULL);
    kit_stop(first);
    serve();
    for (int i = 0; i < 2; i++)
        kit_expect_turned_away(&at, "ada", "x", "wrong code: ada", NULL);
    kit_expect_turned_away(&at, "ada", CODE, "locked out: ada", counted);
    kit_expect_let_in(&at, "bea", "other", "is only that name locked out?");
    kit_empty_bucket_at(at.place, "misses"); /* as time does */
    kit_expect_let_in(&at, "ada", CODE, counted);
    kit_finish();
}

Test(auth_callout, two_doormen_share_the_logins_and_none_is_lost)
{
    serve();
    kit_expect_all_let_in(&at, serve(), "ada", CODE, LOGINS,
                          "is what has been asked decided before it leaves?");
}

Test(auth_callout, without_its_seed_and_its_buckets_nobody_comes_in)
{
    const char *const files[] = {"", "SA", at.client.seed, NULL};

    kit_expect_usage_error("one SEED, no more", at.seed_file, at.seed_file);
    kit_expect_unusable_files(files, "is it said in one line?", kit_each);
    kit_expect_failure(kit_start_brief(at.seed_file), 1, "…doors…", NULL);
    kit_expect_no_server(at.seed_file);
    serve();
    kit_delete_bucket_at(at.place, "misses");
    kit_expect_turned_away(&at, "ada", CODE, NULL, "is she not locked out?");
    kit_finish();
}
