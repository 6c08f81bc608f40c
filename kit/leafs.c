/* Which leaf nodes are joined to which account, as the hub says. */
#include "internal.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

struct leafs {
    size_t expected, ours;
    const char *others; /* "'island' in account ROOM" */
};

static void take_leaf(struct leafs *leafs, const cJSON *leaf)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(leaf, "name"));
    const char *account =
        cJSON_GetStringValue(cJSON_GetObjectItem(leaf, "account"));

    if (name == NULL || account == NULL)
        return;
    if (strcmp(account, getenv(KIT_ENV_ACCOUNT)) == 0)
        leafs->ours++;
    else if (strncmp(account, "CHECK_", strlen("CHECK_")) != 0)
        leafs->others = kit_text("%s; '%s' is joined to account %s",
                                 leafs->others, name, account);
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
                 why, "%zu%s", leafs.ours, leafs.others);
    kit_set_joined(count > 0);
}
