#include "kit/server/leafs.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/server/ask.h"
#include "kit/server/monitor.h"
#include "kit/wire/settle.h"

#include <string.h>

#define REST_MS 200 /* in which interest does not change any more */

struct leafs {
    struct kit_server *server;
    const char *name; /* of the server, in the hub's list */
    size_t expected, ours;
    const char *others; /* "; 'island' is joined to account ROOM" */
};

/* What the log of the learner's server says, and the mistake it stands for. */
static const struct {
    const char *says, *why;
} mistakes[] = {
    {"attempted to connect to wrong port",
     "is that the port for clients? Leaf nodes have a port of their own"},
    {" - rid:", "routes make one more node of the cluster; a leaf node has "
                "`remotes` in `leafnodes`"},
    {"lookup for host",
     "is it $HUB_LEAF, with its $ and without quotes? Only so is it replaced"},
    {"Authorization Violation", "are user and password in the url those of an "
                                "account of the hub?"},
    {"connection refused", "is the address that of $HUB_LEAF? Nobody listens "
                           "for leaf nodes there"},
};

static bool has_tried(struct kit_server *server)
{
    return strstr(kit_server_log(server), "Leafnode connection created") !=
           NULL;
}

static const char *likely_mistake(struct kit_server *server)
{
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        if (strstr(kit_server_log(server), mistakes[i].says) != NULL)
            return mistakes[i].why;
    }
    if (has_tried(server))
        return "the login in the url decides on the account; without one you "
               "are a guest, in ROOM";
    return "is there a remote in leafnodes { remotes: [...] }? Your server's "
           "log tells of no attempt to join anybody";
}

/* "; its log says: [ERR] 127.0.0.1:4222 - ...", the last one; or "". */
static const char *last_error(struct kit_server *server)
{
    const char *error = NULL;

    for (const char *next = strstr(kit_server_log(server), "[ERR]");
         next != NULL; next = strstr(next + 1, "[ERR]"))
        error = next;
    return error != NULL ? kit_text("; its log says: %.*s",
                                    (int)strcspn(error, "\n"), error)
                         : "";
}

/* What else there is to say of a server that has not joined. */
static const char *what_it_did(const struct leafs *leafs)
{
    const char *error = last_error(leafs->server);

    return error[0] == '\0' && has_tried(leafs->server) ? leafs->others : error;
}

static void take_leaf(struct leafs *leafs, const cJSON *leaf)
{
    const char *name = kit_json_text(leaf, "name");
    const char *account = kit_json_text(leaf, "account");

    if (strcmp(name, leafs->name) != 0)
        return;
    if (strcmp(account, leafs->server->all->hub->account) == 0)
        leafs->ours++;
    else if (strncmp(account, "CHECK_", strlen("CHECK_")) != 0)
        leafs->others =
            kit_text("; '%s' is joined to account %s", name, account);
}

/* False where a node did not answer. */
static bool look(struct leafs *leafs)
{
    cJSON *answers[KIT_NODES] = {NULL};

    leafs->ours = 0;
    leafs->others = "";
    if (!kit_gather(leafs->server->all->hub, "LEAFZ", "{}", answers))
        return false;
    for (int i = 0; i < KIT_NODES && answers[i] != NULL; i++) {
        const cJSON *data = cJSON_GetObjectItem(answers[i], "data");
        const cJSON *leaf;
        cJSON_ArrayForEach(leaf, cJSON_GetObjectItem(data, "leafs"))
            take_leaf(leafs, leaf);
        cJSON_Delete(answers[i]);
    }
    return true;
}

static bool as_many_as_expected(void *argument)
{
    struct leafs *leafs = argument;

    return look(leafs) && leafs->ours == leafs->expected;
}

/* The name is kept: a server that is down cannot be asked. */
static struct leafs begin(struct kit_server *server, size_t expected)
{
    if (server->name == NULL || server->name[0] == '\0')
        server->name = kit_server_name(server);
    return (struct leafs){.server = server,
                          .name = server->name,
                          .expected = expected,
                          .others = ""};
}

static void expect_leafs(struct kit_server *server, size_t count,
                         const char *why)
{
    struct leafs leafs = begin(server, count);

    if (kit_wait(as_many_as_expected, &leafs, KIT_DEADLINE_MS))
        return;
    kit_fail(kit_text("%s joined to the check's account, says the hub",
                      kit_count(count, "leaf node", "leaf nodes")),
             why != NULL ? why : likely_mistake(server), "%zu%s", leafs.ours,
             what_it_did(&leafs));
}

/* What the hub wants of a server, while it is told. */
struct interest {
    struct kit_server *server;
    const char *count;
    double since; /* when it became that */
};

static bool is_at_rest(void *argument)
{
    struct interest *interest = argument;
    const char *count =
        kit_monitored(interest->server, "/leafz", "leafs.0.subscriptions");

    if (count == NULL || strcmp(count, interest->count) != 0) {
        interest->count = count != NULL ? count : "";
        interest->since = kit_clock();
    }
    return count != NULL && kit_clock() - interest->since >= REST_MS;
}

/* The hub lists a leaf node before it has told it what it wants; no sentinel
 * shows when that is done where not even sentinels may pass. */
void kit_expect_joined_in_part(struct kit_server *server, const char *why)
{
    struct interest interest = {server, "", kit_clock()};

    expect_leafs(server, 1, why);
    kit_wait(is_at_rest, &interest, KIT_DEADLINE_MS);
}

void kit_expect_joined(struct kit_server *server, const char *why)
{
    expect_leafs(server, 1, why);
    kit_at(server)->joined = true;
    kit_wire_settle(server->all->wire);
}

void kit_expect_alone(struct kit_server *server, const char *why)
{
    server->place.joined = false;
    expect_leafs(server, 0, why);
    kit_wire_settle(server->all->wire);
}

void kit_cut_link(struct kit_server *server)
{
    kit_relay_cut(&server->link);
    kit_expect_alone(server, NULL);
}

void kit_restore_link(struct kit_server *server)
{
    kit_relay_restore(&server->link);
}

size_t kit_count_joined(struct kit_server *server)
{
    struct leafs leafs = begin(server, 0);

    kit_wait(as_many_as_expected, &leafs, 0);
    return leafs.ours;
}
