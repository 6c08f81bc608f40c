/* Services that a check pretends, and those that the room really has. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct service {
    struct service *next;
    natsConnection *nc;
    const char *subject;
    natsSubscription *sub; /* NULL when it has ended */
    kit_answer answer;     /* NULL: an error, the closure is its text */
    void *closure;
};

static struct service *services;

/* As the services framework does it: no payload, two headers. */
static void reply_error(natsConnection *nc, const char *subject,
                        const char *text)
{
    natsMsg *msg = NULL;

    natsStatus s = natsMsg_Create(&msg, subject, NULL, NULL, 0);
    if (s == NATS_OK)
        s = natsMsgHeader_Set(msg, "Nats-Service-Error-Code", "500");
    if (s == NATS_OK)
        s = natsMsgHeader_Set(msg, "Nats-Service-Error", text);
    if (s == NATS_OK)
        natsConnection_PublishMsg(nc, msg);
    natsMsg_Destroy(msg);
}

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
    const void *data = NULL;

    if (service->answer != NULL)
        data = service->answer(&request, &length, service->closure);
    else if (reply != NULL)
        reply_error(nc, reply, service->closure);
    if (data != NULL && reply != NULL)
        natsConnection_Publish(nc, reply, data, (int)length);
    natsMsg_Destroy(msg);
}

static void serve(natsConnection *nc, const char *subject, const char *queue,
                  kit_answer answer, void *closure)
{
    struct service *service = kit_allocate(sizeof(*service));

    *service = (struct service){.next = services,
                                .nc = nc,
                                .subject = subject,
                                .answer = answer,
                                .closure = closure};
    natsStatus s =
        queue == NULL
            ? natsConnection_Subscribe(&service->sub, nc, subject, on_request,
                                       service)
            : natsConnection_QueueSubscribe(&service->sub, nc, subject, queue,
                                            on_request, service);
    if (s != NATS_OK)
        kit_undecided("subscribe %s: %s", subject, natsStatus_GetText(s));
    services = service;
}

void kit_serve(const char *subject, const char *queue, kit_answer answer,
               void *closure)
{
    serve(kit_wire_main(), subject, queue, answer, closure);
    kit_settle();
}

void kit_serve_island(const char *subject, const char *queue, kit_answer answer,
                      void *closure)
{
    serve(kit_island(), subject, queue, answer, closure);
    kit_must(natsConnection_FlushTimeout(kit_island(), KIT_DEADLINE_MS),
             "flush");
    kit_settle();
}

static void serve_no_more(natsConnection *nc, const char *subject)
{
    for (struct service *s = services; s != NULL; s = s->next) {
        if (s->sub == NULL || s->nc != nc || strcmp(s->subject, subject) != 0)
            continue;
        natsSubscription_Destroy(s->sub);
        s->sub = NULL;
    }
    kit_settle();
}

void kit_serve_no_more(const char *subject)
{
    serve_no_more(kit_wire_main(), subject);
}

void kit_serve_island_no_more(const char *subject)
{
    serve_no_more(kit_island(), subject);
}

void kit_serve_end(void)
{
    for (; services != NULL; services = services->next)
        natsSubscription_Destroy(services->sub);
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

void kit_serve_error(const char *subject, const char *text)
{
    kit_serve(subject, NULL, NULL, kit_keep(text, strlen(text)));
}
