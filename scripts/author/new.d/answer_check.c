/* @NAME@: answers a request with the text of its command line. */
#include "kit/kit.h"

TestSuite(@NAME@, .init = kit_begin, .fini = kit_end);

static const char to_reply[] =
    "is the text of the command line published to the message's reply "
    "subject?";

Test(@NAME@, it_answers_a_request_with_its_text)
{
    const char *text = kit_random_word();

    kit_by_hand("request room.@NAME@ ''");
@program
    kit_start(text);
@two
    kit_start_of("@NAME@", text);
@end
    kit_expect_subscribers("room.@NAME@", 1);
    kit_expect_answer("room.@NAME@", "", text, to_reply);
    kit_finish();
}

Test(@NAME@, it_leaves_alone_what_is_no_request)
{
    kit_by_hand("pub room.@NAME@ ''");
@program
    kit_start("hello");
@two
    kit_start_of("@NAME@", "hello");
@end
    kit_expect_subscribers("room.@NAME@", 1);
    kit_publish("room.@NAME@", "nobody waits");
    kit_expect_answer("room.@NAME@", "", "hello", to_reply);
    kit_finish();
}
@two

Test(@NAME@, the_caller_prints_the_answer)
{
    const char *text = kit_random_word();

    kit_serve_text("room.@NAME@", text);
    struct kit_program *caller =
        kit_start_args_of("caller", (const char *const[]){NULL});
    kit_may_end(caller); /* it is to end by itself */
    kit_expect_line(caller, text, "is the reply's data printed on a line?");
    kit_expect_exit(caller, 0, "is everything destroyed at the end?");
}
@end
