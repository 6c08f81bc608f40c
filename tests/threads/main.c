/* Runs one test of a check in this very process: ThreadSanitizer refuses the
 * addresses at which Criterion's processes share memory.
 *
 * usage: check         says the names of the tests
 *        check NAME    runs that test, without kit/run: no guard, no report
 *
 * A test that fails leaves its report in its folder, and ends the process by
 * abort, as Criterion's assertion finds nobody to tell. */
#include "tests/threads/alone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct criterion_test_extra_data alone_suite;

/* The section that Test fills, as the linker calls its ends. */
extern const struct criterion_test *const __start_alone[];
extern const struct criterion_test *const __stop_alone[];

static void run(const struct criterion_test *test)
{
    /* It is constant for tests, and set by Criterion. */
    *(const struct criterion_test **)&criterion_current_test = test;
    alone_suite.init();
    test->test();
    alone_suite.fini();
}

int main(int argc, char *argv[])
{
    for (size_t i = 0; &__start_alone[i] < __stop_alone; i++) {
        const struct criterion_test *test = __start_alone[i];
        if (argc == 1) {
            puts(test->name);
        } else if (strcmp(test->name, argv[1]) == 0) {
            run(test);
            return EXIT_SUCCESS;
        }
    }
    return argc == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
