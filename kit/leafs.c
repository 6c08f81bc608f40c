/* Which leaf nodes are joined to which account, as the hub says. */
#include "internal.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

struct leafs {
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

static const char *mistake_in_log(void)
{
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        if (strstr(kit_island_log(), mistakes[i].says) != NULL)
            return mistakes[i].why;
    }
    return NULL;
}

static bool has_tried(void)
{
    return strstr(kit_island_log(), "Leafnode connection created") != NULL;
}

static const char *likely_mistake(void)
{
    const char *found = mistake_in_log();

    if (found != NULL)
        return found;
    if (has_tried())
        return "the login in the url decides on the account; without one you "
               "are a guest, in ROOM";
    return "is there a remote in leafnodes { remotes: [...] }? Your server's "
           "log tells of no attempt to join anybody";
}

/* "; its log says: [ERR] 127.0.0.1:4222 - ...", the last one; or "". */
static const char *last_error(void)
{
    const char *error = NULL;

    for (const char *next = strstr(kit_island_log(), "[ERR]"); next != NULL;
         next = strstr(next + 1, "[ERR]"))
        error = next;
    return error != NULL ? kit_text("; its log says: %.*s",
                                    (int)strcspn(error, "\n"), error)
                         : "";
}

/* What else there is to say of a server that has not joined. */
static const char *what_it_did(const struct leafs *leafs)
{
    const char *error = last_error();

    return error[0] == '\0' && has_tried() ? leafs->others : error;
}

static void take_leaf(struct leafs *leafs, const cJSON *leaf)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(leaf, "name"));
    const char *account =
        cJSON_GetStringValue(cJSON_GetObjectItem(leaf, "account"));

    if (name == NULL || account == NULL)
        return;
    if (strcmp(account, getenv(KIT_ENV_ACCOUNT)) == 0)
        leafs->ours++;
    else if (strcmp(name, kit_server_name()) == 0 &&
             strncmp(account, "CHECK_", strlen("CHECK_")) != 0)
        leafs->others =
            kit_text("; '%s' is joined to account %s", name, account);
}

/* False where a server did not answer. */
static bool look(struct leafs *leafs)
{
    cJSON *answers[KIT_NODES] = {NULL};

    leafs->ours = 0;
    leafs->others = "";
    if (!kit_gather("$SYS.REQ.SERVER.PING.LEAFZ", "{}", answers))
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

void kit_expect_leafs(size_t count, const char *why)
{
    struct leafs leafs = {.expected = count, .others = ""};

    if (!kit_wait(as_many_as_expected, &leafs, KIT_DEADLINE_MS))
        kit_fail(kit_text("%zu leaf node%s joined to the check's account, "
                          "says the hub",
                          count, count == 1 ? "" : "s"),
                 why != NULL ? why : likely_mistake(), "%zu%s", leafs.ours,
                 what_it_did(&leafs));
    kit_set_joined(count > 0);
    kit_settle();
}
