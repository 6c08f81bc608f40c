#include "kit/server/monitor.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <string.h>

const char *kit_monitored(struct kit_server *server, const char *endpoint,
                          const char *path)
{
    const char *body = kit_http_get(server->monitor_port, endpoint);

    return body != NULL ? kit_json_value(body, path) : NULL;
}

struct expected {
    struct kit_server *server;
    const char *endpoint, *path, *value;
    const char *body, *seen; /* as last looked at; NULL: there was none */
};

static bool is_so(void *argument)
{
    struct expected *e = argument;

    e->body = kit_http_get(e->server->monitor_port, e->endpoint);
    e->seen = e->body != NULL ? kit_json_value(e->body, e->path) : NULL;
    return e->seen != NULL && strcmp(e->seen, e->value) == 0;
}

void kit_expect_monitored(struct kit_server *server, const char *endpoint,
                          const char *path, const char *value, const char *why)
{
    struct expected e = {server, endpoint, path, value, NULL, NULL};
    const char *expected = kit_text("%s of %s is %s", path, endpoint, value);

    if (kit_wait(is_so, &e, KIT_DEADLINE_MS))
        return;
    if (e.body == NULL)
        kit_fail(expected, NULL, "your server does not answer to %s", endpoint);
    kit_fail(expected, why, "%s", e.seen != NULL ? e.seen : "no such value");
}

void kit_assert_monitored_of(struct kit_server *server, const char *endpoint,
                             const struct kit_value *values)
{
    const char *body = kit_http_get(server->monitor_port, endpoint);
    const char *seen;

    if (body == NULL)
        kit_fail(kit_text("your server answers to %s", endpoint), NULL,
                 "it does not");
    const struct kit_value *wrong =
        kit_json_difference(body, strlen(body), values, &seen);
    if (wrong != NULL)
        kit_fail(kit_text("%s says %s", endpoint, kit_value_text(wrong)),
                 wrong->why, "%s", seen);
}

const char *kit_server_name(struct kit_server *server)
{
    const char *name = kit_monitored(server, "/varz", "server_name");

    return name != NULL ? name : "";
}
