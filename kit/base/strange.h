/* What strangers write: words and texts that are right or wrong for a reason.
 */
#ifndef KIT_BASE_STRANGE_H
#define KIT_BASE_STRANGE_H

/* Words that are no subject token: empty, with a dot, a wildcard, white space
 * of any kind. Ends in NULL. */
extern const char *const kit_no_tokens[];

/* Payloads that are no JSON object, and the last would steer a terminal. Ends
 * in NULL. */
extern const char *const kit_no_objects[];

/* Text that would steer a terminal (C0, DEL, C1), in two lines; the same as a
 * string in JSON, without its quotes; and how it is shown, each control
 * character as '?', in two lines and as a part of one. */
#define KIT_STEERING "a\033[2J\177b\302\233c\303\251\nd"
#define KIT_STEERING_JSON "a\\u001b[2J\\u007fb\\u009bc\\u00e9\\nd"
#define KIT_STEERING_LINES "a?[2J?b?c\303\251\nd"
#define KIT_STEERING_LINE "a?[2J?b?c\303\251?d"

#endif
