/* Questions to the servers, asked of all of them through the system account. */
#ifndef KIT_SERVER_ASK_H
#define KIT_SERVER_ASK_H

#include "kit/server/nodes.h"

#include <cjson/cJSON.h>

/* Ends the test with verdict 3 where the cluster does not answer. */
void kit_ask_open(struct kit_hub *hub);
void kit_ask_close(struct kit_hub *hub);

/* $SYS.REQ.SERVER.PING.«what»; answers[] gets one document a running node,
 * which the caller frees. False where one did not answer: ask again. */
bool kit_gather(struct kit_hub *hub, const char *what, const char *question,
                cJSON *answers[KIT_NODES]);

/* A string or "" of an object's member, until the test ends. */
const char *kit_json_text(const cJSON *object, const char *key);

#endif
