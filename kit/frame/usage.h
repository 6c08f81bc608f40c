/* Wrong usage: arguments that a program refuses before it does anything. */
#ifndef KIT_FRAME_USAGE_H
#define KIT_FRAME_USAGE_H

#include "kit/base/strange.h"

/* In a list of arguments: here stands, in turn, each of the words. */
extern const char kit_each[];

/* Starts the program with these arguments, word for kit_each. */
struct kit_program *kit_start_with(const char *const args[], const char *word);

/* For each of these words (ending in NULL; base/strange.h has some) the program
 * refuses the arguments: exit status 2, a reason on stderr, nothing on stdout,
 * and nothing sent before. A few of them run at a time.
 *     kit_expect_usage_errors(kit_no_tokens, why, "sign", kit_each, "Hello");
 */
#define kit_expect_usage_errors(words, why, ...)                               \
    kit_expect_usage_errors_of(words, why,                                     \
                               (const char *const[]){__VA_ARGS__, NULL})
void kit_expect_usage_errors_of(const char *const words[], const char *why,
                                const char *const args[]);

/* The same for kit_no_tokens: the argument, which the README calls so, becomes
 * one token of a subject.
 *     kit_expect_one_token("NAME", "sign", kit_each, "Hello"); */
#define kit_expect_one_token(argument, ...)                                    \
    kit_expect_usage_errors(kit_no_tokens, kit_one_token_why(argument),        \
                            __VA_ARGS__)
const char *kit_one_token_why(const char *argument);

/* The same for one list of arguments. */
#define kit_expect_usage_error(why, ...)                                       \
    kit_expect_usage_errors(kit_no_word, why, __VA_ARGS__)
extern const char *const kit_no_word[];

/* Where no server answers at the start, the program with these arguments says
 * so on stderr, and ends with status 1: kit_expect_no_server("answer", "Ada");
 */
#define kit_expect_no_server(...)                                              \
    kit_expect_no_server_of((const char *const[]){__VA_ARGS__, NULL})
void kit_expect_no_server_of(const char *const args[]);

#endif
