#include "kit/wire/serve.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/say/fail.h"
#include "kit/wire/settle.h"

#include <string.h>

struct kit_served {
    struct kit_served *next;
    struct kit_place *place;
    const char *subject;
    natsSubscription *sub; /* NULL when it has ended */
    kit_answer answer;     /* NULL: an error, the closure is its text */
    void *closure;
    double asked; /* the first time; 0: not yet. Guarded by kit_lock */
    size_t count; /* of messages. The same */
};

/* As the services framework does it: no payload, two headers. */
static natsStatus reply_error(natsConnection *nc, const char *subject,
                              const char *code, const char *text)
{
    natsMsg *msg = NULL;

    natsStatus s = natsMsg_Create(&msg, subject, NULL, NULL, 0);
    if (s == NATS_OK)
        s = natsMsgHeader_Set(msg, "Nats-Service-Error-Code", code);
    if (s == NATS_OK)
        s = natsMsgHeader_Set(msg, "Nats-Service-Error", text);
    if (s == NATS_OK)
        s = natsConnection_PublishMsg(nc, msg);
    natsMsg_Destroy(msg);
    return s;
}

void kit_reply_error_at(struct kit_place *place, const char *subject,
                        const char *code, const char *text)
{
    kit_must(reply_error(place->main, subject, code, text), subject);
}

static void on_request(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                       void *closure)
{
    (void)sub;
    struct kit_served *service = closure;
    struct kit_message request = kit_message_of(msg);
    const char *reply = natsMsg_GetReply(msg);
    size_t length = 0;
    const void *data = NULL;

    pthread_mutex_lock(&kit_lock);
    service->asked = service->asked > 0 ? service->asked : request.at;
    service->count++;
    pthread_mutex_unlock(&kit_lock);
    if (service->answer != NULL)
        data = service->answer(&request, &length, service->closure);
    else if (reply != NULL)
        reply_error(nc, reply, "500", service->closure);
    if (data != NULL && reply != NULL)
        natsConnection_Publish(nc, reply, data, (int)length);
    natsMsg_Destroy(msg);
}

static natsStatus subscribe(struct kit_served *service, const char *queue)
{
    natsConnection *nc = service->place->main;

    if (queue == NULL)
        return natsConnection_Subscribe(&service->sub, nc, service->subject,
                                        on_request, service);
    return natsConnection_QueueSubscribe(&service->sub, nc, service->subject,
                                         queue, on_request, service);
}

void kit_serve_at(struct kit_place *place, const char *subject,
                  const char *queue, kit_answer answer, void *closure)
{
    struct kit_served *service = kit_allocate(sizeof(*service));

    if (!kit_place_is_open(place))
        kit_undecided("the check serves at a place that is not open");
    *service = (struct kit_served){.next = place->wire->served,
                                   .place = place,
                                   .subject = kit_keep_text(subject),
                                   .answer = answer,
                                   .closure = closure};
    kit_must(subscribe(service, queue), subject);
    place->wire->served = service;
    kit_must(natsConnection_FlushTimeout(place->main, KIT_DEADLINE_MS),
             "flush");
    kit_wire_settle(place->wire);
}

void kit_serve_error_at(struct kit_place *place, const char *subject,
                        const char *text)
{
    kit_serve_at(place, subject, NULL, NULL, kit_keep_text(text));
}

double kit_served_at(struct kit_place *place, const char *subject)
{
    double asked = 0;

    pthread_mutex_lock(&kit_lock);
    for (struct kit_served *s = place->wire->served; s != NULL; s = s->next) {
        if (s->place == place && strcmp(s->subject, subject) == 0)
            asked = s->asked;
    }
    pthread_mutex_unlock(&kit_lock);
    return asked;
}

size_t kit_served_count_at(struct kit_place *place, const char *subject)
{
    size_t count = 0;

    pthread_mutex_lock(&kit_lock);
    for (struct kit_served *s = place->wire->served; s != NULL; s = s->next) {
        if (s->place == place && strcmp(s->subject, subject) == 0)
            count += s->count;
    }
    pthread_mutex_unlock(&kit_lock);
    return count;
}

void kit_serve_no_more_at(struct kit_place *place, const char *subject)
{
    for (struct kit_served *s = place->wire->served; s != NULL; s = s->next) {
        if (s->sub == NULL || s->place != place ||
            strcmp(s->subject, subject) != 0)
            continue;
        natsSubscription_Destroy(s->sub);
        s->sub = NULL;
    }
    kit_wire_settle(place->wire);
}

void kit_serve_end(struct kit_wire *wire)
{
    for (; wire->served != NULL; wire->served = wire->served->next)
        natsSubscription_Destroy(wire->served->sub);
}

const void *kit_say(const struct kit_message *request, size_t *length,
                    void *text)
{
    (void)request;
    *length = strlen(text);
    return text;
}

const void *kit_keep_silent(const struct kit_message *request, size_t *length,
                            void *unused)
{
    (void)request;
    (void)length;
    (void)unused;
    return NULL;
}
