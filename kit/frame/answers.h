/* Programs that answer, in the room: what the check asks is answered, once. */
#ifndef KIT_FRAME_ANSWERS_H
#define KIT_FRAME_ANSWERS_H

#include "kit/base/json.h"
#include "kit/proc/program.h"
#include "kit/wire/ask.h"

#include <stddef.h>

/* Each of the requests gets a reply, and its first has this payload; when the
 * programs have ended (kit_finish), it has got no other. */
void kit_expect_each_answered(const struct kit_request requests[], size_t count,
                              const char *answer, const char *why);

/* why: the mistake where some got none. */
void kit_assert_answered_once(const struct kit_request requests[], size_t count,
                              const char *why);

/* Each of these is asked on subject, one right after the other, and gets so
 * many replies in time; then all programs are stopped (kit_finish), and none
 * has got more. Texts are as for kit_as_json. why: the mistake where the
 * number is another. kit_expect_reply_counts("fleet.query", {"{'id':'d7'}", 1,
 * why},
 *                             {"7", 0, why}); */
#define kit_expect_reply_counts(subject, ...)                                  \
    kit_expect_reply_counts_of(                                                \
        subject, (const struct kit_question[]){__VA_ARGS__, {NULL, 0, NULL}})
struct kit_question {
    const char *text;
    size_t replies;
    const char *why;
};
void kit_expect_reply_counts_of(const char *subject,
                                const struct kit_question *questions);

/* A request, without a payload, is answered by JSON with these values
 * (base/json.h), sooner or later: it is asked again until it is.
 *     kit_expect_json_answer("fleet.stats.a.b", {"queries", "2", why}); */
#define kit_expect_json_answer(subject, ...)                                   \
    kit_expect_json_answer_of(subject, kit_values(__VA_ARGS__))
void kit_expect_json_answer_of(const char *subject,
                               const struct kit_value *values);

/* So many requests pile up in the memory of the program, which is paused; then
 * it is told to end, by SIGTERM, and goes on. Each of them is answered once, by
 * it or another one; then all programs have ended (kit_finish). Returns the
 * requests. */
const struct kit_request *kit_expect_none_lost(struct kit_program *leaving,
                                               const char *subject,
                                               const char *text, size_t count,
                                               const char *why);

#endif
