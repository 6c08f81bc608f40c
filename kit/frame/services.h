/* Services in the room: what they say about themselves, and how they answer;
 * files that the learner's programs read. */
#ifndef KIT_FRAME_SERVICES_H
#define KIT_FRAME_SERVICES_H

#include "kit/base/json.h"
#include "kit/proc/program.h"
#include "kit/wire/ask.h"

#include <stddef.h>

/* One service of this name answers $SRV.PING, INFO or STATS, and its answer has
 * these values (base/json.h), sooner or later: it counts a request when it has
 * been answered. An endpoint is found by its name:
 *     kit_expect_service("STATS", "favorites",
 *                        {"endpoints.get.num_requests", "7", why}); */
#define kit_expect_service(verb, name, ...)                                    \
    kit_expect_service_of(verb, name, kit_values(__VA_ARGS__))
void kit_expect_service_of(const char *verb, const char *name,
                           const struct kit_value *values);

/* A request with this payload is answered once, by an error of the services
 * framework: this code and this text in its headers. */
void kit_expect_service_error(const char *subject, const char *payload,
                              const char *code, const char *text);

/* Each of the requests gets a reply, and its first has this payload; when the
 * programs have ended (kit_finish), it has got no other. */
void kit_expect_each_answered(const struct kit_request requests[], size_t count,
                              const char *answer, const char *why);
/* why: the mistake where some got none. */
void kit_assert_answered_once(const struct kit_request requests[], size_t count,
                              const char *why);

/* Requests pile up in the memory of the program, which is paused; then it is
 * told to end, by SIGTERM, and goes on. Each of them is answered once, by it or
 * another one; then all programs have ended (kit_finish). */
void kit_expect_none_lost(struct kit_program *leaving, const char *subject,
                          const char *text, const char *why);

/* The instances of this service, two at least, have ids of their own, and each
 * has had requests at this endpoint. */
void kit_expect_shared(const char *name, const char *endpoint, const char *why);

/* Writes a file into the test's folder, and returns its path. */
const char *kit_file(const char *name, const char *text);

/* For each of these contents, up to a NULL, of a file: a program with these
 * arguments, kit_each among them for the file, ends with status 1 and a line on
 * stderr.
 *     kit_expect_unusable_files(files, why, "ada", kit_each); */
#define kit_expect_unusable_files(contents, why, ...)                          \
    kit_expect_unusable_files_of(contents, why,                                \
                                 (const char *const[]){__VA_ARGS__, NULL})
void kit_expect_unusable_files_of(const char *const contents[], const char *why,
                                  const char *const args[]);

#endif
