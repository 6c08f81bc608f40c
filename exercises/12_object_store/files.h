/* files.h: names of files, and how long to wait. Given, so that you can think
 * about the object store. */
#ifndef FILES_H
#define FILES_H

#include "text.h"
#include "workshop.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

enum {
    FILES_PIECE = 128 * 1024,  /* bytes: a chunk, if ChunkSize isn't set */
    FILES_UNACKED = 64,        /* chunks that may wait for their acks */
    FILES_PATIENCE_MS = 10000, /* for whatever we wait for */
    FILES_PAUSE_MS = 20,
    FILES_LOOK_MS = 100, /* how often to look for Ctrl-C */
    FILES_MAX_PATH = 4096
};

/* What is wrong has been said in a line on stderr. */
#define FILES_SAID NATS_SYS_ERROR

/* ---- names --------------------------------------------------------------- */

/* Does this name a file in a folder, whatever the folder is? */
static inline bool files_is_name(const char *name)
{
    return name[0] != '\0' && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0 && strchr(name, '/') == NULL &&
           strlen(name) <= 200;
}

/* Is this text fit for JSON as it is? nats.c escapes nothing: a name with a
 * quotation mark would make the bucket unreadable. */
static inline bool files_is_plain(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        if (*c < ' ' || *c == 0x7f || *c == '"' || *c == '\\')
            return false;
    return strlen(text) <= 1000;
}

/* Is it the name of a bucket: letters, digits, dashes, underscores? */
static inline bool files_is_bucket(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    return length > 0 && length <= 64 && name[length] == '\0';
}

/* What follows the last slash, or all of it. It belongs to path. */
static inline const char *files_last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Waits until a server answers for a bucket that was created just now: when its
 * leader has said that it's there, our server may not know yet whom to ask. So
 * we ask, for a message that isn't there, until somebody says so. */
static inline natsStatus files_await_bucket(jsCtx *js, const char *bucket)
{
    const struct timespec pause = {.tv_nsec = FILES_PAUSE_MS * 1000000L};
    int64_t deadline = nats_Now() + FILES_PATIENCE_MS;
    natsStatus s = NATS_TIMEOUT;
    jsDirectGetMsgOptions first;
    jsOptions options;
    char stream[80];

    snprintf(stream, sizeof(stream), "OBJ_%s", bucket);
    jsDirectGetMsgOptions_Init(&first);
    first.Sequence = 1;
    jsOptions_Init(&options);
    options.Wait = FILES_LOOK_MS;
    while (s != NATS_OK && s != NATS_NOT_FOUND && nats_Now() < deadline) {
        natsMsg *msg = NULL;
        s = js_DirectGetMsg(&msg, js, stream, &options, &first);
        natsMsg_Destroy(msg); /* NULL is fine */
        if (s == NATS_NO_RESPONDERS)
            nanosleep(&pause, NULL); /* nobody tells us when to ask again */
    }
    return s == NATS_NOT_FOUND ? NATS_OK : s;
}

/* ---- the command line ---------------------------------------------------- */

static inline int files_usage(void)
{
    fprintf(stderr, "usage: files put BUCKET FILE [DESCRIPTION]\n"
                    "       files get BUCKET NAME [FOLDER]\n"
                    "       files list BUCKET\n"
                    "       files rm BUCKET NAME\n"
                    "       files watch BUCKET\n");
    return 2;
}

static inline bool files_is_usage(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    if (argc < 3 || !files_is_bucket(argv[2]))
        return false;
    if (strcmp(command, "list") == 0 || strcmp(command, "watch") == 0)
        return argc == 3;
    if (argc < 4 || argc > 5)
        return false;
    if (strcmp(command, "put") == 0)
        return files_is_name(files_last_part(argv[3])) &&
               files_is_plain(argv[3]) &&
               (argc == 4 || files_is_plain(argv[4]));
    if (strcmp(command, "get") == 0)
        return files_is_name(files_last_part(argv[3]));
    return strcmp(command, "rm") == 0 && argc == 4 && argv[3][0] != '\0' &&
           files_is_plain(argv[3]);
}

/* Prints word, the object's name, its size, and what it is where that is asked
 * for. Others have written all that: it doesn't steer the terminal. */
static inline void files_print(const char *word, const objStoreInfo *info,
                               bool described)
{
    const char *description = info->Meta.Description;

    fputs(word, stdout);
    put_text(stdout, info->Meta.Name, strlen(info->Meta.Name));
    if (!info->Deleted)
        printf(" %llu", (unsigned long long)info->Size);
    if (described && description != NULL && description[0] != '\0') {
        putchar(' ');
        put_text(stdout, description, strlen(description));
    }
    putchar('\n');
}

/* ---- files --------------------------------------------------------------- */

/* Says what went wrong with this file, which errno knows. */
static inline natsStatus files_complain(const char *path)
{
    fprintf(stderr, "files: %s: %s\n", path, strerror(errno));
    return FILES_SAID;
}

/* The paths of FOLDER/NAME, and of a temporary file beside it; both have room
 * for FILES_MAX_PATH bytes. */
static inline natsStatus files_paths(char *path, char *temporary,
                                     const char *folder, const char *name)
{
    snprintf(path, FILES_MAX_PATH, "%s/%s", folder, name);
    int length = snprintf(temporary, FILES_MAX_PATH, "%s/.%s.%ld.part", folder,
                          name, (long)getpid());
    if (length < FILES_MAX_PATH)
        return NATS_OK;
    errno = ENAMETOOLONG;
    return files_complain(name);
}

/* ---- waiting ------------------------------------------------------------- */

/* Chunks on their way, of one put. */
struct files_flow {
    natsConnection *nc;
    uint64_t sent, before; /* before: messages received before the first */
};

static inline uint64_t files_received(natsConnection *nc)
{
    natsStatistics *statistics = NULL;
    uint64_t messages = 0;

    if (natsStatistics_Create(&statistics) != NATS_OK)
        return 0;
    natsConnection_GetStats(nc, statistics);
    natsStatistics_GetCounts(statistics, &messages, NULL, NULL, NULL, NULL);
    natsStatistics_Destroy(statistics);
    return messages;
}

/* Begin with this, before the first chunk. */
static inline struct files_flow files_flow(natsConnection *nc)
{
    return (struct files_flow){.nc = nc, .before = files_received(nc)};
}

/* Waits until at most so many chunks lack their acks. nats.c doesn't tell us
 * about acks, but each is a message, and messages are counted. A round trip to
 * the server gives them time to come. */
static inline natsStatus files_wait_for(const struct files_flow *flow,
                                        uint64_t unacked)
{
    int64_t deadline = nats_Now() + FILES_PATIENCE_MS;

    while (flow->before + flow->sent > files_received(flow->nc) + unacked) {
        natsStatus s = natsConnection_FlushTimeout(flow->nc, FILES_PATIENCE_MS);
        if (s != NATS_OK)
            return s;
        if (nats_Now() > deadline)
            return NATS_TIMEOUT;
    }
    return NATS_OK;
}

/* Call it after each chunk. nats.c keeps a chunk in memory until its ack comes;
 * it neither waits for that nor has a limit. So we do: FILES_UNACKED chunks. */
static inline natsStatus files_await_acks(struct files_flow *flow)
{
    flow->sent++;
    return files_wait_for(flow, FILES_UNACKED);
}

/* Call it after the last chunk, before objStorePut_Complete: when that says
 * that an ack is missing, it has already replaced the old object, by one whose
 * chunks it removes. */
static inline natsStatus files_await_all_acks(const struct files_flow *flow)
{
    return files_wait_for(flow, 0);
}

/* objStoreGet_Read, which returns what the next chunk holds: free *data. Waits
 * FILES_PATIENCE_MS for it, but not once we are told to stop. */
static inline natsStatus files_read(bool *done, void **data, int *length,
                                    objStoreGet *get)
{
    int64_t deadline = nats_Now() + FILES_PATIENCE_MS;
    natsStatus s = NATS_TIMEOUT;

    while (s == NATS_TIMEOUT && nats_Now() < deadline) {
        if (workshop_is_stopped()) {
            fprintf(stderr, "files: stopped\n");
            return FILES_SAID;
        }
        s = objStoreGet_Read(done, data, length, get, FILES_LOOK_MS);
    }
    return s;
}

/* workshop_close, which doesn't say again what has been said. */
static inline int files_close(struct workshop *ws, natsStatus s)
{
    int status = workshop_close(ws, s == FILES_SAID ? NATS_OK : s);

    return s == NATS_OK ? status : EXIT_FAILURE;
}

#endif
