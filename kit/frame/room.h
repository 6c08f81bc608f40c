/* The room: the place that a check means when it names none. Each of these is
 * a line; what it does is said where it is for any place. */
#ifndef KIT_FRAME_ROOM_H
#define KIT_FRAME_ROOM_H

#include "kit/frame/test.h"
#include "kit/server/connections.h"
#include "kit/server/interest.h"
#include "kit/stream/content.h"
#include "kit/stream/expect.h"
#include "kit/stream/replicas.h"
#include "kit/stream/service.h"
#include "kit/wire/ask.h"
#include "kit/wire/payload.h"
#include "kit/wire/serve.h"
#include "kit/wire/settle.h"
#include "kit/wire/tap.h"

struct kit_place *kit_room(void); /* the check's account on the cluster */

/* Everything that clients had sent to the servers before this call has arrived
 * here after it: wire/settle.h. */
void kit_settle(void);

/* ---- messages: wire/ask.h, wire/tap.h, wire/serve.h ---------------------- */

void kit_publish(const char *subject, const char *text);
void kit_publish_bytes(const char *subject, const void *data, size_t length);
struct kit_request kit_ask(const char *subject, const char *text);
struct kit_replies kit_request(const char *subject, const char *text);
void kit_expect_answer(const char *subject, const char *text,
                       const char *answer, const char *why);

size_t kit_tapped(const char *filter);
const struct kit_message *kit_tapped_message(const char *filter, size_t nth);
const struct kit_message *kit_expect_message(const char *filter,
                                             const char *text, const char *why);
const struct kit_message *kit_expect_message_bytes(const char *filter,
                                                   const void *data,
                                                   size_t length,
                                                   const char *why);
void kit_expect_messages(const char *filter, size_t count, const char *why);
void kit_expect_more_messages(const char *filter, size_t count,
                              const char *why);
void kit_expect_question(const char *filter, const char *why);
void kit_expect_again(const char *filter, const char *why);
void kit_assert_messages(const char *filter, const char *lines,
                         const char *why);
void kit_untap(void);

void kit_serve(const char *subject, const char *queue, kit_answer answer,
               void *closure);
void kit_serve_text(const char *subject, const char *text);
void kit_serve_error(const char *subject, const char *text);
void kit_serve_no_more(const char *subject);

/* ---- questions to the servers: server/connections.h, server/interest.h --- */

struct kit_connections kit_connections(void);
struct kit_connection kit_expect_connection(const char *name);
void kit_expect_no_connections(const char *why);
void kit_kick(struct kit_connection connection);
void kit_kick_all(void);
void kit_expect_subscribers(const char *subject, size_t count);
void kit_expect_queue(const char *subject, const char *queue, size_t count,
                      const char *why);
bool kit_await_no_subscribers(int within_ms);

/* ---- JetStream and services: stream/ ------------------------------------- */

void kit_add_stream(const char *stream, const char *subject, int replicas);
struct kit_stream_state kit_stream_state(const char *stream);
struct kit_consumer_state kit_consumer_state(const char *stream,
                                             const char *consumer);
struct kit_message kit_stream_message(const char *stream, uint64_t sequence);
void kit_expect_stored(const char *stream, uint64_t count, const char *why);
void kit_await_current(const char *stream);

/* kit_expect_stream("orders", {"config.num_replicas", ">= 3", why}, ...): the
 * values and their likely mistakes (stream/expect.h). */
#define kit_expect_stream(stream, ...)                                         \
    kit_expect_stream_at(kit_room(), stream, kit_values(__VA_ARGS__))
#define kit_expect_consumer(stream, consumer, ...)                             \
    kit_expect_consumer_at(kit_room(), stream, consumer,                       \
                           kit_values(__VA_ARGS__))
#define kit_assert_stored_json(stream, sequence, ...)                          \
    kit_assert_stored_json_at(kit_room(), stream, sequence,                    \
                              kit_values(__VA_ARGS__))

/* kit_fill_stream_at; all replicas have all of it when this returns. */
const char *const *kit_fill_stream(const char *stream, const char *subject,
                                   const char *format,
                                   const char *const lines[]);
void kit_redeliver(const char *stream, const char *consumer);
struct kit_services kit_discover(const char *verb, const char *name,
                                 size_t expected);
struct kit_services kit_expect_services(const char *name, size_t count,
                                        const char *why);

#endif
