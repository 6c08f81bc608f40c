/* Buckets of keys and values that a check fills. */
#ifndef KIT_STREAM_BUCKET_H
#define KIT_STREAM_BUCKET_H

#include "kit/wire/place.h"

/* Makes a bucket of one replica, in memory, that keeps so many values of each
 * key, and puts these there: a key, its value, the next key, ..., NULL. values
 * may be NULL. */
void kit_add_bucket_at(struct kit_place *place, const char *bucket, int history,
                       const char *const values[]);

/* Forgets all values of all keys, or the bucket. */
void kit_empty_bucket_at(struct kit_place *place, const char *bucket);
void kit_delete_bucket_at(struct kit_place *place, const char *bucket);

#endif
