/* Text: made, quoted, broken into lines. Everything returned lives until the
 * test ends (base/memory.h). */
#ifndef KIT_BASE_TEXT_H
#define KIT_BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

#define KIT_WIDTH 79 /* columns of a report */

/* printf. */
const char *kit_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* printf for JSON, with apostrophes for quotation marks in the format, so that
 * it needs no backslashes: kit_json("{'error':'%s'}", text). */
const char *kit_json(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* The same for a text that is no format: kit_as_json("{'load':'100%'}"). */
const char *kit_as_json(const char *text);

/* A text that grows; {0} is empty. text is NULL until something was added, and
 * ends in a NUL beyond the length. kit_string_text gives "" for NULL. */
struct kit_string {
    char *text;
    size_t length, capacity;
};

void kit_string_add(struct kit_string *string, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void kit_string_add_bytes(struct kit_string *string, const void *data,
                          size_t length);
const char *kit_string_text(const struct kit_string *string);

/* Bytes as one printable line between quotes: UTF-8 stands as it is, what a
 * terminal would act on is escaped, and after 60 bytes it says how many there
 * are. */
const char *kit_quote(const void *data, size_t length);

/* The same for one line among many: cut after 24 bytes, the size first, as the
 * end of a line may be cut off. */
const char *kit_quote_short(const void *data, size_t length);

/* A test's name as a sentence: spaces for underscores. */
const char *kit_sentence(const char *test_name);

/* "1 reply", "3 replies": count and the right word. */
const char *kit_count(size_t count, const char *one, const char *many);

/* The whole number that follows label in text, -1 where there is none. */
long kit_number_after(const char *text, const char *label);

/* All that is in a file, as text; "" where it cannot be read. */
const char *kit_contents(const char *path);

/* How many bytes of text fit into so many columns, broken at a space where
 * there is one, and at a line's end. */
size_t kit_fitting(const char *text, size_t columns);

/* "  label    text", the text broken at KIT_WIDTH columns. label may be "". */
void kit_print_wrapped(FILE *out, const char *label, const char *text);

#endif
