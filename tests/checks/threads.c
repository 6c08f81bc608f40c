/* What the kit's own threads do while the test does something else. */
#include "kit/kit.h"

#include <pthread.h>

TestSuite(threads, .init = kit_begin, .fini = kit_end);

#define ROUNDS 30
#define LISTENERS 20

static void *count(void *counter)
{
    for (int i = 0; i < 1000; i++)
        ++*(int *)counter;
    return NULL;
}

/* For the proof that a mistake is found. */
Test(threads, two_threads_count_without_a_lock)
{
    int counter = 0;
    pthread_t other;

    if (pthread_create(&other, NULL, count, &counter) != 0)
        kit_undecided("no thread");
    count(&counter);
    pthread_join(other, NULL);
}

Test(threads, a_tap_ends_while_messages_arrive)
{
    kit_start("flood");
    for (int i = 0; i < ROUNDS; i++) {
        kit_expect_messages("flood.x", 100, NULL);
        if (i % 2 == 0)
            kit_untap();
        kit_tap_at(kit_room());
    }
}

/* So many that there is always one whose callback is waiting for the lock. */
Test(threads, listeners_end_while_messages_arrive)
{
    struct kit_place *room = kit_room();
    struct kit_listener ears[LISTENERS];

    kit_start("flood");
    kit_expect_messages("flood.x", 1, NULL);
    kit_untap();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < LISTENERS; i++)
            kit_listen(&ears[i], room->main, "flood.>", &room->wire->round);
        kit_settle();
        for (int i = 0; i < LISTENERS; i++)
            kit_listen_forget(&ears[i]);
    }
}

Test(threads, a_place_ends_while_messages_arrive)
{
    kit_start("flood");
    kit_serve_text("flood.*", "hi");
    kit_expect_messages("flood.x", 100, NULL);
}

Test(threads, a_program_is_looked_at_while_it_prints)
{
    struct kit_program *chatter = kit_start("chatter");
    size_t length = 0;

    for (int i = 0; i < ROUNDS; i++) {
        kit_expect_line(chatter, "a line", NULL);
        kit_expect_complaint(chatter, "a complaint", NULL);
        kit_output(chatter, &length);
        kit_complaints(chatter, NULL);
        if (!kit_running(chatter) || kit_peak_memory(chatter) > 100)
            kit_fail("it runs", NULL, "it %s", kit_describe_end(chatter));
        kit_hold_output(chatter);
        kit_expect_held(chatter, NULL);
        kit_release_output(chatter);
    }
    kit_kill(chatter);
    kit_assert_each_once((const char *const[]){"a line"}, 1, NULL);
}

Test(threads, a_program_ends_while_it_is_held)
{
    struct kit_program *silent = kit_start("silent");

    kit_may_end(silent);
    kit_hold_output(silent);
    kit_expect_held(silent, NULL);
}

Test(threads, a_program_ends_while_it_is_looked_at)
{
    struct kit_program *silent = kit_start("silent");

    kit_may_end(silent);
    while (kit_running(silent))
        kit_peak_memory(silent);
    kit_expect_exit(silent, 0, NULL);
}
