/* Several servers of one file, each with a link: tests/programs/islands.conf.
 */
#include "kit/kit.h"

#include <signal.h>

TestSuite(islands, .init = kit_begin, .fini = kit_end);

static struct kit_server *launch(const char *domain, const char *denied)
{
    const char *const *variables = (const char *const[]){
        kit_text("DOMAIN=%s", domain), kit_text("DENIED=%s", denied), NULL};

    struct kit_server *server = kit_launch_server(domain, variables);
    kit_expect_monitored(server, "/varz", "jetstream.config.domain", domain,
                         "is there a domain in jetstream?");
    return server;
}

static struct kit_server *join(const char *domain)
{
    struct kit_server *server = launch(domain, "[]");

    kit_expect_joined(server, NULL);
    return server;
}

static void publish_orders(struct kit_server *server, int count)
{
    for (int i = 0; i < count; i++)
        kit_publish_at(kit_at(server), "orders.new", "x", 1);
}

/* As the exercise's program will: a stream of sources, by domain. */
static void add_global_stream(void)
{
    static const char source[] =
        "{\"name\": \"orders\", \"external\": {\"api\": \"$JS.%s.API\"}}";

    const char *config = kit_text(
        "{\"name\": \"all\", \"storage\": \"file\", \"num_replicas\": 1, "
        "\"retention\": \"limits\", \"discard\": \"old\", "
        "\"max_consumers\": -1, \"max_msgs\": -1, \"max_bytes\": -1, "
        "\"sources\": [%s, %s]}",
        kit_text(source, "east"), kit_text(source, "west"));
    const char *said;
    int status = kit_run(kit_text("file=$(mktemp) && echo '%s' >$file && "
                                  "nats stream add --config $file; "
                                  "code=$?; rm $file; exit $code",
                                  config),
                         &said);
    cr_assert_eq(status, 0, "%s", said);
}

Test(islands, each_is_joined_and_one_is_cut_off)
{
    struct kit_server *east = join("east"), *west = join("west");

    kit_untap();
    kit_serve_at(kit_at(east), "east.where", NULL, kit_say, "east");
    kit_serve_at(kit_at(west), "west.where", NULL, kit_say, "west");
    kit_expect_answer("east.where", "", "east", NULL);
    kit_expect_answer_at(kit_at(east), "west.where", "", "west", NULL);
    kit_cut_link(east);
    cr_assert_eq(kit_count_joined(east), 0);
    cr_assert_eq(kit_count_joined(west), 1);
    kit_expect_answer("west.where", "", "west", "does west go on?");
    kit_expect_answer_at(kit_at(east), "east.where", "", "east", NULL);
    cr_assert(kit_request("east.where", "").nobody);
    kit_restore_link(east);
    kit_expect_joined(east, NULL);
    kit_expect_answer_at(kit_at(west), "east.where", "", "east", NULL);
}

Test(islands, each_has_a_stream_and_the_hub_has_all)
{
    struct kit_server *east = join("east"), *west = join("west");
    struct kit_place *in_east = kit_in_domain(kit_room(), "east");
    struct kit_place *in_west = kit_in_domain(kit_room(), "west");

    kit_add_stream_at(in_east, "orders", "orders.>", 1);
    kit_add_stream_at(kit_at(west), "orders", "orders.>", 1);
    cr_assert_not(kit_stream_state("orders").exists);
    kit_expect_stored_at(in_west, "orders", 0, NULL);
    kit_cut_link(west);
    publish_orders(east, 3);
    kit_expect_stored_at(in_east, "orders", 3, NULL);
    kit_expect_stored_at(kit_at(east), "orders", 3, NULL);
    publish_orders(west, 4);
    kit_restore_link(west);
    kit_expect_joined(west, NULL);
    kit_expect_stored_at(in_west, "orders", 4, "who else heard the orders?");
    add_global_stream();
    kit_expect_stored("all", 7, NULL);
    cr_assert_str_eq(kit_stream_message_at(in_east, "orders", 3).data, "x");
}

Test(islands, three_end_and_start_again)
{
    struct kit_server *servers[] = {join("east"), join("west"), join("north")};

    kit_stop_server(servers[2], SIGKILL);
    kit_expect_alone(servers[2], NULL);
    kit_expect_joined(servers[0], NULL);
    kit_start_server_again(servers[2]);
    kit_expect_joined(servers[2], NULL);
    kit_serve_at(kit_at(servers[2]), "where", NULL, kit_say, "north");
    kit_expect_answer_at(kit_at(servers[1]), "where", "", "north", NULL);
}

Test(islands, one_lets_only_some_subjects_pass)
{
    struct kit_server *east = launch("east", "[\"secret.>\", \"_INBOX.>\"]");

    kit_expect_joined_in_part(east, NULL);
    kit_publish_at(kit_at(east), "secret.1", "x", 1);
    kit_publish_at(kit_at(east), "room.1", "x", 1);
    kit_expect_message("room.1", "x", NULL);
    cr_assert_eq(kit_tapped("secret.>"), 0);
    kit_cut_link(east);
    kit_restore_link(east);
    kit_expect_joined_in_part(east, NULL);
}
