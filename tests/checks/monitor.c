/* What a server says of itself: tests/programs/monitored.conf. */
#include "kit/kit.h"

#include <stdlib.h>
#include <string.h>

TestSuite(monitor, .init = kit_begin, .fini = kit_end);

static void expect(struct kit_server *server, const char *endpoint,
                   const char *path, const char *value)
{
    const char *seen = kit_monitored(server, endpoint, path);

    if (seen == NULL || strcmp(seen, value) != 0)
        kit_fail(kit_text("%s of %s is %s", path, endpoint, value), NULL, "%s",
                 seen != NULL ? seen : "no such value");
}

Test(monitor, values_are_found_by_their_path)
{
    struct kit_server *server = kit_start_server();

    expect(server, "/varz", "server_name", "watchtower");
    expect(server, "/varz", "max_payload", "2097152");
    expect(server, "/varz", "jetstream.config.max_storage", "5368709120");
    expect(server, "/healthz", "status", "ok");
    expect(server, "/varz", "leaf.remotes.#", "1");
    cr_assert_null(kit_monitored(server, "/varz", "no_such_key"));
    cr_assert_null(kit_monitored(server, "/varz", "server_name.more"));
    cr_assert_null(kit_monitored(server, "/connz", "connections.99.name"));
    cr_assert_null(kit_monitored(server, "/no_such_endpoint", "server_name"));
    cr_assert_str_eq(kit_server_name(server), "watchtower");
    kit_expect_monitored(server, "/varz", "server_name", "watchtower",
                         "is there a server_name?");
}

/* Whether a connection, by its number, is a client with this subscription. */
static bool is_subscribed(struct kit_server *server, int n, const char *subject)
{
    const char *list =
        kit_monitored(server, "/connz?subs=1",
                      kit_text("connections.%d.subscriptions_list", n));

    return list != NULL && strstr(list, kit_text("\"%s\"", subject)) != NULL;
}

Test(monitor, connections_and_subscriptions_are_told)
{
    const struct kit_login nobody = {0};
    struct kit_server *server = kit_start_server();

    kit_expect_joined(server, NULL);
    kit_expect_monitored(server, "/varz", "connections", "2", NULL);
    expect(server, "/connz?subs=1", "connections.#", "3");
    expect(server, "/connz?subs=1", "connections.0.kind", "Leafnode");
    expect(server, "/connz?subs=1", "connections.1.name", "kit");
    cr_assert_not(is_subscribed(server, 1, "greet"));
    kit_serve_at(kit_at(server), "greet", NULL, kit_say, "hi");
    cr_assert(is_subscribed(server, 1, "greet"));
    kit_log_in(server, nobody);
    kit_expect_monitored(server, "/varz", "connections", "4", NULL);
}

Test(monitor, streams_and_leaf_nodes_are_told)
{
    struct kit_server *server = kit_start_server();

    kit_expect_joined(server, NULL);
    kit_add_stream_at(kit_at(server), "orders", "orders.>", 1);
    kit_publish_at(kit_at(server), "orders.1", "x", 1);
    kit_expect_monitored(server, "/jsz?streams=1",
                         "account_details.0.stream_detail.0.state.messages",
                         "1", NULL);
    expect(server, "/jsz", "streams", "1");
    expect(server, "/leafz", "leafs.0.is_spoke", "true");
    kit_serve("from.the.hub", NULL, kit_say, "hi");
    const char *list =
        kit_monitored(server, "/leafz?subs=1", "leafs.0.subscriptions_list");
    cr_assert(strstr(list, "\"from.the.hub\""), "%s", list);
}

Test(monitor, a_change_is_waited_for)
{
    struct kit_server *server = kit_start_server();

    kit_expect_monitored(server, "/varz", "max_payload", "2097152", NULL);
    kit_run("sed -i 's/max_payload: 2MB/max_payload: 1MB/' $KIT_PROGRAM", NULL);
    kit_reload_server(server);
    kit_expect_monitored(server, "/varz", "max_payload", "1048576", NULL);
    kit_expect_joined(server, NULL);
}
