#include "kit/frame/objects.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/folder.h"
#include "kit/frame/room.h"

#include <stdlib.h>
#include <string.h>

void kit_add_objects(const char *bucket)
{
    kit_add_objects_at(kit_room(), bucket);
}

void kit_remove_objects(const char *bucket)
{
    kit_remove_objects_at(kit_room(), bucket);
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

void kit_expect_object(const char *bucket, const char *name, const void *data,
                       size_t length, const char *why)
{
    kit_expect_object_at(kit_room(), bucket, name, data, length, why);
}

void kit_assert_described(const char *bucket, const char *name,
                          const char *description, const char *why)
{
    kit_assert_described_at(kit_room(), bucket, name, description, why);
}

void kit_assert_no_object(const char *bucket, const char *name, const char *why)
{
    kit_assert_no_object_at(kit_room(), bucket, name, why);
}

struct kit_message kit_take_chunk(const char *bucket, const char *name)
{
    return kit_take_chunk_at(kit_room(), bucket, name);
}

static const char streams[] = "is each chunk written as soon as it is there?";

/* Where the connection is cut, nats.c 3.14 subscribes anew, in a thread that
 * may not end before the program, and then leaks a message. */
static struct kit_program *start_get(const char *bucket, const char *name,
                                     const char *folder)
{
    const char *options = kit_keep_text(getenv("LSAN_OPTIONS"));

    kit_set_env("LSAN_OPTIONS", kit_text("%s:detect_leaks=0", options));
    struct kit_program *get =
        kit_must_run(kit_start("get", bucket, name, folder), streams);
    kit_set_env("LSAN_OPTIONS", options);
    return get;
}

struct kit_late kit_get_late(const char *bucket, const char *file,
                             const void *data, size_t length)
{
    const char *name = strchr(file, '/') + 1;
    const char *folder = kit_folder(kit_keep(file, (size_t)(name - 1 - file)));

    kit_bytes(file, KIT_OLD);
    kit_put_object(bucket, name, data, length);
    struct kit_late late = {.chunk = kit_take_chunk(bucket, name)};
    late.get = start_get(bucket, name, folder);
    kit_expect_part(file, streams);
    kit_assert_bytes(file, KIT_OLD,
                     "is a temporary file renamed once it is complete?");
    kit_may_end(late.get);
    return late;
}
