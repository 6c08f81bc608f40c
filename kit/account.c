/* The check's account of the cluster, and its JetStream. */
#include "internal.h"

#include <stdlib.h>

/* Without a leader there is no answer at all; `not found` comes after 500 ms.
 */
#define JETSTREAM_WAIT_MS 1500

/* The account's user is the account's name in small letters. */
const char *kit_account_user(void)
{
    char *user = (char *)kit_text("%s", getenv(KIT_ENV_ACCOUNT));

    for (char *c = user; *c != '\0'; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return user;
}

jsCtx *kit_jetstream(void)
{
    jsCtx *js = NULL;
    jsOptions options;

    jsOptions_Init(&options);
    options.Wait = JETSTREAM_WAIT_MS;
    natsStatus s = natsConnection_JetStream(&js, kit_wire_main(), &options);
    if (s != NATS_OK)
        kit_undecided("no JetStream context: %s", natsStatus_GetText(s));
    return js;
}

/* False where JetStream has no leader just now: ask again. */
static bool delete_streams(void *context)
{
    jsCtx *js = context;
    jsStreamNamesList *names = NULL;
    jsErrCode code = 0;

    natsStatus s = js_StreamNames(&names, js, NULL, &code);
    if (s == NATS_NOT_FOUND)
        return true;
    for (int i = 0; s == NATS_OK && i < names->Count; i++)
        s = js_DeleteStream(js, names->List[i], NULL, &code);
    jsStreamNamesList_Destroy(names);
    return s == NATS_OK || s == NATS_NOT_FOUND;
}

void kit_empty_account(void)
{
    jsCtx *js = kit_jetstream();

    kit_await_empty_account();
    bool emptied = kit_wait(delete_streams, js, 2 * KIT_DEADLINE_MS);
    jsCtx_Destroy(js);
    if (!emptied)
        kit_environment("make down && make up",
                        "the cluster's JetStream does not answer");
}
