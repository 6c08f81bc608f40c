#include "kit/frame/account.h"

#include "kit/base/clock.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/server/connections.h"
#include "kit/wire/jetstream.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LEASE_MS 5000

/* Takes an account by a socket's name, which is free again when the last
 * process that has it ends. Such a name (abstract, no file) is known to all
 * processes of the machine, so also checks from another folder, or from a
 * container on the host's network, see that the account is taken. */
static bool take(int account)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *servers = getenv(KIT_ENV_SERVERS);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
                          "room/check_%d/%.80s", account,
                          servers != NULL ? servers : "");
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
                                 (size_t)length);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0)
        return true;
    close(fd);
    return false;
}

static bool take_any(void *argument)
{
    int *account = argument;

    for (*account = 1; *account <= KIT_ACCOUNTS; ++*account) {
        if (take(*account))
            return true;
    }
    return false;
}

const char *kit_account_lease(void)
{
    int account;

    if (!kit_wait(take_any, &account, LEASE_MS))
        kit_environment("wait for another check to end",
                        "all %d accounts for checks are in use", KIT_ACCOUNTS);
    return kit_text("CHECK_%d", account);
}

/* False where JetStream has no leader just now: ask again. */
static bool delete_streams(void *context)
{
    jsCtx *js = context;
    jsStreamNamesList *names = NULL;
    jsErrCode code = 0;

    natsStatus s = js_StreamNames(&names, js, NULL, &code);
    if (s == NATS_NOT_FOUND)
        return true;
    for (int i = 0; s == NATS_OK && i < names->Count; i++)
        s = js_DeleteStream(js, names->List[i], NULL, &code);
    jsStreamNamesList_Destroy(names);
    return s == NATS_OK || s == NATS_NOT_FOUND;
}

void kit_account_empty(struct kit_hub *hub, struct kit_place *room)
{
    if (!kit_await_no_connections(hub))
        kit_environment(kit_text("end that program; checks own the account %s",
                                 hub->account),
                        "somebody else uses the check's account: %s",
                        kit_list_connections(hub));
    jsCtx *js = kit_jetstream_at(room);
    bool emptied = kit_wait(delete_streams, js, 2 * KIT_DEADLINE_MS);
    jsCtx_Destroy(js);
    if (!emptied)
        kit_environment("make down && make up",
                        "the cluster's JetStream does not answer");
}
