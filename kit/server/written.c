#include "kit/server/written.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The beginning of what it says where it cannot move. */
static const char refusal[] = "config reload not supported for ";

/* All the words that nats-server has for a port, since it takes those of a file
 * in any order. */
static const char *http_at(int port)
{
    return kit_text("http: \"127.0.0.1:%d\"\nhttp_port: %d\nmonitor_port: %d\n",
                    port, port, port);
}

static const char *listen_at(int port)
{
    return kit_text("listen: \"127.0.0.1:%d\"\nhost: \"127.0.0.1\"\n"
                    "net: \"127.0.0.1\"\nport: %d\n",
                    port, port);
}

static const char *log_path(void)
{
    return kit_text("%s/written.log", kit_run_folder());
}

/* The server's file: the learner's, and what is put over it. */
static void write_file(const char *config, const char *http, const char *listen)
{
    char *path = realpath(config, NULL);
    FILE *out = kit_run_file("written.conf");

    if (path == NULL)
        kit_undecided("%s cannot be found", config);
    /* An include is always below the file's own folder. */
    fprintf(out, "include '../../../../../../../../../../../../../../..%s'\n",
            path);
    fprintf(out, "log_file: \"%s\"\nlogfile: \"%s\"\n%s%s", log_path(),
            log_path(), http, listen);
    free(path);
    if (fclose(out) != 0)
        kit_undecided("written.conf cannot be written");
}

struct refused {
    size_t number;    /* which of them, from 1 */
    const char *text; /* "HTTPPort: old=34567, new=8333" */
};

static bool has_refused(void *argument)
{
    struct refused *r = argument;
    const char *at = kit_contents(log_path());

    for (size_t i = 0; i < r->number; i++) {
        at = strstr(at, refusal);
        if (at == NULL)
            return false;
        at += strlen(refusal);
    }
    if (strchr(at, '\n') == NULL)
        return false; /* it is still writing */
    r->text = kit_keep(at, strcspn(at, "\n"));
    return true;
}

/* The number'th reload says that the field, and nothing before it, would
 * become this port. */
static void expect_refusal(struct kit_server *server, size_t number,
                           const char *setting, const char *field, int port,
                           const char *why)
{
    struct refused r = {.number = number};
    const char *expected = kit_text("%s is 127.0.0.1:%d", setting, port);

    kit_reload_server(server);
    if (!kit_wait(has_refused, &r, KIT_DEADLINE_MS))
        kit_fail(expected, why,
                 "the server does not mind another %s than that of the file",
                 setting);
    const char *new = strstr(r.text, "new=");
    new = new != NULL ? new + strlen("new=") : "";
    if (strncmp(r.text, field, strlen(field)) == 0 &&
        r.text[strlen(field)] == ':') {
        if (strcmp(new, kit_text("%d", port)) != 0)
            kit_fail(expected, why, "%s",
                     strcmp(new, "0") == 0 ? "there is none"
                                           : kit_text("its port is %s", new));
    } else if (strstr(r.text, "Host: ") != NULL) {
        kit_fail(expected, why, "its address is %s", new);
    } else {
        kit_fail(expected, why, "%s", r.text);
    }
}

void kit_server_expect_written(struct kit_server *server, int http,
                               const char *why_http, int listen,
                               const char *why_listen)
{
    const char *file = server->config;
    const char *over_http = http_at(server->monitor_port);
    const char *over_listen = listen_at(server->client_port);

    write_file(file, over_http, over_listen);
    server->config = kit_text("%s/written.conf", kit_run_folder());
    server->is_written = true;
    kit_server_launch(server);
    write_file(file, "", over_listen);
    expect_refusal(server, 1, "http", "HTTPPort", http, why_http);
    write_file(file, over_http, "");
    expect_refusal(server, 2, "listen", "Port", listen, why_listen);
}
