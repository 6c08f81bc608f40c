/* This machine: ports of the loopback address, HTTP, folders. */
#ifndef KIT_BASE_MACHINE_H
#define KIT_BASE_MACHINE_H

#include <stdbool.h>

/* A port of 127.0.0.1 that is free now; another process may be faster. -1 where
 * none is, or no socket can be made. */
int kit_free_port(void);

/* Whether somebody listens on this port of 127.0.0.1. */
bool kit_is_taken(int port);

/* GET path of 127.0.0.1:port, for two seconds at most. The body, until the test
 * ends; NULL where the answer is not 200. */
const char *kit_http_get(int port, const char *path);

/* Whether the nats-server that monitors on this port says so by /healthz. */
bool kit_is_healthy(int monitor_port);

/* Removes a folder and what is in it, if it is there. */
void kit_remove_tree(const char *path);

#endif
