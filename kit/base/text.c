#include "kit/base/text.h"

#include "kit/base/memory.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_WIDTH 13
#define QUOTED_MAX 60
#define SHORT_WHOLE 40 /* so many bytes fit whole beside a subject */
#define SHORT_CUT 24   /* or so many, and how long it was */

static const char *print(const char *format, va_list args)
{
    char *text = NULL;
    int length = vasprintf(&text, format, args);

    if (length < 0)
        abort();
    const char *kept = kit_keep(text, (size_t)length);
    free(text);
    return kept;
}

const char *kit_text(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *text = print(format, args);
    va_end(args);
    return text;
}

const char *kit_as_json(const char *text)
{
    char *json = kit_keep_text(text);

    for (char *c = json; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    return json;
}

const char *kit_json(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *text = print(kit_as_json(format), args);
    va_end(args);
    return text;
}

/* ---- a text that grows --------------------------------------------------- */

static void make_room(struct kit_string *string, size_t more)
{
    if (string->length + more + 1 <= string->capacity)
        return;
    size_t capacity = 2 * (string->length + more + 1);
    char *text = kit_allocate(capacity);
    if (string->length > 0)
        memcpy(text, string->text, string->length);
    string->text = text;
    string->capacity = capacity;
}

void kit_string_add_bytes(struct kit_string *string, const void *data,
                          size_t length)
{
    make_room(string, length);
    if (length > 0)
        memcpy(string->text + string->length, data, length);
    string->length += length;
    string->text[string->length] = '\0';
}

void kit_string_add(struct kit_string *string, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        abort();
    make_room(string, (size_t)length);
    vsnprintf(string->text + string->length, (size_t)length + 1, format, again);
    va_end(again);
    string->length += (size_t)length;
}

const char *kit_string_text(const struct kit_string *string)
{
    return string->text != NULL ? string->text : "";
}

/* ---- quoting ------------------------------------------------------------- */

/* Where the second byte of a character begins and ends: without longer ways to
 * write a shorter one, surrogates, and what is beyond the last one. */
static bool may_follow(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second < 0xa0;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second < 0x90;
    default:
        return true;
    }
}

/* The bytes of the UTF-8 character that begins here, 0 where none does. */
static size_t character(const unsigned char *bytes, size_t length)
{
    size_t size = bytes[0] >= 0xf0   ? 4
                  : bytes[0] >= 0xe0 ? 3
                  : bytes[0] >= 0xc2 ? 2
                                     : 1;

    if (size == 1)
        return bytes[0] < 0x80 ? 1 : 0;
    if (size > length || bytes[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    }
    return may_follow(bytes[0], bytes[1]) ? size : 0;
}

/* Control characters: C0, DEL, and C1, which is C2 80 to C2 9F in UTF-8. */
static bool steers_terminal(const unsigned char *bytes, size_t size)
{
    return size == 0 || bytes[0] < ' ' || bytes[0] == 127 ||
           (size == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0);
}

static void add_character(struct kit_string *out, const unsigned char *bytes,
                          size_t size)
{
    if (bytes[0] == '\n')
        kit_string_add(out, "\\n");
    else if (bytes[0] == '"' || bytes[0] == '\\')
        kit_string_add(out, "\\%c", bytes[0]);
    else if (!steers_terminal(bytes, size))
        kit_string_add_bytes(out, bytes, size);
    else
        for (size_t i = 0; i < (size > 0 ? size : 1); i++)
            kit_string_add(out, "\\x%02x", bytes[i]);
}

static const char *quote_start(const unsigned char *bytes, size_t length,
                               size_t shown)
{
    struct kit_string out = {0};
    size_t i = 0;

    kit_string_add(&out, "\"");
    while (i < shown) {
        size_t size = character(bytes + i, length - i);
        add_character(&out, bytes + i, size);
        i += size > 0 ? size : 1;
    }
    kit_string_add(&out, i < length ? "...\"" : "\"");
    return out.text;
}

const char *kit_quote(const void *data, size_t length)
{
    if (length <= QUOTED_MAX)
        return quote_start(data, length, length);
    return kit_text("%s (%zu bytes)", quote_start(data, length, QUOTED_MAX),
                    length);
}

const char *kit_quote_short(const void *data, size_t length)
{
    if (length <= SHORT_WHOLE)
        return quote_start(data, length, length);
    return kit_text("%zu bytes %s", length,
                    quote_start(data, length, SHORT_CUT));
}

/* ---- words and lines ----------------------------------------------------- */

const char *kit_sentence(const char *test_name)
{
    char *sentence = kit_keep_text(test_name);

    for (char *c = sentence; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    return sentence;
}

const char *kit_count(size_t count, const char *one, const char *many)
{
    return kit_text("%zu %s", count, count == 1 ? one : many);
}

long kit_number_after(const char *text, const char *label)
{
    const char *found = strstr(text, label);
    char *end;

    if (found == NULL)
        return -1;
    found += strlen(label);
    long number = strtol(found, &end, 10);
    return end != found ? number : -1;
}

/* UTF-8 continuation bytes take no column. */
size_t kit_fitting(const char *text, size_t columns)
{
    size_t used = 0, space = 0, i = 0;

    for (; text[i] != '\0' && text[i] != '\n'; i++) {
        if (text[i] == ' ')
            space = i;
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            used++;
        if (used > columns)
            return space > 0 ? space : i;
    }
    return i;
}

void kit_print_wrapped(FILE *out, const char *label, const char *text)
{
    do {
        size_t length = kit_fitting(text, KIT_WIDTH - LABEL_WIDTH);
        fprintf(out, "  %-*s%.*s\n", LABEL_WIDTH - 2, label, (int)length, text);
        text += length;
        while (*text == ' ' || *text == '\n')
            text++;
        label = "";
    } while (*text != '\0');
}

const char *kit_contents(const char *path)
{
    struct kit_string text = {0};
    char buffer[4096];
    size_t length;
    FILE *in = fopen(path, "re");

    if (in == NULL)
        return "";
    while ((length = fread(buffer, 1, sizeof(buffer), in)) > 0)
        kit_string_add_bytes(&text, buffer, length);
    fclose(in);
    return kit_string_text(&text);
}
