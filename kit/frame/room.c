#include "kit/frame/room.h"

#include "kit/base/memory.h"

#include <string.h>

struct kit_place *kit_room(void)
{
    return &kit_test()->room;
}

static struct kit_hub *hub(void)
{
    return &kit_test()->hub;
}

void kit_settle(void)
{
    kit_wire_settle(&kit_test()->wire);
}

/* ---- messages ------------------------------------------------------------ */

void kit_publish(const char *subject, const char *text)
{
    kit_publish_bytes(subject, text, strlen(text));
}

void kit_publish_bytes(const char *subject, const void *data, size_t length)
{
    kit_publish_at(kit_room(), subject, data, length);
}

struct kit_request kit_ask(const char *subject, const char *text)
{
    return kit_ask_at(kit_room(), subject, text, strlen(text));
}

struct kit_replies kit_request(const char *subject, const char *text)
{
    return kit_request_at(kit_room(), subject, text);
}

void kit_expect_answer(const char *subject, const char *text,
                       const char *answer, const char *why)
{
    kit_expect_answer_at(kit_room(), subject, text, answer, why);
}

size_t kit_tapped(const char *filter)
{
    return kit_tapped_at(kit_room(), filter);
}

const struct kit_message *kit_tapped_message(const char *filter, size_t nth)
{
    return kit_tapped_message_at(kit_room(), filter, nth);
}

const struct kit_message *kit_expect_message(const char *filter,
                                             const char *text, const char *why)
{
    return kit_expect_message_bytes(filter, text, strlen(text), why);
}

const struct kit_message *kit_expect_message_bytes(const char *filter,
                                                   const void *data,
                                                   size_t length,
                                                   const char *why)
{
    return kit_expect_message_at(kit_room(), filter, data, length, why);
}

void kit_expect_messages(const char *filter, size_t count, const char *why)
{
    kit_expect_messages_at(kit_room(), filter, count, why);
}

void kit_assert_messages(const char *filter, const char *lines, const char *why)
{
    kit_assert_messages_at(kit_room(), filter, lines, why);
}

void kit_expect_more_messages(const char *filter, size_t count, const char *why)
{
    kit_expect_more_messages_at(kit_room(), filter, count, why);
}

void kit_expect_question(const char *filter, const char *why)
{
    kit_expect_question_at(kit_room(), filter, why);
}

void kit_expect_again(const char *filter, const char *why)
{
    kit_expect_again_at(kit_room(), filter, why);
}

void kit_untap(void)
{
    kit_untap_at(kit_room());
}

void kit_serve(const char *subject, const char *queue, kit_answer answer,
               void *closure)
{
    kit_serve_at(kit_room(), subject, queue, answer, closure);
}

void kit_serve_text(const char *subject, const char *text)
{
    kit_serve(subject, NULL, kit_say, kit_keep_text(text));
}

void kit_serve_error(const char *subject, const char *text)
{
    kit_serve_error_at(kit_room(), subject, text);
}

void kit_serve_no_more(const char *subject)
{
    kit_serve_no_more_at(kit_room(), subject);
}

/* ---- the servers --------------------------------------------------------- */

struct kit_connections kit_connections(void)
{
    return kit_connections_of(hub());
}

struct kit_connection kit_expect_connection(const char *name)
{
    return kit_expect_connection_of(hub(), name);
}

void kit_expect_no_connections(const char *why)
{
    kit_expect_no_connections_of(hub(), why);
}

void kit_kick(struct kit_connection connection)
{
    kit_kick_from(hub(), connection);
}

void kit_kick_all(void)
{
    kit_kick_all_from(hub());
}

void kit_expect_subscribers(const char *subject, size_t count)
{
    kit_expect_interest(hub(), &kit_test()->wire, subject, NULL, count, NULL);
}

void kit_expect_queue(const char *subject, const char *queue, size_t count,
                      const char *why)
{
    kit_expect_interest(hub(), &kit_test()->wire, subject, queue, count, why);
}

bool kit_await_no_subscribers(int within_ms)
{
    return kit_await_no_interest(hub(), within_ms);
}

/* ---- JetStream and services ---------------------------------------------- */

void kit_add_stream(const char *stream, const char *subject, int replicas)
{
    kit_add_stream_at(kit_room(), stream, subject, replicas);
}

struct kit_stream_state kit_stream_state(const char *stream)
{
    return kit_stream_state_at(kit_room(), stream);
}

struct kit_consumer_state kit_consumer_state(const char *stream,
                                             const char *consumer)
{
    return kit_consumer_state_at(kit_room(), stream, consumer);
}

struct kit_message kit_stream_message(const char *stream, uint64_t sequence)
{
    return kit_stream_message_at(kit_room(), stream, sequence);
}

void kit_expect_stored(const char *stream, uint64_t count, const char *why)
{
    kit_expect_stored_at(kit_room(), stream, count, why);
}

void kit_await_current(const char *stream)
{
    kit_await_replicas(hub(), kit_room(), stream);
}

const char *const *kit_fill_stream(const char *stream, const char *subject,
                                   const char *format,
                                   const char *const lines[])
{
    kit_fill_stream_at(kit_room(), stream, subject, format, lines);
    kit_await_current(stream);
    return lines;
}

void kit_redeliver(const char *stream, const char *consumer)
{
    kit_redeliver_at(kit_room(), stream, consumer);
}

struct kit_services kit_discover(const char *verb, const char *name,
                                 size_t expected)
{
    return kit_discover_at(kit_room(), verb, name, expected);
}

struct kit_services kit_expect_services(const char *name, size_t count,
                                        const char *why)
{
    return kit_expect_services_at(kit_room(), name, count, why);
}
