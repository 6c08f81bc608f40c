#include "kit/frame/objects.h"

#include "kit/base/text.h"
#include "kit/frame/folder.h"
#include "kit/frame/room.h"

#include <string.h>

void kit_add_bucket(const char *bucket)
{
    kit_add_bucket_at(kit_room(), bucket);
}

void kit_remove_bucket(const char *bucket)
{
    kit_remove_bucket_at(kit_room(), bucket);
}

void kit_put_object(const char *bucket, const char *name, const void *data,
                    size_t length)
{
    kit_put_object_at(kit_room(), bucket, name, data, length);
}

void kit_remove_object(const char *bucket, const char *name)
{
    kit_remove_object_at(kit_room(), bucket, name);
}

struct kit_object kit_object(const char *bucket, const char *name)
{
    return kit_object_at(kit_room(), bucket, name);
}

void kit_expect_object(const char *bucket, const char *name, const void *data,
                       size_t length, const char *why)
{
    kit_expect_object_at(kit_room(), bucket, name, data, length, why);
}

void kit_assert_no_object(const char *bucket, const char *name, const char *why)
{
    kit_assert_no_object_at(kit_room(), bucket, name, why);
}

struct kit_message kit_take_chunk(const char *bucket, const char *name)
{
    return kit_take_chunk_at(kit_room(), bucket, name);
}

struct kit_late_get kit_start_late_get(const char *bucket, const char *file,
                                       const void *data, size_t length,
                                       const char *early, const char *late)
{
    const char *name = strchr(file, '/') + 1;
    const char *path = kit_bytes(file, KIT_OLD);
    const char *folder =
        kit_text("%.*s", (int)(strlen(path) - strlen(name) - 1), path);

    kit_put_object(bucket, name, data, length);
    struct kit_late_get get = {.chunk = kit_take_chunk(bucket, name)};
    get.program = kit_must_run(kit_start("get", bucket, name, folder), late);
    kit_expect_part(file, late);
    kit_assert_bytes(file, KIT_OLD, early);
    kit_may_end(get.program);
    return get;
}
