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

/* The form as an extended expression for a whole line. */
const char *kit_form_expression(const char *form);

/* The form as people are told it. */
const char *kit_form_words(const char *form);

#endif
