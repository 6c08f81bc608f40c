#include "kit/base/damage.h"

#include "kit/base/memory.h"

#include <string.h>

#define MOST 4 /* times that a copy is damaged */

/* Bytes that mean something to somebody. */
static const char special[] = "\0\xff\"\\{}[].,:=-_ \n0e9";

struct copy {
    char *bytes;
    size_t length;
};

static size_t any(struct kit_chance *chance, size_t below)
{
    return below > 0 ? kit_chance_below(chance, (uint32_t)below) : 0;
}

static void change_one(struct kit_chance *chance, struct copy *copy, size_t at)
{
    if (at < copy->length)
        copy->bytes[at] = any(chance, 2) == 0
                              ? special[any(chance, sizeof(special) - 1)]
                              : (char)any(chance, 256);
}

/* Bytes from a place on are lost, or are there twice. */
static void lose(struct copy *copy, size_t at, size_t count)
{
    memmove(copy->bytes + at, copy->bytes + at + count,
            copy->length - at - count);
    copy->length -= count;
}

static void repeat(struct copy *copy, size_t at, size_t count)
{
    memmove(copy->bytes + at + count, copy->bytes + at, copy->length - at);
    copy->length += count;
}

static void damage(struct kit_chance *chance, struct copy *copy)
{
    size_t at = any(chance, copy->length);
    size_t count = any(chance, copy->length - at);

    switch (any(chance, 5)) {
    case 0:
        copy->length = at;
        break;
    case 1:
        lose(copy, at, count);
        break;
    case 2:
        repeat(copy, at, count);
        break;
    default:
        change_one(chance, copy, at);
    }
}

const char *kit_damaged(struct kit_chance *chance, const char *text,
                        size_t *length)
{
    size_t whole = strlen(text);
    struct copy copy = {kit_allocate((whole + 1) << MOST), whole};

    memcpy(copy.bytes, text, whole);
    for (size_t times = 1 + any(chance, MOST); times > 0; times--)
        damage(chance, &copy);
    if (copy.length == whole && memcmp(copy.bytes, text, whole) == 0)
        copy.length = whole > 0 ? whole - 1 : 0;
    *length = copy.length;
    return copy.bytes;
}
