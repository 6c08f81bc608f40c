/* Where the learner's file itself says that its server listens. No other test
 * sees that: they put free ports in the place of the file's, since those may be
 * taken, by `make run` for one. */
#ifndef KIT_SERVER_WRITTEN_H
#define KIT_SERVER_WRITTEN_H

#include "kit/server/learners.h"

/* A server, prepared and not yet started, runs with free ports that are put
 * over the file's, as if they were written at its end. Then the file's own
 * `http` comes back, and after that its own `listen`. Each time the server is
 * told to reload, and refuses, for it cannot move: "config reload not supported
 * for HTTPPort: old=34567, new=8333". These have to be 127.0.0.1 and the port:
 */
void kit_server_expect_written(struct kit_server *server, int http,
                               const char *why_http, int listen,
                               const char *why_listen);

#endif
