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
    opts.Domain = domain;
    natsStatus s = js_GetStreamInfo(&info, js, ISLAND_STREAM, &opts, NULL);

    jsStreamInfo_Destroy(info); /* NULL is fine */
    return s;
}

/* Creates the mega stream, with its first source. */
static natsStatus create(jsCtx *js, jsStreamSource *source)
{
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    config.Name = MEGA_STREAM;
    config.Storage = js_FileStorage;
    config.Replicas = REPLICAS;
    config.Sources = &source;
    config.SourcesLen = 1;
    return js_AddStream(NULL, js, &config, NULL, NULL);
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

    for (int i = 0; i < now->SourcesLen; i++)
        sources[i] = now->Sources[i];
    sources[now->SourcesLen] = source;
    config.Sources = sources;
    config.SourcesLen = now->SourcesLen + 1;
    return js_UpdateStream(NULL, js, &config, NULL, NULL);
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
    snprintf(prefix, sizeof(prefix), "$JS.%s.API", domain);
    source.Name = ISLAND_STREAM;
    source.External = &island;
    return add_source(js, &source);
}

/* ---- mega list ----------------------------------------------------------- */

/* Prints what the hub knows about a source. */
static void print_source(const jsStreamSourceInfo *source)
{
    islands_put_domain(stdout, source->External);
    printf(": lag %" PRIu64, source->Lag);
    if (source->Active >= 0)
        printf(", active %" PRId64 " ms ago\n", source->Active / 1000000);
    else
        printf(", never active\n");
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
