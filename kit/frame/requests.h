/* Programs that ask, in the room, where the check is the service or the
 * audience: what did it ask, and whom? Looked at before how the program ended,
 * because a wrong question explains a wrong end, not the other way round. */
#ifndef KIT_FRAME_REQUESTS_H
#define KIT_FRAME_REQUESTS_H

#include "kit/frame/start.h"
#include "kit/proc/program.h"
#include "kit/wire/message.h"

#include <stddef.h>

/* Of many short ones, so many run at a time: each has the deadline for itself,
 * and an interpreter that starts slowly should not have to share the machine
 * with a dozen more. */
#define KIT_AT_ONCE 2

/* A program that ends by itself: it gets no input, and its end is no mistake.
 * Returns it: kit_start_brief("guests"). */
struct kit_program *kit_brief(struct kit_program *program);
#define kit_start_brief(...) kit_brief(kit_start(__VA_ARGS__))

/* The program has no input any more and may end by itself. Waits until it has,
 * for KIT_DEADLINE_MS at most, and until all that it sent has arrived
 * (kit_settle). Whether and how it ended is not looked at. Programs that may
 * run at the same time are started first, all of them. Returns the program. */
struct kit_program *kit_let_end(struct kit_program *program);

/* The nth request on subject, counted from 0, is the program's, or that of
 * another one like it which was started with it: it comes before all programs
 * have ended, and names a reply subject. why: the likely mistake
 * where it names none, NULL: the usual one. The room must be tapped. */
const struct kit_message *kit_expect_request(struct kit_program *program,
                                             const char *subject, size_t nth,
                                             const char *why);

/* The same, without a payload. Returns its reply subject. */
const char *kit_expect_empty_request(struct kit_program *program,
                                     const char *subject, size_t nth,
                                     const char *why);

/* Replies to a program's request, with each of these texts (kit_as_json), in
 * this order: kit_reply_json(request, "{'id':'d1'}", "{'id':'d2'}"). */
#define kit_reply_json(request, ...)                                           \
    kit_reply_json_of(request, (const char *const[]){__VA_ARGS__, NULL})
void kit_reply_json_of(const struct kit_message *request,
                       const char *const texts[]);

/* No more than count messages are on subject: nothing was asked twice. */
void kit_assert_asked(const char *subject, size_t count, const char *why);

/* The same for what the check serves, also while nothing is tapped. */
void kit_assert_served(const char *subject, size_t count, const char *why);

/* Each names a reply subject of its own. why may be NULL, as above. */
void kit_assert_own_inboxes(const struct kit_message *one,
                            const struct kit_message *other, const char *why);

/* So do the first two on this subject, of two runs. */
void kit_assert_inboxes_differ(const char *subject, const char *why);

/* Publishes each of these texts: kit_publish_each(to, "a", "b"). */
#define kit_publish_each(subject, ...)                                         \
    kit_publish_each_of(subject, (const char *const[]){__VA_ARGS__, NULL})
void kit_publish_each_of(const char *subject, const char *const texts[]);

/* kit_let_end, then: the program has sent one request, and on this subject no
 * other. */
const struct kit_message *kit_expect_only_request(struct kit_program *program,
                                                  const char *subject,
                                                  const char *why);

/* The service on subject, which the check pretends, replies this text; a
 * program with these arguments is started, has asked it, once, and ended.
 *     kit_start_answered("room.guests", "[]", "guests"); */
#define kit_start_answered(subject, reply, ...)                                \
    kit_start_answered_of(subject, reply,                                      \
                          (const char *const[]){__VA_ARGS__, NULL})
struct kit_program *kit_start_answered_of(const char *subject,
                                          const char *reply,
                                          const char *const args[]);

/* Unusable replies: for each of the cases, a few at a time, the service on
 * its subject replies that, and the program with these arguments ends with exit
 * status 1 and one line of this form, on stderr.
 *     kit_expect_unusable("…not JSON…", "is it parsed?",
 *                         {"room.guests", "{", {"guests"}},
 *                         {"room.guests.ada", "", {"guests", "ada"}}); */
#define kit_expect_unusable(form, why, ...)                                    \
    kit_expect_unusable_of(                                                    \
        form, why,                                                             \
        (const struct kit_bad_reply[]){__VA_ARGS__, {NULL, NULL, {NULL}}})
struct kit_bad_reply {
    const char *subject, *reply;
    const char *args[8]; /* the rest are NULL */
};
void kit_expect_unusable_of(const char *form, const char *why,
                            const struct kit_bad_reply *cases);

#endif
