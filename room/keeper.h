/* What the keeper's two halves, who asks and who keeps, have in common. */
#ifndef KEEPER_H
#define KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

/* A request is one packet, its words ended by NUL: `start NAME COMMAND...`,
 * `keep NAME COMMAND...`, `stop NAME` or `end`. So is the answer: '+' or '-',
 * done or refused, then a text for people. */
#define REQUEST_MAX 32768
#define ANSWER_MAX 512

/* The address of the keeper of the current folder. It is an abstract socket,
 * named by the folder's device and inode: no long path matters, the folder may
 * be moved, nothing is left in it, and the kernel lets only one process have
 * the name. False (with errno) if the folder cannot be looked at. */
bool keeper_address(struct sockaddr_un *address, socklen_t *length);

/* Whether the process at the other end is the same user's, or root's. */
bool keeper_is_trusted(int connection);

/* The keeper of the current folder. Prints "+" on stdout when it can be asked,
 * or '-' and why it cannot be, and closes stdout. Returns the exit status, when
 * it was told to end or its folder has gone. */
int keeper_serve(void);

#endif
