#include "kit/base/chance.h"

#include "kit/base/memory.h"

#define SYLLABLES 70u                   /* 14 consonants, 5 vowels */
#define ENDINGS (SYLLABLES * SYLLABLES) /* two syllables: 4900 */
#define STEP 1597u /* has no factor of ENDINGS: each ending comes once */

/* xorshift64*: small, and good enough to pick names. */
static uint32_t next(struct kit_chance *chance)
{
    chance->state ^= chance->state >> 12;
    chance->state ^= chance->state << 25;
    chance->state ^= chance->state >> 27;
    return (uint32_t)((chance->state * 2685821657736338717u) >> 32);
}

void kit_chance_begin(struct kit_chance *chance, uint64_t seed,
                      const char *name)
{
    *chance = (struct kit_chance){.state = seed * 2654435769u + 88172645};
    for (const char *c = name; *c != '\0'; c++)
        chance->state = chance->state * 31 + (unsigned char)*c;
    if (chance->state == 0)
        chance->state = 1;
    chance->first = kit_chance_below(chance, ENDINGS);
}

uint32_t kit_chance_below(struct kit_chance *chance, uint32_t below)
{
    return (uint32_t)(((uint64_t)next(chance) * below) >> 32);
}

static char *add_syllable(char *end, uint32_t number)
{
    *end++ = "bdfgklmnprstvz"[number % 14];
    *end++ = "aeiou"[number / 14 % 5];
    return end;
}

/* The last two syllables count, in an order that looks like chance. When all
 * have been used the words get longer, so no word is one of an earlier round.
 */
const char *kit_chance_word(struct kit_chance *chance)
{
    uint32_t round = chance->words / ENDINGS;
    uint32_t ending = (chance->first + chance->words++ * STEP) % ENDINGS;
    uint32_t more = round > 0 ? 1 + round : kit_chance_below(chance, 2);
    char *word = kit_allocate(2 * (more + 2) + 1);
    char *end = word;

    while (more-- > 0)
        end = add_syllable(end, kit_chance_below(chance, SYLLABLES));
    end = add_syllable(end, ending / SYLLABLES);
    add_syllable(end, ending % SYLLABLES);
    return word;
}
