/* Chance: the same again by its seed, and words that never come twice. */
#include "kit/base/chance.h"

#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 19600
#define ROLLS 60000

TestSuite(chance, .fini = kit_free_all);

static struct kit_chance chance_of(uint64_t seed, const char *name)
{
    struct kit_chance chance;

    kit_chance_begin(&chance, seed, name);
    return chance;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void assert_distinct(uint64_t seed)
{
    struct kit_chance chance = chance_of(seed, "a_test");
    const char **words = kit_allocate(WORDS * sizeof(*words));

    for (int i = 0; i < WORDS; i++)
        words[i] = kit_chance_word(&chance);
    qsort(words, WORDS, sizeof(*words), compare);
    for (int i = 1; i < WORDS; i++)
        cr_assert_str_neq(words[i - 1], words[i], "seed %llu",
                          (unsigned long long)seed);
}

Test(chance, no_word_of_19600_comes_twice)
{
    assert_distinct(0);
    assert_distinct(1);
    assert_distinct(4711);
    assert_distinct(UINT64_MAX);
}

Test(chance, a_word_is_one_token_of_4_to_12_letters)
{
    struct kit_chance chance = chance_of(7, "a_test");

    for (int i = 0; i < WORDS; i++) {
        const char *word = kit_chance_word(&chance);
        size_t length = strlen(word);
        cr_assert_eq(strspn(word, "abcdefghijklmnopqrstuvwxyz"), length);
        cr_assert(length >= 4 && length <= 12, "%s", word);
    }
}

/* How many of 1000 draws are the same. */
static int in_common(struct kit_chance a, struct kit_chance b)
{
    int same = 0;

    for (int i = 0; i < 1000; i++)
        same += kit_chance_below(&a, 1000) == kit_chance_below(&b, 1000);
    return same;
}

Test(chance, a_seed_and_a_name_repeat_it)
{
    cr_assert_eq(in_common(chance_of(7, "one"), chance_of(7, "one")), 1000);
    struct kit_chance a = chance_of(7, "one"), b = chance_of(7, "one");
    for (int i = 0; i < 1000; i++)
        cr_assert_str_eq(kit_chance_word(&a), kit_chance_word(&b));
}

Test(chance, another_seed_or_name_is_another_sequence)
{
    cr_assert_leq(in_common(chance_of(7, "one"), chance_of(8, "one")), 10);
    cr_assert_leq(in_common(chance_of(7, "one"), chance_of(7, "two")), 10);
    cr_assert_leq(in_common(chance_of(7, "ab"), chance_of(7, "ba")), 10);
    cr_assert_leq(in_common(chance_of(7, ""), chance_of(7, "a")), 10);
}

Test(chance, other_seeds_begin_with_other_words)
{
    int same = 0;

    for (uint64_t seed = 0; seed < 100; seed++) {
        struct kit_chance a = chance_of(seed, "one");
        struct kit_chance b = chance_of(seed + 1, "one");
        same += strcmp(kit_chance_word(&a), kit_chance_word(&b)) == 0;
    }
    cr_assert_leq(same, 2);
}

/* 10,000 of each side are expected; one in 10^6 dice is off by 490. */
Test(chance, a_die_is_fair)
{
    struct kit_chance chance = chance_of(7, "a_die");
    int sides[6] = {0};

    for (int i = 0; i < ROLLS; i++) {
        uint32_t side = kit_chance_below(&chance, 6);
        cr_assert_lt(side, 6);
        sides[side]++;
    }
    for (int i = 0; i < 6; i++)
        cr_assert(abs(sides[i] - ROLLS / 6) < 500, "%d: %d times", i, sides[i]);
}

Test(chance, it_stays_below_any_bound)
{
    struct kit_chance chance = chance_of(7, "bounds");
    uint32_t highest = 0;

    for (int i = 0; i < 1000; i++) {
        cr_assert_eq(kit_chance_below(&chance, 1), 0);
        uint32_t drawn = kit_chance_below(&chance, UINT32_MAX);
        cr_assert_lt(drawn, UINT32_MAX);
        highest = drawn > highest ? drawn : highest;
    }
    cr_assert_gt(highest, UINT32_MAX / 100 * 95);
}
