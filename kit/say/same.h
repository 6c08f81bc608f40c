/* Texts that should be the same. */
#ifndef KIT_SAY_SAME_H
#define KIT_SAY_SAME_H

void kit_assert_text(const char *seen, const char *wanted, const char *why);

#endif
