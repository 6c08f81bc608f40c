/* The services of a keeper: what it has been told to run. */
#ifndef KEEPER_SERVICES_H
#define KEEPER_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SERVICES_MAX 16
#define SERVICE_NAME_SIZE 32
#define SERVICE_WORDS_MAX 64

/* What runs, a line `NAME PROCESS` each, for others to read: the keeper is the
 * first. It lasts as long as the keeper: without it the folder counts as
 * deleted. */
#define RECORD "keeper"

struct service {
    char name[SERVICE_NAME_SIZE];
    char *words;                   /* its command, as requested; ours to free */
    char *argv[SERVICE_WORDS_MAX]; /* into words */
    bool again;                    /* it shall start again when it ends */
    pid_t pid;                     /* 0 while it waits for that, */
    int64_t due;                   /* until then, in ms */
    int64_t started;               /* ms */
    int hasty;                     /* ends in a row that came too soon */
    intmax_t log_begins; /* in its log, the latest start's first byte */
};

struct services {
    struct service all[SERVICES_MAX];
    int count;
};

/* False, with errno, if it cannot be written. */
bool services_record(const struct services *services);

/* Starts a service unless it runs; its words are copied. Returns it, or NULL
 * with errno: its command cannot be run, or there are too many. */
struct service *services_start(struct services *services, const char *name,
                               bool again, const char *words, size_t size);

/* Looks after those that have ended (SIGCHLD says so), and starts those again
 * whose time has come. Returns the ms until the next one's, -1 if none waits.
 */
int services_tend(struct services *services);

/* Ends one service, or all if name is NULL: by SIGTERM, after so many ms by
 * SIGKILL. Returns when they have ended. SIGCHLD must be blocked. */
void services_end(struct services *services, const char *name, int ms);

#endif
