/* Services of the services framework, as $SRV.PING, INFO and STATS tell them.
 *
 * nats.c 3.14 writes JSON that does not parse when an endpoint has no queue
 * group, or a string has a quote in it: such an answer is counted, and its text
 * is kept, but it is no service. */
#ifndef KIT_STREAM_SERVICE_H
#define KIT_STREAM_SERVICE_H

#include "kit/wire/place.h"

#include <stddef.h>

struct kit_service {
    const char *name, *id, *version, *description; /* "" where there is none */
    const char *json; /* the whole answer, for kit_json_value */
};

struct kit_services {
    size_t count; /* in the order of their answers */
    const struct kit_service *list;
    size_t broken;           /* answers that do not parse */
    const char *broken_text; /* the first of them */
};

/* Asks "PING", "INFO" or "STATS", of all services or those of this name (NULL:
 * all), until at least expected have answered, broken or not, and 30 ms
 * brought no more; again and again where fewer do, until the deadline. */
struct kit_services kit_discover_at(struct kit_place *place, const char *verb,
                                    const char *name, size_t expected);

/* Exactly count services of this name answer $SRV.INFO. */
struct kit_services kit_expect_services_at(struct kit_place *place,
                                           const char *name, size_t count,
                                           const char *why);

/* A value of a service's answer (base/json.h), "" where there is none:
 * "version", "endpoints.get.metadata.description". */
const char *kit_service_value(const struct kit_service *service,
                              const char *path);

#endif
