#include "kit/server/ask.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/wire/connect.h"

#define ANSWER_MS 500

void kit_ask_open(struct kit_hub *hub)
{
    const struct kit_login login = {.user = "sys",
                                    .password = kit_system_password()};
    const char *urls[KIT_NODES];

    for (int i = 0; i < KIT_NODES; i++)
        urls[i] = kit_text("nats://%s", hub->nodes[i].address);
    natsOptions *options = kit_options(urls, KIT_NODES, &login);
    natsStatus s = kit_connect(&hub->sys, options);
    natsOptions_Destroy(options);
    if (s != NATS_OK)
        kit_environment("make up",
                        "the cluster at %s does not answer as %s: "
                        "%s",
                        urls[0], login.user, natsStatus_GetText(s));
}

void kit_ask_close(struct kit_hub *hub)
{
    natsConnection_Destroy(hub->sys);
    hub->sys = NULL;
}

static natsStatus ask_all(struct kit_hub *hub, natsSubscription **answers,
                          const char *what, const char *question)
{
    natsInbox *inbox = NULL;

    natsStatus s = natsInbox_Create(&inbox);
    if (s != NATS_OK)
        return s;
    s = natsConnection_SubscribeSync(answers, hub->sys, inbox);
    if (s == NATS_OK)
        s = natsConnection_PublishRequestString(
            hub->sys, kit_text("$SYS.REQ.SERVER.PING.%s", what), inbox,
            question);
    natsInbox_Destroy(inbox);
    return s;
}

bool kit_gather(struct kit_hub *hub, const char *what, const char *question,
                cJSON *answers[KIT_NODES])
{
    natsSubscription *sub = NULL;
    int nodes = kit_hub_running(hub);
    int count = 0;

    natsStatus s = ask_all(hub, &sub, what, question);
    while (s == NATS_OK && count < nodes) {
        natsMsg *msg = NULL;
        s = natsSubscription_NextMsg(&msg, sub, ANSWER_MS);
        if (s != NATS_OK)
            break;
        answers[count] = cJSON_ParseWithLength(
            natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg));
        natsMsg_Destroy(msg);
        count += answers[count] != NULL;
    }
    natsSubscription_Destroy(sub);
    if (count == nodes)
        return true;
    while (count > 0)
        cJSON_Delete(answers[--count]);
    return false;
}

const char *kit_json_text(const cJSON *object, const char *key)
{
    return kit_keep_text(
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key)));
}
