/* Answering as somebody else: services that a check pretends. */
#ifndef KIT_WIRE_SERVE_H
#define KIT_WIRE_SERVE_H

#include "kit/wire/place.h"

#include <stddef.h>

/* What a pretended service replies. Return NULL for no reply at all; set
 * *length. The closure is the caller's; runs on a thread of nats.c, so it may
 * not assert. The request lives as long as the call. */
typedef const void *(*kit_answer)(const struct kit_message *request,
                                  size_t *length, void *closure);

/* A kit_answer whose closure is the text that it replies. */
const void *kit_say(const struct kit_message *request, size_t *length,
                    void *text);

/* A kit_answer that never replies. */
const void *kit_keep_silent(const struct kit_message *request, size_t *length,
                            void *unused);

/* Answers every request on subject (in queue group, or NULL) until the place is
 * closed. Returns once all joined places know. */
void kit_serve_at(struct kit_place *place, const char *subject,
                  const char *queue, kit_answer answer, void *closure);

/* The same with an error of the services framework: no payload, the text in
 * the header Nats-Service-Error, 500 in Nats-Service-Error-Code. */
void kit_serve_error_at(struct kit_place *place, const char *subject,
                        const char *text);

/* Such an error, once, to where an answer is wanted. */
void kit_reply_error_at(struct kit_place *place, const char *subject,
                        const char *code, const char *text);

/* When what is served there was asked for the first time (kit_clock); 0 where
 * it was not yet. */
double kit_served_at(struct kit_place *place, const char *subject);

/* How many messages came there until now. */
size_t kit_served_count_at(struct kit_place *place, const char *subject);

/* Ends what was begun for this subject at this place. */
void kit_serve_no_more_at(struct kit_place *place, const char *subject);

/* For the layers above: all of it ends, before the places do. */
void kit_serve_end(struct kit_wire *wire);

#endif
