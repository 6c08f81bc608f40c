#include "kit/wire/jetstream.h"

#define WAIT_MS 1500

jsCtx *kit_jetstream_at(struct kit_place *place)
{
    jsCtx *js = NULL;
    jsOptions options;

    kit_must(jsOptions_Init(&options), "JetStream options");
    options.Wait = WAIT_MS;
    options.Domain = place->domain;
    kit_must(natsConnection_JetStream(&js, place->main, &options),
             "JetStream context");
    return js;
}
