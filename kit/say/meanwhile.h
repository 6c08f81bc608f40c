/* What a test is doing, while it takes so long that one wonders. */
#ifndef KIT_SAY_MEANWHILE_H
#define KIT_SAY_MEANWHILE_H

/* From now on a line on the terminal says this, and for how many seconds; NULL:
 * it goes. text is a sentence without a full stop, and lasts as long as the
 * test. Where the output is no terminal, nothing is said. */
void kit_meanwhile(const char *text);

/* For whoever prints a line on the terminal: this before it removes that line,
 * which comes again by itself. "" where the output is no terminal. */
const char *kit_instead_of_meanwhile(void);

#endif
