#include "kit/frame/test.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/memory.h"
#include "kit/base/settings.h"
#include "kit/base/text.h"
#include "kit/frame/account.h"
#include "kit/say/fail.h"
#include "kit/say/meanwhile.h"
#include "kit/say/run.h"
#include "kit/say/witness.h"
#include "kit/server/ask.h"
#include "kit/server/delay.h"
#include "kit/wire/serve.h"
#include "kit/wire/settle.h"
#include "kit/wire/tap.h"
#include "kit/wire/timeline.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* What a failure has left behind of nats.c's is not waited for. */
#define LEFT_MS 500

static struct kit_test current;

struct kit_test *kit_test(void)
{
    return &current;
}

/* ---- beginning ----------------------------------------------------------- */

static void end_as_failed(void)
{
    cr_assert_fail("see the report");
}

static uint64_t seed(void)
{
    const char *text = getenv(KIT_ENV_RUN_SEED);

    return text != NULL ? strtoull(text, NULL, 10) : 1;
}

/* The test's number in the file. */
static int own_number(const char *name)
{
    const char *names = getenv(KIT_ENV_TESTS);
    size_t length = strlen(name);
    int number = 1;

    while (names != NULL && *names != '\0') {
        size_t end = strcspn(names, " ");
        if (end == length && strncmp(names, name, length) == 0)
            break;
        names += end + (names[end] == ' ');
        number++;
    }
    return number;
}

/* Its folder's name (run/main.c). */
static const char *own_folder(const char *name)
{
    const char *run = getenv(KIT_ENV_RUN);

    return kit_text("%s/%d", run != NULL ? run : ".", own_number(name));
}

/* In every third test the first server that is named does not answer. */
static const char *urls_of(const struct kit_test *test)
{
    const char *urls = kit_hub_urls(&test->hub), *user = test->hub.user;

    return own_number(criterion_current_test->name) % 3 == 0
               ? kit_text("nats://%s:%s@127.0.0.1:1,%s", user, user, urls)
               : urls;
}

/* The timeline is a witness as soon as there is a place to listen at. */
void kit_room_open(struct kit_test *test)
{
    const struct kit_login login = {.user = test->hub.user,
                                    .password = test->hub.user};

    memset(&test->room, 0, sizeof(test->room));
    for (int i = 0; i < KIT_NODES; i++)
        kit_place_add(&test->room, test->hub.nodes[i].name,
                      kit_text("nats://%s", test->hub.nodes[i].address));
    natsStatus s = kit_place_open(&test->room, &test->wire, "the hub", &login);
    if (s != NATS_OK)
        kit_environment("make up",
                        "the cluster at %s does not answer as %s: "
                        "%s",
                        test->room.endpoints[0].url, login.user,
                        natsStatus_GetText(s));
    test->room.joined = true;
    setenv("NATS_URL", urls_of(test), 1);
    kit_ask_open(&test->hub);
}

void kit_room_close(struct kit_test *test)
{
    kit_ask_close(&test->hub);
    kit_place_close(&test->room);
}

void kit_begin(void)
{
    struct kit_test *test = &current;
    const char *name = criterion_current_test->name;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    kit_clock_start();
    kit_run_begin(own_folder(name));
    kit_report_begin(name, end_as_failed);
    kit_chance_begin(&test->chance, seed(), name);
    kit_programs_begin(&test->programs);
    kit_hub_begin(&test->hub, &test->programs, kit_account_lease());
    kit_wire_begin(&test->wire, kit_text("%08x", kit_chance_below(&test->chance,
                                                                  UINT32_MAX)));
    test->servers = (struct kit_servers){
        .programs = &test->programs, .wire = &test->wire, .hub = &test->hub};
    kit_servers_begin(&test->servers);
    kit_timeline_begin(&test->timeline, &test->room);
    kit_room_open(test);
    kit_account_empty(&test->hub, &test->room);
    kit_tap_at(&test->room);
}

/* ---- ending -------------------------------------------------------------- */

void kit_finish(void)
{
    kit_stop_all(&current.programs);
    kit_wire_settle(&current.wire);
}

void kit_end(void)
{
    struct kit_test *test = &current;

    kit_meanwhile(NULL);
    if (!kit_has_reported())
        kit_assert_all_clean(&test->programs);
    kit_serve_end(&test->wire);
    kit_wire_end(&test->wire);
    kit_ask_close(&test->hub);
    kit_hub_stop(&test->hub);
    kit_programs_end(&test->programs);
    kit_delays_end(&test->servers.delays);
    kit_remove_tree(kit_text("%s/private", kit_run_folder()));
    kit_witnesses_forget();
    nats_CloseAndWait(kit_has_reported() ? LEFT_MS : 0);
    kit_free_all();
}
