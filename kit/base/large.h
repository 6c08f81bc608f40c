/* Large files that take little room: most of each is a hole, but every piece of
 * 64 KiB begins with its number, and with bytes that differ from file to file.
 * What is lost, twice, or in another order is found. */
#ifndef KIT_BASE_LARGE_H
#define KIT_BASE_LARGE_H

#include <stdbool.h>
#include <stdint.h>

/* Makes one of so many MiB; false where it cannot be written. */
bool kit_make_large(const char *path, int mib, uint32_t seed);

/* How the file at path differs from that one; NULL where it does not. */
const char *kit_large_difference(const char *path, int mib, uint32_t seed);

#endif
