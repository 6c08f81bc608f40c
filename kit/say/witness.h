/* Witnesses: those who can say more about a failure, and don't have to be
 * known to the one who reports it.
 *
 * A layer that sees something registers a witness. When the test fails, each
 * tells, in the order of the sections. One that knows that the test is over
 * already, because a program it needs has died, has an alibi for whoever is
 * waiting: kit_await ends as soon as there is one. */
#ifndef KIT_SAY_WITNESS_H
#define KIT_SAY_WITNESS_H

#include <stdbool.h>
#include <stdio.h>

enum kit_section {
    KIT_SECTION_WIRE,    /* what the account's messages were */
    KIT_SECTION_BY_HAND, /* the command that shows the same */
    KIT_SECTION_OUTPUT,  /* the programs' files, and what they said last */
};

/* Belongs to whoever registers it, and must last until kit_witnesses_forget.
 * Both functions may be NULL; they are called on the test's own thread. */
struct kit_witness {
    enum kit_section section;
    void (*tell)(FILE *out, void *closure);
    const char *(*alibi)(void *closure); /* NULL: the test may go on */
    void *closure;
    const char *why;          /* the likely mistake behind the alibi, or NULL */
    struct kit_witness *next; /* the kit's */
};

void kit_witness_add(struct kit_witness *witness);
void kit_witnesses_forget(void);

/* Lets all of a section tell. */
void kit_witnesses_tell(FILE *out, enum kit_section section);

/* The first alibi, or NULL: "'Ada' was killed by signal 11 ...". */
const char *kit_alibi(void);

/* The mistake that the witness with that alibi sees behind it, or NULL. */
const char *kit_alibi_mistake(void);

/* kit_wait that also ends when somebody has an alibi. Returns whether
 * holds(arg), which is called without kit_lock. */
bool kit_await(bool (*holds)(void *arg), void *arg, int deadline_ms);

#endif
