/* Services that a check pretends, and those that the room really has. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct service {
    kit_answer answer;
    void *closure;
};

static void on_request(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                       void *closure)
{
    (void)sub;
    const struct service *service = closure;
    const char *reply = natsMsg_GetReply(msg);
    struct kit_message request = {
        .at = kit_clock(),
        .subject = natsMsg_GetSubject(msg),
        .reply = reply != NULL ? reply : "",
        .data = natsMsg_GetData(msg),
        .length = (size_t)natsMsg_GetDataLength(msg),
    };
    size_t length = 0;

    const void *data = service->answer(&request, &length, service->closure);
    if (data != NULL && reply != NULL)
        natsConnection_Publish(nc, reply, data, (int)length);
    natsMsg_Destroy(msg);
}

/* The subscription ends with the kit's connection. */
void kit_serve(const char *subject, const char *queue, kit_answer answer,
               void *closure)
{
    struct service *service = kit_allocate(sizeof(*service));
    natsSubscription *sub = NULL;

    *service = (struct service){.answer = answer, .closure = closure};
    natsStatus s =
        queue == NULL
            ? natsConnection_Subscribe(&sub, kit_wire_main(), subject,
                                       on_request, service)
            : natsConnection_QueueSubscribe(&sub, kit_wire_main(), subject,
                                            queue, on_request, service);
    if (s != NATS_OK)
        kit_undecided("subscribe %s: %s", subject, natsStatus_GetText(s));
    kit_settle();
}

static const void *same_text(const struct kit_message *request, size_t *length,
                             void *text)
{
    (void)request;
    *length = strlen(text);
    return text;
}

void kit_serve_text(const char *subject, const char *text)
{
    kit_serve(subject, NULL, same_text, kit_keep(text, strlen(text)));
}
