/* A server that is not there refuses nobody. */
#include "kit/kit.h"

#include <signal.h>

TestSuite(nowhere, .init = kit_begin, .fini = kit_end);

Test(nowhere, somebody_logs_in_where_no_server_is)
{
    struct kit_server *server = kit_start_server();
    const struct kit_login nobody = {0};

    kit_assert_allowed(kit_try_login(kit_server_url(server), nobody), NULL);
    kit_stop_server(server, SIGTERM);
    kit_assert_refused(kit_try_login(kit_server_url(server), nobody), NULL);
}
