/* The sanitizers, compiled into the learner's program, watch its memory, and
 * write a report when it makes a mistake. What such a report says, in a few
 * words. */
#ifndef KIT_PROC_SANITIZERS_H
#define KIT_PROC_SANITIZERS_H

#include <stdbool.h>

/* Whether there is a report in what stands on stderr. */
bool kit_is_sanitizer_report(const char *text);

/* What has to be typed where they cannot work at all, and what is in their way;
 * NULL where they can. That is the machine's doing, and not the program's. */
const char *kit_sanitizer_mend(const char *text, const char **what);

/* The part of it that names the mistake and its line: at most 12 lines, without
 * frames that name nothing; all of the text where there is no report. */
const char *kit_sanitizer_part(const char *text);

/* What it found: "leaked memory: 453 byte(s) in 3 object(s)", "used memory that
 * it may not (heap-use-after-free in on_draw, lottery.c:26)". */
const char *kit_sanitizer_finding(const char *text);

/* The likely mistake behind it. */
const char *kit_sanitizer_why(const char *text);

#endif
