/* Buckets of the object store in the room: each is a line; what it does is said
 * in stream/objects.h. */
#ifndef KIT_FRAME_OBJECTS_H
#define KIT_FRAME_OBJECTS_H

#include "kit/stream/objects.h"

void kit_add_bucket(const char *bucket);
void kit_remove_bucket(const char *bucket);
void kit_put_object(const char *bucket, const char *name, const void *data,
                    size_t length);
void kit_remove_object(const char *bucket, const char *name);
struct kit_object kit_object(const char *bucket, const char *name);
void kit_expect_object(const char *bucket, const char *name, const void *data,
                       size_t length, const char *why);
struct kit_message kit_take_chunk(const char *bucket, const char *name);

#endif
