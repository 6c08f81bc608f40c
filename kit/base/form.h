/* Forms: lines as a README writes them down, with gaps.
 *
 *     connected to «server name» (room), rtt «N» us
 *
 * «N» is a whole number without leading zeros; any other «name» is anything but
 * nothing; … is anything at all. «name:EXPRESSION» is what the POSIX extended
 * expression matches, and is shown as «name». All else stands for itself: data
 * may be put into a form as it is. */
#ifndef KIT_BASE_FORM_H
#define KIT_BASE_FORM_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

/* The form as an extended expression for a whole line. */
const char *kit_form_expression(const char *form);

/* The same, compiled. The check's own mistake ends the process: there is no
 * form that a learner wrote. The caller releases it (regfree). */
void kit_form_compile(regex_t *compiled, const char *form, bool ignore_case);

/* Whether a line has the form; one with a NUL in it has none. */
bool kit_form_matches(const regex_t *compiled, const char *line, size_t length);

/* The form as people are told it. */
const char *kit_form_words(const char *form);

#endif
