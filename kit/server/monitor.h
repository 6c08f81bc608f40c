/* What a learner's server says of itself by its monitoring port. */
#ifndef KIT_SERVER_MONITOR_H
#define KIT_SERVER_MONITOR_H

#include "kit/base/json.h"
#include "kit/server/learners.h"

/* The value at path (base/json.h) of an endpoint such as "/varz" or
 * "/jsz?accounts=true", now; NULL where there is none. */
const char *kit_monitored(struct kit_server *server, const char *endpoint,
                          const char *path);

/* Waits until the value is this text. A failure says what it is. */
void kit_expect_monitored(struct kit_server *server, const char *endpoint,
                          const char *path, const char *value, const char *why);

/* What it says now has these values (base/json.h). */
#define kit_assert_monitored(server, endpoint, ...)                            \
    kit_assert_monitored_of(server, endpoint, kit_values(__VA_ARGS__))
void kit_assert_monitored_of(struct kit_server *server, const char *endpoint,
                             const struct kit_value *values);

/* What the server is called; it makes a name up where it has none. */
const char *kit_server_name(struct kit_server *server);

#endif
