/* A server of the learner's, joined to the hub by a link that can be cut. */
#include "kit/kit.h"

#include <signal.h>
#include <string.h>

TestSuite(island, .init = kit_begin, .fini = kit_end);

Test(island, it_is_joined_cut_off_and_joined_again)
{
    kit_assert_config();
    struct kit_server *island = kit_start_server();
    kit_expect_joined(island, NULL);
    kit_serve_at(kit_at(island), "greet", NULL, kit_say, "from the island");
    kit_request("greet", "");
    for (int i = 0; i < 3; i++) {
        kit_cut_link(island);
        kit_request_at(kit_at(island), "greet", "");
        kit_restore_link(island);
        kit_expect_joined(island, NULL);
    }
    kit_serve("where", NULL, kit_say, "from the hub");
    kit_request_at(kit_at(island), "where", "");
}

Test(island, it_ends_and_starts_again)
{
    struct kit_server *island = kit_start_server();
    kit_expect_joined(island, NULL);
    kit_stop_server(island, SIGKILL);
    kit_expect_alone(island, NULL);
    kit_start_server_again(island);
    kit_expect_joined(island, NULL);
}
