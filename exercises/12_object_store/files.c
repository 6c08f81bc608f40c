/* files put BUCKET FILE [DESCRIPTION]: stores a file under its name.
 * files get BUCKET NAME [FOLDER]: writes it into the folder, or here.
 * files list BUCKET: what is in the bucket.
 * files rm BUCKET NAME: deletes it.
 * files watch BUCKET: what is there, then each change, until it is stopped. */
#include "12_object_store/files.h"

/* Finds the bucket, or creates it. What is there already may be configured in
 * another way: that's fine. */
static natsStatus open_bucket(objStore **bucket, jsCtx *js, const char *name,
                              bool create)
{
    objStoreConfig config;

    natsStatus s = js_ObjectStore(bucket, js, name);
    if (s != NATS_NOT_FOUND || !create)
        return s;

    objStoreConfig_Init(&config);
    /* TODO 1: there is no such bucket. Create it, with three replicas, and wait
     * until the servers know of it.
     * Look up objStoreConfig, js_CreateObjectStore and files_await_bucket. */
    return s;
}

/* Sends the file, a piece at a time. */
static natsStatus send_file(objStorePut *object, natsConnection *nc, FILE *in,
                            const char *path)
{
    char piece[FILES_PIECE];
    struct files_flow flow = files_flow(nc);
    natsStatus s = NATS_OK;

    /* TODO 3: until the file ends, read a piece, add it to the object, and wait
     * until not too many chunks lack their acks; at the end, wait for all acks.
     * If the file can't be read, return files_complain(path).
     * Look up fread, ferror, objStorePut_Add, files_await_acks and
     * files_await_all_acks. */
    (void)object;
    (void)in;
    (void)path;
    (void)piece;
    (void)flow;
    return s;
}

/* Stores an object, which replaces the one of this name as soon as all of it is
 * there. If it fails before, destroying it removes its chunks again. */
static natsStatus put(objStore *bucket, natsConnection *nc, FILE *in,
                      const char *path, const char *description)
{
    objStorePut *object = NULL;
    objStoreInfo *info = NULL;
    objStoreMeta meta;

    objStoreMeta_Init(&meta);
    /* TODO 2: describe the object, begin to put it, send the file, and complete
     * it: wait for that FILES_PATIENCE_MS at most. If all that has succeeded,
     * files_print "put ", without the description.
     * Look up objStoreMeta, objStore_Put and objStorePut_Complete. */
    (void)bucket;
    (void)description;
    natsStatus s = send_file(object, nc, in, path);

    objStoreInfo_Destroy(info); /* NULL is fine */
    objStorePut_Destroy(object);
    return s;
}

/* Writes each chunk as it comes. When nats.c has the last one, it compares the
 * digest, and fails if that's another. */
static natsStatus receive_file(FILE *out, objStoreGet *object, const char *path)
{
    natsStatus s = NATS_OK;
    bool done = false;

    /* TODO 4: until it's done, read what the next chunk holds, write it, and
     * free it. If the file can't be written, return files_complain(path).
     * Look up files_read and fwrite. */
    (void)out;
    (void)object;
    (void)path;
    (void)done;
    return s;
}

/* Writes a temporary file, and gives it its name when all of it is right. If it
 * fails, whatever had that name before is still there. */
static natsStatus write_file(objStoreGet *object, const char *path,
                             const char *temporary)
{
    FILE *out = fopen(temporary, "wbx");
    if (out == NULL)
        return files_complain(temporary);

    natsStatus s = receive_file(out, object, path);
    if (fclose(out) != 0 && s == NATS_OK)
        s = files_complain(path);
    /* TODO 5: if all of it is right, give the file its name; if that or
     * anything else has failed, leave nothing behind.
     * Look up rename and remove. */
    return s;
}

static natsStatus get(objStore *bucket, const char *name, const char *folder)
{
    char path[FILES_MAX_PATH] = "", temporary[FILES_MAX_PATH] = "";
    objStoreGet *object = NULL;
    const objStoreInfo *info = NULL;

    /* TODO 4: find the paths of the file and the temporary file, in this folder
     * wherever the name seems to lead. Then begin to get the object.
     * Look up files_paths, files_last_part and objStore_Get. */
    (void)bucket;
    (void)name;
    (void)folder;
    natsStatus s = NATS_OK;
    if (s == NATS_OK)
        s = write_file(object, path, temporary);
    if (s == NATS_OK)
        s = objStoreGet_Info(&info, object); /* it stays the object's */
    if (s == NATS_OK)
        files_print("got ", info, false);

    objStoreGet_Destroy(object); /* NULL is fine */
    return s;
}

/* An empty bucket is no failure. */
static natsStatus list(objStore *bucket)
{
    objStoreInfoList *objects = NULL;

    /* TODO 6: files_print each object, with its description. If the bucket is
     * empty, nats.c says NATS_NOT_FOUND.
     * Look up objStore_List and objStoreInfoList. */
    (void)bucket;
    natsStatus s = NATS_OK;

    objStoreInfoList_Destroy(objects); /* NULL is fine */
    return s;
}

static natsStatus rm(objStore *bucket, const char *name)
{
    /* TODO 6: delete the object, and say so: `removed NAME`.
     * Look up objStore_Delete. */
    (void)bucket;
    (void)name;
    return NATS_OK;
}

/* Prints what the watcher tells: each object that is in the bucket, then a
 * NULL, then each change. What was deleted before the NULL isn't there. */
static void print_change(const objStoreInfo *info, bool *is_live)
{
    /* TODO 7: files_print "PUT " or "DEL ", without the description. Print `--`
     * for the NULL, and keep in *is_live that it has come.
     * Look up objStore_Watch, and Deleted in objStoreInfo. */
    (void)info;
    (void)is_live;
}

static natsStatus watch(objStore *bucket)
{
    objStoreWatcher *watcher = NULL;
    bool is_live = false;

    natsStatus s = objStore_Watch(&watcher, bucket, NULL);
    while (s == NATS_OK && !workshop_is_stopped()) {
        objStoreInfo *info = NULL;
        s = objStoreWatcher_Next(&info, watcher, FILES_LOOK_MS);
        if (s == NATS_OK)
            print_change(info, &is_live);
        if (s == NATS_TIMEOUT)
            s = NATS_OK; /* nothing has changed */
        objStoreInfo_Destroy(info);
    }
    if (watcher != NULL)
        objStoreWatcher_Destroy(watcher);
    return s;
}

/* What the command asks for; the bucket is open. */
static natsStatus run(objStore *bucket, natsConnection *nc, char **argv,
                      FILE *in)
{
    const char *command = argv[1];

    if (in != NULL)
        return put(bucket, nc, in, argv[3], argv[4]);
    if (strcmp(command, "get") == 0)
        return get(bucket, argv[3], argv[4] != NULL ? argv[4] : ".");
    if (strcmp(command, "list") == 0)
        return list(bucket);
    if (strcmp(command, "rm") == 0)
        return rm(bucket, argv[3]);
    return watch(bucket);
}

int main(int argc, char **argv)
{
    struct workshop ws;
    jsCtx *js = NULL;
    jsOptions options;
    objStore *bucket = NULL;
    FILE *in = NULL;
    sigset_t stop;

    if (!files_is_usage(argc, argv))
        return files_usage();

    bool putting = strcmp(argv[1], "put") == 0;
    setvbuf(stdout, NULL, _IOLBF, 0); /* show each line at once */
    if (putting) {                    /* it may be killed: see workshop.h */
        in = fopen(argv[3], "rb");
        if (in == NULL) {
            files_complain(argv[3]);
            return EXIT_FAILURE;
        }
    } else {
        workshop_block_signals(&stop);
    }
    jsOptions_Init(&options);
    options.Wait = FILES_PATIENCE_MS;
    natsStatus s = workshop_connect(&ws, "files");
    if (s == NATS_OK)
        s = natsConnection_JetStream(&js, ws.nc, &options);
    if (s == NATS_OK)
        s = open_bucket(&bucket, js, argv[2], putting);
    if (s == NATS_OK)
        s = run(bucket, ws.nc, argv, in);

    if (in != NULL)
        fclose(in);
    objStore_Destroy(bucket); /* NULL is fine */
    jsCtx_Destroy(js);
    return files_close(&ws, s);
}
