#include "kit/frame/desk.h"

#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/frame/start.h"
#include "kit/say/fail.h"

#include <stdlib.h>
#include <string.h>

void kit_expect_context(const char *context)
{
    const char *answer;

    if (kit_run("nats --version", NULL) != 0)
        kit_environment("scripts/workbench/nats-cli",
                        "there is no nats command line");
    int status = kit_run(kit_text("unset NATS_URL; nats --context %s request "
                                  "--raw '$SYS.REQ.USER.INFO' ''",
                                  context),
                         &answer);
    if (status != 0 || strstr(answer, "\"account\":\"ROOM\"") == NULL)
        kit_by_hand_first(kit_text("make shell, and there:\n"
                                   "nats context save %s --select \\\n"
                                   "--server %s",
                                   context, getenv(KIT_ENV_SERVERS)),
                          "your nats command line doesn't know this room yet. "
                          "Save a context called `%s` that leads to it",
                          context);
}
