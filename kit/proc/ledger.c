#include "kit/proc/ledger.h"

#include "kit/base/lines.h"
#include "kit/base/text.h"
#include "kit/proc/output.h"
#include "kit/say/fail.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN 50 /* of a long line */

/* How often a line stands in the output of all programs; how many lines there
 * are, where text is NULL. Half a line, which a program that was killed may
 * leave, is none. */
static size_t count_in_outputs(struct kit_programs *programs, const char *text)
{
    size_t count = 0;

    for (struct kit_program *p = NULL;
         (p = kit_next_program(programs, p)) != NULL;) {
        struct kit_lines lines;
        struct kit_line line;
        lines.rest = kit_output(p, &lines.left);
        while (kit_next_line(&lines, &line))
            count += line.whole &&
                     (text == NULL || kit_line_is(&line, text, strlen(text)));
    }
    return count;
}

/* Whether this line is the end of an output, without a newline. */
static bool lacks_newline(struct kit_programs *programs, const char *text)
{
    for (struct kit_program *p = NULL;
         (p = kit_next_program(programs, p)) != NULL;) {
        struct kit_lines lines;
        struct kit_line line;
        lines.rest = kit_output(p, &lines.left);
        while (kit_next_line(&lines, &line)) {
            if (!line.whole && kit_line_is(&line, text, strlen(text)))
                return true;
        }
    }
    return false;
}

static const char *beginning_of(const char *line)
{
    if (line[0] == '\0')
        return "a blank line";
    return strlen(line) <= SHOWN ? line : kit_text("%.*s...", SHOWN, line);
}

void kit_ledger_assert(struct kit_programs *programs, const char *const lines[],
                       size_t count, const char *why)
{
    const char *expected =
        kit_text("each of %s printed once", kit_count(count, "line", "lines"));

    for (size_t i = 0; i < count; i++) {
        size_t times = count_in_outputs(programs, lines[i]);
        const char *line = beginning_of(lines[i]);
        if (times == 0 && lacks_newline(programs, lines[i]))
            kit_fail(expected, "is the newline there?",
                     "a last line without a newline: %s", line);
        if (times == 0)
            kit_fail(expected, why, "the first that is lost: %s", line);
        if (times > 1)
            kit_fail(expected, why, "%s is printed %zu times", line, times);
    }
    size_t all = count_in_outputs(programs, NULL);
    if (all != count)
        kit_fail(expected, why, "%s more",
                 kit_count(all - count, "line", "lines"));
}
