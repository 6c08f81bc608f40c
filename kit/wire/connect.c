#include "kit/wire/connect.h"

#define TRIES 5

natsStatus kit_connect(natsConnection **nc, natsOptions *options)
{
    natsStatus s = NATS_PROTOCOL_ERROR;

    for (int i = 0; i < TRIES && s == NATS_PROTOCOL_ERROR; i++)
        s = natsConnection_Connect(nc, options);
    return s;
}
