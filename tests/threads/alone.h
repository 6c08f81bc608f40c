/* Included before a check by `test threads`: its tests are Criterion's no more,
 * since they would tell its runner what they do (tests/threads/main.c). */
#ifndef TESTS_THREADS_ALONE_H
#define TESTS_THREADS_ALONE_H

#include <criterion/criterion.h>

#undef TestSuite
#define TestSuite(suite, ...)                                                  \
    const struct criterion_test_extra_data alone_suite = {__VA_ARGS__}

#undef Test
#define Test(suite, words)                                                     \
    static void suite##_##words(void);                                         \
    static const struct criterion_test suite##_##words##_alone = {             \
        .name = #words, .test = suite##_##words};                              \
    __attribute__((                                                            \
        used, section("alone"))) static const struct criterion_test *const     \
        suite##_##words##_listed = &suite##_##words##_alone;                   \
    static void suite##_##words(void)

#endif
