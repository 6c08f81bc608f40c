#include "kit/frame/objects.h"

#include "kit/frame/room.h"

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

struct kit_message kit_take_chunk(const char *bucket, const char *name)
{
    return kit_take_chunk_at(kit_room(), bucket, name);
}
