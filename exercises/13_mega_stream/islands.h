/* islands.h: domains, as text. Given, so that you can think about streams. */
#ifndef ISLANDS_H
#define ISLANDS_H

#include "text.h"

#include <nats/nats.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ISLANDS_API_BEGIN "$JS." /* of an API prefix: $JS.berlin.API */
#define ISLANDS_API_END ".API"

/* A domain is one token of a subject. */
static inline bool islands_is_domain(const char *text)
{
    return text[0] != '\0' && strlen(text) <= 64 &&
           strpbrk(text, ".*> \t\n\v\f\r") == NULL;
}

/* Prints the domain that an API prefix has in it; `-` where there's none, that
 * is, where external is NULL: the source is the hub's own. */
static inline void islands_put_domain(FILE *out,
                                      const jsExternalStream *external)
{
    const size_t begin = strlen(ISLANDS_API_BEGIN);
    const size_t end = strlen(ISLANDS_API_END);
    const char *api = external != NULL ? external->APIPrefix : "";
    size_t length = strlen(api);

    if (length > begin + end)
        put_text(out, api + begin, length - begin - end);
    else
        fputs("-", out);
}

#endif
