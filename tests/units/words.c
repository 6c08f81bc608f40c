/* Environments, and names of variables. */
#include "kit/base/words.h"

#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <string.h>

TestSuite(words, .fini = kit_free_all);

static char *const usual[] = {"PATH=/bin", "USER=ada", "USERS=3", NULL};

static void assert_list(char *const list[], const char *const expected[])
{
    size_t i = 0;

    for (; expected[i] != NULL; i++) {
        cr_assert_not_null(list[i]);
        cr_assert_str_eq(list[i], expected[i]);
    }
    cr_assert_null(list[i]);
}

Test(words, nothing_more_is_the_same_environment)
{
    const char *const none[] = {NULL};

    assert_list(kit_environment_with(usual, NULL), (const char *const *)usual);
    assert_list(kit_environment_with(usual, none), (const char *const *)usual);
}

Test(words, a_variable_is_set)
{
    const char *const more[] = {"SEED=7", "EMPTY=", NULL};

    assert_list(kit_environment_with(usual, more),
                (const char *const[]){"PATH=/bin", "USER=ada", "USERS=3",
                                      "SEED=7", "EMPTY=", NULL});
}

Test(words, a_variable_is_replaced_by_its_whole_name)
{
    const char *const more[] = {"USER=bea", NULL};

    assert_list(
        kit_environment_with(usual, more),
        (const char *const[]){"PATH=/bin", "USERS=3", "USER=bea", NULL});
}

Test(words, a_longer_name_replaces_no_shorter_one)
{
    const char *const more[] = {"USERS=4", NULL};

    assert_list(
        kit_environment_with(usual, more),
        (const char *const[]){"PATH=/bin", "USER=ada", "USERS=4", NULL});
}

Test(words, an_empty_environment_is_filled)
{
    char *const none[] = {NULL};
    const char *const more[] = {"A=1", NULL};

    assert_list(kit_environment_with(none, more), more);
    assert_list(kit_environment_with(none, NULL), (const char *const[]){NULL});
}

Test(words, a_name_becomes_a_variables)
{
    cr_assert_str_eq(kit_upper("east-2"), "EAST_2");
    cr_assert_str_eq(kit_upper("a.b c"), "A_B_C");
    cr_assert_str_eq(kit_upper("é"), "__");
    cr_assert_str_eq(kit_upper(""), "");
}

Test(words, capitals_become_small_letters)
{
    cr_assert_str_eq(kit_lower("CHECK_1"), "check_1");
    cr_assert_str_eq(kit_lower(""), "");
}
