/* Buckets of the object store in the room: each is a line; what it does is said
 * in stream/objects.h; and programs that get what is in them. */
#ifndef KIT_FRAME_OBJECTS_H
#define KIT_FRAME_OBJECTS_H

#include "kit/frame/start.h"
#include "kit/stream/objects.h"

void kit_add_objects(const char *bucket);
void kit_remove_objects(const char *bucket);
void kit_put_object(const char *bucket, const char *name, const void *data,
                    size_t length);
void kit_remove_object(const char *bucket, const char *name);
void kit_expect_object(const char *bucket, const char *name, const void *data,
                       size_t length, const char *why);
void kit_assert_described(const char *bucket, const char *name,
                          const char *description, const char *why);
void kit_assert_no_object(const char *bucket, const char *name,
                          const char *why);
struct kit_message kit_take_chunk(const char *bucket, const char *name);

#define KIT_OLD "old", 3 /* bytes that shall be replaced, and how many */

/* A get that cannot come to its end, of a file such as "here/notes" (folder.h)
 * which is there already: the program, started with get, the bucket, the name
 * and the folder, for an object that lacks its last chunk, has begun to write
 * beside the file, under another name. It may end. */
struct kit_late {
    struct kit_program *get;
    struct kit_message chunk; /* the one that is missing */
};

struct kit_late kit_get_late(const char *bucket, const char *file,
                             const void *data, size_t length);

#endif
