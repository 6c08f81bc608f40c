#include "kit/base/difference.h"

#include "kit/base/text.h"

#include <string.h>
#include <strings.h>

bool kit_same(const void *wanted, size_t wanted_length, const void *seen,
              size_t seen_length)
{
    return wanted_length == seen_length &&
           (seen_length == 0 || memcmp(wanted, seen, seen_length) == 0);
}

/* Both are not empty, and differ. */
static const char *remark(const char *wanted, size_t wanted_length,
                          const char *seen, size_t length)
{
    size_t shorter = length < wanted_length ? length : wanted_length;
    bool begins = memcmp(wanted, seen, shorter) == 0;

    if (begins && length == wanted_length + 1 && seen[length - 1] == '\0')
        return "a NUL more";
    if (begins && length == wanted_length + 1 && seen[length - 1] == '\n')
        return "a newline more";
    if (begins && length > wanted_length && seen[wanted_length] == '\0')
        return length == sizeof(void *)
                   ? "8 bytes, as many as a pointer has (sizeof?)"
                   : kit_text(
                         "%s more, the first a NUL",
                         kit_count(length - wanted_length, "byte", "bytes"));
    if (begins && length < wanted_length)
        return kit_text("the first %s only",
                        kit_count(length, "byte", "bytes"));
    if (begins)
        return kit_text("%s more",
                        kit_count(length - wanted_length, "byte", "bytes"));
    if (length == wanted_length + 2 && seen[0] == '"' &&
        memcmp(seen + 1, wanted, wanted_length) == 0)
        return "quotes around it";
    if (length == wanted_length && strncasecmp(wanted, seen, length) == 0)
        return "other letters small or large";
    if (length == sizeof(void *) || length == sizeof(void *) - 1)
        return "about as many bytes as a pointer has (sizeof?)";
    return NULL;
}

const char *kit_difference(const void *wanted, size_t wanted_length,
                           const void *seen, size_t seen_length)
{
    if (seen_length == 0)
        return "nothing: it is empty";
    const char *quoted = kit_quote(seen, seen_length);
    const char *how = wanted_length > 0
                          ? remark(wanted, wanted_length, seen, seen_length)
                          : NULL;
    return how != NULL ? kit_text("%s: %s", quoted, how) : quoted;
}
