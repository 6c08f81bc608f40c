/* Buckets of keys and values that a check fills. */
#ifndef KIT_STREAM_BUCKET_H
#define KIT_STREAM_BUCKET_H

#include "kit/wire/place.h"

/* Makes a bucket of one replica, in memory, that keeps so many values of each
 * key. */
void kit_add_bucket_at(struct kit_place *place, const char *bucket,
                       int history);

/* Puts a value, and waits until it is stored. */
void kit_put_at(struct kit_place *place, const char *bucket, const char *key,
                const char *value);

/* Forgets all values of all keys, or the bucket. */
void kit_empty_bucket_at(struct kit_place *place, const char *bucket);
void kit_delete_bucket_at(struct kit_place *place, const char *bucket);

#endif
