/* Buckets of keys and values: filled by a check, and looked at. */
#ifndef KIT_STREAM_BUCKET_H
#define KIT_STREAM_BUCKET_H

#include "kit/wire/place.h"

#include <stdint.h>

/* Makes a bucket of one replica, in memory, that keeps so many values of each
 * key, and puts these there: a key, its value, the next key, ..., NULL. values
 * may be NULL. */
void kit_add_bucket_at(struct kit_place *place, const char *bucket, int history,
                       const char *const values[]);

/* The key's last value gets to be this text, within KIT_DEADLINE_MS. */
void kit_expect_value_at(struct kit_place *place, const char *bucket,
                         const char *key, const char *text, const char *why);

/* Each attempt to store the key's value was on condition that this is its last
 * revision, also after nobody had answered; the first message put it there. 0:
 * that there is none, and no message put it. */
void kit_assert_compared_at(struct kit_place *place, const char *bucket,
                            const char *key, uint64_t revision,
                            const char *why);

/* A bucket that is mute stores what is put, but nobody gets an ack. */
void kit_set_mute_at(struct kit_place *place, const char *bucket, bool mute);

/* Forgets all values of all keys, or the bucket. */
void kit_empty_bucket_at(struct kit_place *place, const char *bucket);
void kit_delete_bucket_at(struct kit_place *place, const char *bucket);

#endif
