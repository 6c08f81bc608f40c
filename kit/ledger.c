/* What went in against what came out: each once, lost, or twice. */
#include "internal.h"

#include <string.h>

#define SHOWN 50 /* of a long line */

/* How often the line stands in the output of all programs of this test. */
static size_t count_in_output(const char *line)
{
    size_t count = 0;

    for (struct kit_program *p = kit_programs(); p != NULL; p = p->next) {
        char *rest = NULL;
        char *text = p->tool ? NULL : (char *)kit_output(p, NULL);
        for (char *found = text ? strtok_r(text, "\n", &rest) : NULL;
             found != NULL; found = strtok_r(NULL, "\n", &rest))
            count += strcmp(found, line) == 0;
    }
    return count;
}

static size_t count_lines_in_output(void)
{
    size_t count = 0;

    for (struct kit_program *p = kit_programs(); p != NULL; p = p->next) {
        const char *text = p->tool ? "" : kit_output(p, NULL);
        for (; *text != '\0'; text++)
            count += *text == '\n';
    }
    return count;
}

static const char *beginning_of(const char *line)
{
    return strlen(line) <= SHOWN ? line : kit_text("%.*s...", SHOWN, line);
}

void kit_assert_each_once(const char *const lines[], size_t count,
                          const char *why)
{
    const char *expected = kit_text("each of %zu lines printed once", count);

    for (size_t i = 0; i < count; i++) {
        size_t times = count_in_output(lines[i]);
        if (times == 0)
            kit_fail(expected, why, "the first that is lost: %s",
                     beginning_of(lines[i]));
        if (times > 1)
            kit_fail(expected, why, "%s is printed %zu times",
                     beginning_of(lines[i]), times);
    }
    size_t all = count_lines_in_output();
    if (all != count)
        kit_fail(expected, why, "%zu other lines", all - count);
}
