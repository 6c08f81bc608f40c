/* Buckets of the room: stream/bucket.h, with the place left out. */
#ifndef KIT_FRAME_BUCKETS_H
#define KIT_FRAME_BUCKETS_H

#include "kit/frame/room.h"
#include "kit/stream/bucket.h"

/* Makes a bucket of one replica, and puts: kit_add_bucket("prices", 5, "tea",
 * "4.00"). A key may come again. */
#define kit_add_bucket(bucket, history, ...)                                   \
    kit_add_bucket_at(kit_room(), bucket, history,                             \
                      (const char *const[]){__VA_ARGS__, NULL})

void kit_expect_value(const char *bucket, const char *key, const char *text,
                      const char *why);
void kit_assert_compared(const char *bucket, const char *key, uint64_t revision,
                         const char *why);
void kit_set_mute(const char *bucket, bool mute);

#endif
