/* A login by MQTT, as far as the server's answer to it. */
#ifndef KIT_WIRE_MQTT_H
#define KIT_WIRE_MQTT_H

#include "kit/wire/attempt.h"

/* The password's login at this port of 127.0.0.1. user and password are of at
 * most 50 bytes each. */
struct kit_attempt kit_try_mqtt(int port, struct kit_login login);

#endif
