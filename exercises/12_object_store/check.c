/* object_store: answers a request with the text of its command line. */
#include "kit/kit.h"

TestSuite(object_store, .init = kit_begin, .fini = kit_end);

static const char to_reply[] =
    "is the text of the command line published to the message's reply "
    "subject?";

Test(object_store, it_answers_a_request_with_its_text)
{
    const char *text = kit_random_word();

    kit_by_hand("request room.object_store ''");
    kit_start(text);
    kit_expect_subscribers("room.object_store", 1);
    kit_expect_answer("room.object_store", "", text, to_reply);
    kit_finish();
}

Test(object_store, it_leaves_alone_what_is_no_request)
{
    kit_by_hand("pub room.object_store ''");
    kit_start("hello");
    kit_expect_subscribers("room.object_store", 1);
    kit_publish("room.object_store", "nobody waits");
    kit_expect_answer("room.object_store", "", "hello", to_reply);
    kit_finish();
}
