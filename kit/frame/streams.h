/* What programs of the learner's make of JetStream, in the room: streams that
 * keep what they have, consumers that last, and publishing until it is stored.
 * Other values: kit_expect_stream, kit_expect_consumer (frame/room.h). */
#ifndef KIT_FRAME_STREAMS_H
#define KIT_FRAME_STREAMS_H

#include <stddef.h>

/* There is such a stream, of this subject: in files, on
 * three servers, without any limit; it acknowledges, and knows duplicates for
 * two minutes. why: the mistake where it is not there. */
void kit_expect_lasting_stream(const char *stream, const char *subject,
                               const char *why);

/* There is such a durable consumer of that subject alone, with explicit acks.
 * What is not acknowledged comes again, however often, after 1 to 10 seconds;
 * the consumer does not end because nobody asks. */
void kit_expect_durable(const char *stream, const char *consumer,
                        const char *subject);

/* While the stream takes no message (each answer is an error), the program with
 * these arguments publishes one on that subject so many times, and ends when it
 * is told to. Another one goes on until the stream takes it: it is stored, and
 * the program ends with status 0, after a single line.
 *     kit_expect_retries("orders", "orders.rome.tea", 12, why,
 *                        "publish", "rome", "tea", "1"); */
#define kit_expect_retries(stream, subject, count, why, ...)                   \
    kit_expect_retries_of(stream, subject, count, why,                         \
                          (const char *const[]){__VA_ARGS__, NULL})
void kit_expect_retries_of(const char *stream, const char *subject,
                           size_t count, const char *why,
                           const char *const args[]);

/* kit_start_held, and kit_expect_held: it prints a line a message. */
#define kit_hold(lines, ...)                                                   \
    kit_hold_of(lines, (const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_hold_of(int lines, const char *const args[]);

#endif
