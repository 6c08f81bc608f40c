#include "kit/base/base64.h"

#include "kit/base/memory.h"

#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
                              "uvwxyz0123456789-_";

const char *kit_base64url(const void *data, size_t length)
{
    const unsigned char *bytes = data;
    char *text = kit_allocate(length / 3 * 4 + 5);
    unsigned bits = 0, count = 0;
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        bits = (bits << 8 | bytes[i]) & 0xffff;
        for (count += 8; count >= 6; count -= 6)
            text[n++] = letters[bits >> (count - 6) & 63];
    }
    if (count > 0)
        text[n] = letters[bits << (6 - count) & 63];
    return text;
}

const char *kit_base64url_bytes(const char *text, size_t length, size_t *size)
{
    char *bytes = kit_allocate(length / 4 * 3 + 4);
    unsigned bits = 0, count = 0;

    *size = 0;
    for (size_t i = 0; i < length; i++) {
        const char *letter = text[i] != '\0' ? strchr(letters, text[i]) : NULL;
        if (letter == NULL)
            return NULL;
        bits = (bits << 6 | (unsigned)(letter - letters)) & 0xffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes[(*size)++] = (char)(bits >> count & 255);
        }
    }
    return bytes;
}
