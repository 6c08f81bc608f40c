/* Services in the room: what they say about themselves, their errors, and how
 * their instances share the work. */
#ifndef KIT_FRAME_SERVICES_H
#define KIT_FRAME_SERVICES_H

#include "kit/base/json.h"

#include <stddef.h>

/* One service of this name answers $SRV.PING, INFO or STATS, also where no name
 * is asked for, and its answer has
 * these values (base/json.h), sooner or later: it counts a request when it has
 * been answered. An endpoint is found by its name:
 *     kit_expect_service("STATS", "favorites",
 *                        {"endpoints.get.num_requests", "7", why}); */
#define kit_expect_service(verb, name, ...)                                    \
    kit_expect_service_of(verb, name, kit_values(__VA_ARGS__))
void kit_expect_service_of(const char *verb, const char *name,
                           const struct kit_value *values);

/* A request with this payload is answered once, by an error of the services
 * framework: this code and this text in its headers. */
void kit_expect_service_error(const char *subject, const char *payload,
                              const char *code, const char *text);

/* The same for any bytes; text NULL: whatever it says. */
void kit_expect_service_error_of(const char *subject, const void *payload,
                                 size_t length, const char *code,
                                 const char *text);

/* The instances of this service, two at least, have ids of their own, and each
 * has had requests at this endpoint. */
void kit_expect_shared(const char *name, const char *endpoint, const char *why);

/* A service's answer to $SRV.INFO: version 1.2.3, endpoints list and get on
 * NAME.OWNER.list and NAME.OWNER.get. The words are put into JSON as they are.
 */
const char *kit_service_info(const char *name, const char *owner,
                             const char *id);

#endif
