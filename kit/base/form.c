#include "kit/base/form.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <stdlib.h>
#include <string.h>

#define OPEN "«"
#define CLOSE "»"
#define ANYTHING "…"
#define NUMBER "(0|[1-9][0-9]*)"

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* A gap of a form, between its marks. */
struct gap {
    const char *name;
    size_t name_length;
    const char *expression; /* NULL where there is none */
    size_t expression_length;
    const char *rest; /* of the form, after it */
};

/* False where no gap begins at form. */
static bool find_gap(const char *form, struct gap *gap)
{
    const char *end = begins(form, OPEN) ? strstr(form, CLOSE) : NULL;

    if (end == NULL)
        return false;
    gap->name = form + strlen(OPEN);
    const char *colon = memchr(gap->name, ':', (size_t)(end - gap->name));
    gap->name_length = (size_t)((colon != NULL ? colon : end) - gap->name);
    gap->expression = colon != NULL ? colon + 1 : NULL;
    gap->expression_length = colon != NULL ? (size_t)(end - colon - 1) : 0;
    gap->rest = end + strlen(CLOSE);
    return true;
}

static void add_gap(struct kit_string *out, const struct gap *gap)
{
    if (gap->expression != NULL)
        kit_string_add(out, "(%.*s)", (int)gap->expression_length,
                       gap->expression);
    else if (gap->name_length == 1 && gap->name[0] == 'N')
        kit_string_add(out, NUMBER);
    else
        kit_string_add(out, ".+");
}

const char *kit_form_expression(const char *form)
{
    struct kit_string out = {0};
    struct gap gap;

    kit_string_add(&out, "^");
    while (*form != '\0') {
        if (find_gap(form, &gap)) {
            add_gap(&out, &gap);
            form = gap.rest;
        } else if (begins(form, ANYTHING)) {
            kit_string_add(&out, ".*");
            form += strlen(ANYTHING);
        } else {
            const char *mark = strchr(".[()*+?{|^$\\", *form);
            kit_string_add(&out, "%s%c", mark != NULL ? "\\" : "", *form++);
        }
    }
    kit_string_add(&out, "$");
    return out.text;
}

const char *kit_form_words(const char *form)
{
    struct kit_string out = {0};
    struct gap gap;

    while (*form != '\0') {
        if (find_gap(form, &gap)) {
            kit_string_add(&out, OPEN "%.*s" CLOSE, (int)gap.name_length,
                           gap.name);
            form = gap.rest;
        } else {
            kit_string_add_bytes(&out, form++, 1);
        }
    }
    return kit_string_text(&out);
}

void kit_form_compile(regex_t *compiled, const char *form, bool ignore_case)
{
    int flags = REG_EXTENDED | REG_NOSUB | (ignore_case ? REG_ICASE : 0);

    if (regcomp(compiled, kit_form_expression(form), flags) == 0)
        return;
    fprintf(stderr, "the check's form %s does not compile\n", form);
    abort();
}

bool kit_form_matches(const regex_t *compiled, const char *line, size_t length)
{
    if (length > 0 && memchr(line, '\0', length) != NULL)
        return false;
    return regexec(compiled, kit_keep(line, length), 0, NULL, 0) == 0;
}
