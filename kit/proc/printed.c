#include "kit/proc/printed.h"

#include "kit/base/clock.h"
#include "kit/base/form.h"
#include "kit/base/lines.h"
#include "kit/base/text.h"
#include "kit/proc/child.h"
#include "kit/proc/lines.h"
#include "kit/proc/output.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

#include <regex.h>
#include <string.h>

int kit_count_lines(struct kit_program *program, const char *form)
{
    struct kit_lines lines;
    struct kit_line line;
    regex_t compiled;
    int count = 0;

    lines.rest = kit_output(program, &lines.left);
    kit_form_compile(&compiled, form, false);
    while (kit_next_line(&lines, &line))
        count += kit_form_matches(&compiled, line.start, line.length);
    regfree(&compiled);
    return count;
}

void kit_assert_line_count(struct kit_program *program, const char *form,
                           int count, const char *why)
{
    int seen = kit_count_lines(program, form);
    size_t length;
    const char *text = kit_output(program, &length);

    program->accused = seen != count;
    if (seen != count)
        kit_fail(kit_text("'%s' prints %d times: %s", program->name, count,
                          kit_form_words(form)),
                 why, "%d times; the last lines are %s", seen,
                 kit_quote_last_lines(text, length));
}

void kit_expect_numbers(struct kit_program *const programs[], int count,
                        int last, const char *why)
{
    for (int i = 0; i < count; i++)
        kit_expect_exit(programs[i], 0,
                        "no answer: is it sent again? A refusal: is what's "
                        "there looked at again?");
    for (int number = 1; number <= last; number++) {
        int times = 0;
        for (int i = 0; i < count; i++)
            times += kit_count_lines(programs[i], kit_text("%d", number));
        if (times != 1)
            kit_fail(kit_text("each number is printed once, up to %d", last),
                     why, "%d is printed %d times", number, times);
    }
}

/* "nothing" where there is no line, and "nothing more" after some. */
static const char *describe(const struct kit_line *line, bool is_there,
                            size_t number)
{
    if (!is_there)
        return number == 1 ? "nothing" : "nothing more";
    return kit_text("%s%s", kit_quote(line->start, line->length),
                    line->whole ? "" : " and no newline");
}

/* Compares one line more of what was printed; false where both have come to
 * their end. */
static bool assert_next(struct kit_program *program, struct kit_lines *wanted,
                        struct kit_lines *seen, size_t number, const char *why)
{
    struct kit_line one, other;
    bool more = kit_next_line(wanted, &one);
    bool others = kit_next_line(seen, &other);

    program->accused = more != others ||
                       (more && (one.whole != other.whole ||
                                 !kit_line_is(&other, one.start, one.length)));
    if (program->accused)
        kit_fail(kit_text("'%s' prints as line %zu: %s", program->name, number,
                          describe(&one, more, number)),
                 why, "%s", describe(&other, others, number));
    return more;
}

static void assert_bytes(struct kit_program *program, const void *data,
                         size_t length, const char *why)
{
    struct kit_lines wanted = {data, length}, seen;
    size_t number = 1;

    seen.rest = kit_output(program, &seen.left);
    while (assert_next(program, &wanted, &seen, number, why))
        number++;
}

void kit_assert_output(struct kit_program *program, const char *text,
                       const char *why)
{
    assert_bytes(program, text, strlen(text), why);
}

void kit_assert_lines_of(struct kit_program *program,
                         const struct kit_wanted_line *lines)
{
    struct kit_lines seen, wanted = {"", 0};
    const char *why = NULL;
    size_t number = 1;

    seen.rest = kit_output(program, &seen.left);
    for (; lines->text != NULL; lines++) {
        const char *text = kit_text("%s\n", lines->text);
        why = lines->why;
        wanted = (struct kit_lines){text, strlen(text)};
        assert_next(program, &wanted, &seen, number++, why);
    }
    assert_next(program, &wanted, &seen, number, why);
}

void kit_expect_printed(struct kit_program *program, const char *text,
                        const char *why)
{
    kit_expect_exit(program, 0, why);
    kit_assert_output(program, text, why);
}

void kit_expect_printed_bytes(struct kit_program *program, const void *data,
                              size_t length, const char *why)
{
    kit_expect_exit(program, 0, why);
    assert_bytes(program, data, length, why);
}

/* What it said comes first: it may explain the exit status. */
double kit_expect_failure(struct kit_program *program, int status,
                          const char *form, const char *why)
{
    size_t length;

    kit_may_end(program);
    kit_expect_complaint(program, form, why);
    kit_expect_exit(program, status, why);
    const char *text = kit_complaints(program, &length);
    size_t lines = kit_line_count(text, length);
    if (lines != 1)
        kit_fail("one line on stderr",
                 "is it said twice? natsStatus_GetText gives the reason in a "
                 "few words",
                 "%zu lines: %s", lines, kit_quote_last_lines(text, length));
    kit_assert_output(program, "", "does what failed go to stderr only?");
    return program->stderr_text.at;
}

bool kit_expect_end(struct kit_program *program, const char *form)
{
    kit_may_end(program);
    kit_await_end(program, KIT_DEADLINE_MS);
    kit_expect_exit(program, kit_exit_status(program) == 1 ? 1 : 0,
                    "does it end, and tell success from failure?");
    return kit_count_lines(program, form) > 0;
}

double kit_expect_told(struct kit_program *program, const char *what,
                       const char *other, const char *why)
{
    double at = kit_expect_failure(program, 1, kit_text("…%s…", what), why);
    size_t length;
    const char *said = kit_complaints(program, &length);

    if (strcasestr(said, other) != NULL)
        kit_fail(kit_text("'%s' says which it was: %s", program->name, what),
                 kit_text("a line that says %s, too, leaves the reader to "
                          "guess",
                          other),
                 "%s", kit_quote_last_lines(said, length));
    return at;
}

double kit_printed_at(struct kit_program *program)
{
    pthread_mutex_lock(&kit_lock);
    double at = program->stdout_text.at;
    pthread_mutex_unlock(&kit_lock);
    return at;
}
