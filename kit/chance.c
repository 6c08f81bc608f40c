/* Chance that can be replayed: all of it comes from one seed. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static uint64_t state;

/* xorshift64*: small, and good enough to pick names. The test's name is mixed
 * in, so that a test draws the same whichever tests ran before it. */
static uint32_t next(void)
{
    if (state == 0) {
        const char *seed = getenv(KIT_ENV_SEED);
        state = strtoull(seed ? seed : "1", NULL, 10) * 2654435769u + 88172645;
        for (const char *c = criterion_current_test->name; *c != '\0'; c++)
            state = state * 31 + (unsigned char)*c;
    }
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 32);
}

uint32_t kit_random(uint32_t below)
{
    return (uint32_t)(((uint64_t)next() * below) >> 32);
}

/* A counter in its last syllable keeps the words of one test apart. */
const char *kit_random_word(void)
{
    static const char consonants[] = "bdfgklmnprstvz";
    static const char vowels[] = "aeiou";
    static unsigned counter;
    char word[16];
    size_t length = 0;
    size_t syllables = 1 + kit_random(3);

    while (length < 2 * syllables) {
        word[length++] = consonants[kit_random(sizeof(consonants) - 1)];
        word[length++] = vowels[kit_random(sizeof(vowels) - 1)];
    }
    unsigned number = counter++;
    word[length++] = consonants[number % (sizeof(consonants) - 1)];
    word[length++] = vowels[number / (sizeof(consonants) - 1) % 5];
    return kit_keep(word, length);
}
