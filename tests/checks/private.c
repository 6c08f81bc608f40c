/* A cluster of one's own: stopped node, started node, nothing left. */
#include "kit/kit.h"

#include <signal.h>

TestSuite(private, .init = kit_begin, .fini = kit_end);

Test(private, a_service_answers_while_a_node_is_gone_and_when_it_is_back)
{
    kit_use_private_cluster();
    kit_serve_text("greet", "hi");
    kit_request("greet", "");
    kit_node_stop("n2", SIGKILL);
    kit_request("greet", "");
    kit_settle();
    kit_node_start("n2");
    kit_settle();
    struct kit_replies replies = kit_request("greet", "");
    cr_assert_eq(replies.count, 1);
}

Test(private, it_is_gone_afterwards)
{
    struct kit_replies replies;

    kit_untap();
    replies = kit_request("greet", "");
    cr_assert(replies.nobody);
}
