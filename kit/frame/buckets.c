#include "kit/frame/buckets.h"

void kit_expect_value(const char *bucket, const char *key, const char *text,
                      const char *why)
{
    kit_expect_value_at(kit_room(), bucket, key, text, why);
}

void kit_assert_compared(const char *bucket, const char *key, uint64_t revision,
                         const char *why)
{
    kit_assert_compared_at(kit_room(), bucket, key, revision, why);
}

void kit_set_mute(const char *bucket, bool mute)
{
    kit_set_mute_at(kit_room(), bucket, mute);
}
