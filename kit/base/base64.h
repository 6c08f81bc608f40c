/* base64url, without the = at the end (RFC 4648): the parts of a token. */
#ifndef KIT_BASE_BASE64_H
#define KIT_BASE_BASE64_H

#include <stddef.h>

/* The letters, as text until the test ends. */
const char *kit_base64url(const void *data, size_t length);

/* The bytes of these letters, and a NUL after them; NULL where one is no letter
 * of base64url. */
const char *kit_base64url_bytes(const char *text, size_t length, size_t *size);

#endif
