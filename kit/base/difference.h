/* Bytes that are not what they should be: what the mistake looks like. */
#ifndef KIT_BASE_DIFFERENCE_H
#define KIT_BASE_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

bool kit_same(const void *wanted, size_t wanted_length, const void *seen,
              size_t seen_length);

/* What was seen, quoted, and where it is plain, how it differs from what was
 * wanted: a final NUL, a newline more, quotes around it, the beginning only,
 * another letter case, as many bytes as a pointer has. */
const char *kit_difference(const void *wanted, size_t wanted_length,
                           const void *seen, size_t seen_length);

#endif
