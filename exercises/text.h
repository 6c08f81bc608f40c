/* text.h: prints what others wrote, without letting it steer your terminal. A
 * terminal acts on control characters: "\033[2J" clears the screen, others set
 * its title or type for you. Here each becomes a '?', and so does what is not
 * UTF-8. Letters stay, of whatever alphabet. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How many bytes the character at c has, of length that are there (at least 1);
 * *ok tells whether it may be shown. */
static inline size_t text_character(const unsigned char *c, size_t length,
                                    bool *ok)
{
    size_t size = *c < 0x80 ? 1 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;

    *ok = *c >= ' ' && *c != 0x7f;
    if (size == 1)
        return 1;

    *ok = *c >= 0xc2 && *c <= 0xf4 && size <= length;
    for (size_t i = 1; *ok && i < size; i++)
        *ok = (c[i] & 0xc0) == 0x80;
    if (!*ok)
        return 1; /* a byte that starts no character of UTF-8 */

    /* 0x80 to 0x9f are controls, too; others are not written as short as can
     * be, which hides controls. */
    *ok = !(*c == 0xc2 && c[1] < 0xa0) && !(*c == 0xe0 && c[1] < 0xa0) &&
          !(*c == 0xf0 && c[1] < 0x90);
    return size;
}

/* Prints length bytes of text, which may hold anything, as part of a line: what
 * may not be shown, newlines as well, becomes '?'. NULL is fine for length 0.
 */
static inline void put_text(FILE *out, const char *text, size_t length)
{
    const unsigned char *c = (const unsigned char *)text;
    size_t size;
    bool ok;

    for (size_t i = 0; i < length; i += size) {
        size = text_character(c + i, length - i, &ok);
        if (ok)
            fwrite(c + i, 1, size, out);
        else
            putc('?', out);
    }
}

/* The same for text that may be several lines: newlines stay. */
static inline void put_lines(FILE *out, const char *text, size_t length)
{
    size_t start = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n') {
            put_text(out, text + start, i - start);
            putc('\n', out);
            start = i + 1;
        }
    }
    put_text(out, text == NULL ? NULL : text + start, length - start);
}

#endif
