/* A server of the learner's, joined to the hub by a link that can be cut. */
#include "kit/kit.h"

#include <signal.h>
#include <string.h>

TestSuite(island, .init = kit_begin, .fini = kit_end);

static const void *say(const struct kit_message *request, size_t *length,
                       void *text)
{
    (void)request;
    *length = strlen(text);
    return text;
}

Test(island, it_is_joined_cut_off_and_joined_again)
{
    kit_assert_config();
    kit_start_server();
    kit_expect_leafs(1, NULL);
    kit_serve_island("greet", NULL, say, "from the island");
    kit_request("greet", "");
    for (int i = 0; i < 3; i++) {
        kit_cut_link();
        kit_request_island("greet", "");
        kit_restore_link();
        kit_expect_leafs(1, NULL);
    }
    kit_serve("where", NULL, say, "from the hub");
    kit_request_island("where", "");
}

Test(island, it_ends_and_starts_again)
{
    kit_start_server();
    kit_expect_leafs(1, NULL);
    kit_stop_server(SIGKILL);
    kit_expect_leafs(0, NULL);
    kit_start_server();
    kit_expect_leafs(1, NULL);
}
