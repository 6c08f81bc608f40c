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
    config.Bucket = name;
    config.Replicas = 3;
    s = js_CreateObjectStore(bucket, js, &config);
    return s == NATS_OK ? files_await_bucket(js, name) : s;
}

/* Sends the file, a piece at a time. */
static natsStatus send_file(objStorePut *object, natsConnection *nc, FILE *in,
                            const char *path)
{
    char piece[FILES_PIECE];
    struct files_flow flow = files_flow(nc);
    natsStatus s = NATS_OK;

    while (s == NATS_OK && !feof(in)) {
        size_t length = fread(piece, 1, sizeof(piece), in);
        if (ferror(in))
            return files_complain(path);
        if (length == 0)
            break; /* the end: there is no such thing as an empty chunk */
        s = objStorePut_Add(object, piece, (int)length);
        if (s == NATS_OK)
            s = files_await_acks(&flow);
    }
    return s == NATS_OK ? files_await_all_acks(&flow) : s;
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
    meta.Name = files_last_part(path);
    meta.Description = description;
    natsStatus s = objStore_Put(&object, bucket, &meta);
    if (s == NATS_OK)
        s = send_file(object, nc, in, path);
    if (s == NATS_OK)
        s = objStorePut_Complete(&info, object, FILES_PATIENCE_MS);
    if (s == NATS_OK)
        files_print("put ", info, false);

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

    while (s == NATS_OK && !done) {
        void *data = NULL;
        int length = 0;
        s = files_read(&done, &data, &length, object);
        if (s == NATS_OK &&
            fwrite(data, 1, (size_t)length, out) != (size_t)length)
            s = files_complain(path);
        free(data);
    }
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
    if (s == NATS_OK && rename(temporary, path) != 0)
        s = files_complain(path);
    if (s != NATS_OK)
        remove(temporary);
    return s;
}

static natsStatus get(objStore *bucket, const char *name, const char *folder)
{
    char path[FILES_MAX_PATH] = "", temporary[FILES_MAX_PATH] = "";
    objStoreGet *object = NULL;
    const objStoreInfo *info = NULL;

    natsStatus s = files_paths(path, temporary, folder, files_last_part(name));
    if (s == NATS_OK)
        s = objStore_Get(&object, bucket, name, NULL);
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

    natsStatus s = objStore_List(&objects, bucket, NULL);
    for (int i = 0; s == NATS_OK && i < objects->Count; i++)
        files_print("", objects->List[i], true);
    if (s == NATS_NOT_FOUND)
        s = NATS_OK;

    objStoreInfoList_Destroy(objects); /* NULL is fine */
    return s;
}

static natsStatus rm(objStore *bucket, const char *name)
{
    natsStatus s = objStore_Delete(bucket, name);
    if (s == NATS_OK)
        printf("removed %s\n", name);
    return s;
}

/* Prints what the watcher tells: each object that is in the bucket, then a
 * NULL, then each change. What was deleted before the NULL isn't there. */
static void print_change(const objStoreInfo *info, bool *is_live)
{
    if (info == NULL) {
        puts("--");
        *is_live = true;
    } else if (!info->Deleted) {
        files_print("PUT ", info, false);
    } else if (*is_live) {
        files_print("DEL ", info, false);
    }
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
