/* Chance that can be replayed: all of it comes from one seed. */
#ifndef KIT_BASE_CHANCE_H
#define KIT_BASE_CHANCE_H

#include <stdint.h>

struct kit_chance {
    uint64_t state;
    uint32_t words, first; /* handed out so far; where they begin */
};

/* name, of the test, is mixed in: a test draws the same whichever tests ran
 * before it. */
void kit_chance_begin(struct kit_chance *chance, uint64_t seed,
                      const char *name);

/* A number from 0 to below - 1. */
uint32_t kit_chance_below(struct kit_chance *chance, uint32_t below);

/* A short word ("kobe", "sudala"): one subject token, lower case, 4 letters or
 * more (12 at most for the first 19,600), never the same twice. */
const char *kit_chance_word(struct kit_chance *chance);

#endif
