/* mega add DOMAIN    makes the orders of an island a source of global_orders
 * mega list          the islands whose orders it has, in any order, each as
 *                    DOMAIN: lag N, active N ms ago
 *                    DOMAIN: lag N, never active */
#define _POSIX_C_SOURCE 200809L

#include "13_mega_stream/islands.h"
#include "workshop.h"

#include <inttypes.h>

enum { REPLICAS = 3, MAX_ISLANDS = 100, MAX_PREFIX = 128 };

#define MEGA_STREAM "global_orders" /* on the hub */
#define ISLAND_STREAM "orders"      /* on each island */

/* ---- mega add ------------------------------------------------------------ */

/* Is there an island with this domain, and with a stream of orders? The hub
 * doesn't look: it would take any source, and wait for it without a word. */
static natsStatus look_for_island(jsCtx *js, const char *domain)
{
    jsStreamInfo *info = NULL;
    jsOptions opts;

    jsOptions_Init(&opts);
    /* TODO 3: get the info of the stream ISLAND_STREAM, but from the JetStream
     * of that domain instead of the hub's. Look up Domain in jsOptions, and
     * js_GetStreamInfo. */
    (void)js;
    (void)domain;
    natsStatus s = NATS_OK;

    jsStreamInfo_Destroy(info); /* NULL is fine */
    return s;
}

/* Creates the mega stream, with its first source. */
static natsStatus create(jsCtx *js, jsStreamSource *source)
{
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    /* TODO 5: describe the stream, and add it: MEGA_STREAM, in files, with
     * REPLICAS replicas, no subjects, and one source.
     * Look up Sources and SourcesLen in jsStreamConfig. */
    (void)js;
    (void)source;
    return NATS_OK;
}

/* Adds one more source to the mega stream, whose configuration is now this.
 * Nothing else of it changes. */
static natsStatus extend(jsCtx *js, const jsStreamConfig *now,
                         jsStreamSource *source)
{
    jsStreamSource *sources[MAX_ISLANDS];
    jsStreamConfig config = *now;

    if (now->SourcesLen >= MAX_ISLANDS)
        return NATS_INSUFFICIENT_BUFFER;

    /* TODO 6: fill the list with the sources that the stream has now, and the
     * new one; put the list into the copy of the configuration; update the
     * stream. Look up js_UpdateStream. */
    (void)js;
    (void)source;
    (void)sources;
    (void)config;
    return NATS_OK;
}

static natsStatus add_source(jsCtx *js, jsStreamSource *source)
{
    jsStreamInfo *info = NULL;

    natsStatus s = js_GetStreamInfo(&info, js, MEGA_STREAM, NULL, NULL);
    if (s == NATS_NOT_FOUND)
        return create(js, source);
    if (s != NATS_OK)
        return s;

    s = extend(js, info->Config, source);
    jsStreamInfo_Destroy(info);
    return s;
}

static natsStatus add(jsCtx *js, const char *domain)
{
    char prefix[MAX_PREFIX];
    jsExternalStream island = {.APIPrefix = prefix};
    jsStreamSource source;

    natsStatus s = look_for_island(js, domain);
    if (s != NATS_OK)
        return s;

    jsStreamSource_Init(&source);
    /* TODO 4: describe the source: its name is ISLAND_STREAM. It is in another
     * JetStream, so it's external, and needs a prefix: $JS.DOMAIN.API.
     * Look up Name and External in jsStreamSource. */
    (void)island;
    return add_source(js, &source);
}

/* ---- mega list ----------------------------------------------------------- */

/* Prints what the hub knows about a source. */
static void print_source(const jsStreamSourceInfo *source)
{
    islands_put_domain(stdout, source->External);
    /* TODO 7: print the rest of the line: the lag, and how many milliseconds
     * ago the source was active. The time is in nanoseconds; less than 0:
     * never. Look up jsStreamSourceInfo. */
    putchar('\n');
}

static natsStatus list(jsCtx *js)
{
    jsStreamInfo *info = NULL;

    natsStatus s = js_GetStreamInfo(&info, js, MEGA_STREAM, NULL, NULL);
    if (s != NATS_OK)
        return s;

    for (int i = 0; i < info->SourcesLen; i++)
        print_source(info->Sources[i]);
    jsStreamInfo_Destroy(info);
    return NATS_OK;
}

/* ---- the program --------------------------------------------------------- */

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    bool adding = argc == 3 && strcmp(command, "add") == 0;
    bool listing = argc == 2 && strcmp(command, "list") == 0;
    struct workshop ws = {0};
    jsCtx *js = NULL;

    if (!listing && !(adding && islands_is_domain(argv[2]))) {
        fprintf(stderr, "usage: mega add DOMAIN\n"
                        "       mega list\n");
        return 2;
    }

    natsStatus s = workshop_connect(&ws, "mega");
    if (s == NATS_OK)
        s = natsConnection_JetStream(&js, ws.nc, NULL);
    if (s == NATS_OK)
        s = adding ? add(js, argv[2]) : list(js);

    jsCtx_Destroy(js); /* NULL is fine */
    return workshop_close(&ws, s);
}
