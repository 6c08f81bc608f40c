/* Time that something took. */
#ifndef KIT_SAY_TIME_H
#define KIT_SAY_TIME_H

/* From one moment to another (kit_clock) at least so many ms passed: what was
 * expected to take so long, as a sentence: "a reply is waited for". */
void kit_assert_lasted(double from, double to, int at_least_ms,
                       const char *what, const char *why);

#endif
