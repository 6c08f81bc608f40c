/* caller: asks on room.@NAME@, and prints the answer. */
#include "workshop.h"

#define SUBJECT "room.@NAME@"

int main(void)
{
    struct workshop ws;
    natsMsg *reply = NULL;

    natsStatus s = workshop_connect(&ws, "caller");
    if (s != NATS_OK)
        goto done;

@skeleton
    /* TODO 2: ask on room.@NAME@, and print the answer on a line.
     * Look up natsConnection_RequestString and natsMsg_GetData. */
@solution
    s = natsConnection_RequestString(&reply, ws.nc, SUBJECT, "", WORKSHOP_MS);
    if (s != NATS_OK)
        goto done;

    printf("%.*s\n", natsMsg_GetDataLength(reply), natsMsg_GetData(reply));
@wrong
    s = natsConnection_RequestString(&reply, ws.nc, SUBJECT, "", WORKSHOP_MS);
    if (s != NATS_OK)
        goto done;

    printf("%s\n", natsMsg_GetSubject(reply));
@end

done:
    natsMsg_Destroy(reply); /* NULL is fine */
    return workshop_close(&ws, s);
}
