/* Objects in a bucket of the object store: those of the check, and what has
 * become of those that a program has put. */
#ifndef KIT_STREAM_OBJECTS_H
#define KIT_STREAM_OBJECTS_H

#include "kit/wire/message.h"
#include "kit/wire/place.h"

#include <stdint.h>

/* Makes a bucket of one replica, in files. The servers remove what is in it by
 * themselves, after two minutes: also if the check was killed. */
void kit_add_objects_at(struct kit_place *place, const char *bucket);
void kit_remove_objects_at(struct kit_place *place, const char *bucket);

/* Puts an object, or replaces it; removes it. */
void kit_put_object_at(struct kit_place *place, const char *bucket,
                       const char *name, const void *data, size_t length);
void kit_remove_object_at(struct kit_place *place, const char *bucket,
                          const char *name);

/* The bucket has this object, of these bytes, and the digest is that of these
 * bytes. Waits for it. */
void kit_expect_object_at(struct kit_place *place, const char *bucket,
                          const char *name, const void *data, size_t length,
                          const char *why);

/* What is said of the object is this. */
void kit_assert_described_at(struct kit_place *place, const char *bucket,
                             const char *name, const char *description,
                             const char *why);

/* It has none of this name, or there is no such bucket. */
void kit_assert_no_object_at(struct kit_place *place, const char *bucket,
                             const char *name, const char *why);

/* Takes the last chunk of an object out of the bucket. Who gets the object
 * waits for it, until it is published again, to its subject; if other bytes
 * are, as many, the digest is wrong. */
struct kit_message kit_take_chunk_at(struct kit_place *place,
                                     const char *bucket, const char *name);

#endif
