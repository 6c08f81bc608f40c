#include "kit/proc/lines.h"

#include "kit/base/clock.h"
#include "kit/base/difference.h"
#include "kit/base/form.h"
#include "kit/base/lines.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/proc/child.h"
#include "kit/proc/output.h"
#include "kit/say/fail.h"

#include <regex.h>
#include <string.h>

#define LAST_LINES 3 /* of what was printed instead */

static void compile(regex_t *compiled, const char *form, int flags)
{
    if (regcomp(compiled, kit_form_expression(form),
                REG_EXTENDED | REG_NOSUB | flags) != 0)
        kit_undecided("the check's form %s does not compile", form);
}

static bool matches(const regex_t *regex, const struct kit_line *line)
{
    return regexec(regex, kit_keep(line->start, line->length), 0, NULL, 0) == 0;
}

/* ---- looking for a line ---------------------------------------------------
 */

/* A line being looked for in one of the program's streams: these bytes, or,
 * where bytes is NULL, one of this form. */
struct search {
    struct kit_program *program;
    struct kit_captured *stream;
    const char *form;
    const void *bytes;
    size_t length;
    regex_t regex, forbidden;
    bool forbids, has_forbidden;
    char *found;
};

static bool is_stdout(const struct search *search)
{
    return search->stream == &search->program->stdout_text;
}

static bool is_wanted(const struct search *search, const struct kit_line *line)
{
    return search->bytes != NULL
               ? kit_line_is(line, search->bytes, search->length)
               : matches(&search->regex, line);
}

/* Takes whole lines only: the last one may still be on its way. */
static bool find_line(void *argument)
{
    struct search *search = argument;
    struct kit_captured *stream = search->stream;
    struct kit_line line;

    pthread_mutex_lock(&kit_lock);
    bool ended = search->program->ended;
    struct kit_lines lines = {stream->text + stream->used,
                              stream->length - stream->used};
    while (search->found == NULL && !search->has_forbidden &&
           kit_next_line(&lines, &line) && line.whole) {
        if (is_wanted(search, &line))
            search->found = kit_keep(line.start, line.length);
        else
            search->has_forbidden =
                search->forbids && matches(&search->forbidden, &line);
        stream->used += line.length + 1;
    }
    pthread_mutex_unlock(&kit_lock);
    return search->found != NULL || search->has_forbidden || ended;
}

static void look(struct search *search, int within_ms)
{
    const struct kit_forbidden *forbidden = &search->program->forbidden;

    search->forbids =
        forbidden->form != NULL && is_stdout(search) && !search->program->told;
    if (search->bytes == NULL)
        compile(&search->regex, search->form,
                is_stdout(search) ? 0 : REG_ICASE);
    if (search->forbids)
        compile(&search->forbidden, forbidden->form, 0);
    kit_wait(find_line, search, within_ms);
    if (search->bytes == NULL)
        regfree(&search->regex);
    if (search->forbids)
        regfree(&search->forbidden);
    if (search->has_forbidden)
        kit_fail(forbidden->expected, forbidden->why, "%s",
                 kit_output(search->program, NULL));
}

/* ---- and where it does not come -------------------------------------------
 */

/* The last lines of a text, quoted, the last whole or not. */
static const char *quote_last_lines(const char *text, size_t length)
{
    struct kit_string out = {0};
    const char *last = kit_last_lines(text, length, LAST_LINES);
    struct kit_lines lines = {last, length - (size_t)(last - text)};
    struct kit_line line = {"", 0, true};

    while (kit_next_line(&lines, &line))
        kit_string_add(&out, "%s%s", out.length > 0 ? "\n" : "",
                       kit_quote(line.start, line.length));
    if (!line.whole)
        kit_string_add(&out, " and no newline");
    return kit_string_text(&out);
}

/* Whether a line of the text is wanted; the last need not be whole. */
static bool holds_wanted(struct search *search, const char *text, size_t length)
{
    struct kit_lines lines = {text, length};
    struct kit_line line;
    bool found = false;

    if (search->bytes == NULL)
        compile(&search->regex, search->form, 0);
    while (!found && kit_next_line(&lines, &line))
        found = is_wanted(search, &line);
    if (search->bytes == NULL)
        regfree(&search->regex);
    return found;
}

static const char *what_came(struct search *search)
{
    struct kit_program *program = search->program;
    const char *stream = is_stdout(search) ? "stdout" : "stderr";
    const char *other = is_stdout(search) ? "stderr" : "stdout";
    size_t length, other_length;
    const char *text = kit_captured(search->stream, &length);
    const char *elsewhere = kit_captured(
        is_stdout(search) ? &program->stderr_text : &program->stdout_text,
        &other_length);

    if (holds_wanted(search, elsewhere, other_length))
        return kit_text("it is on %s, not on %s", other, stream);
    return length > 0 ? quote_last_lines(text, length)
                      : kit_text("nothing on %s", stream);
}

static const char *expect(struct search *search, const char *expected,
                          int within_ms, const char *why)
{
    struct kit_program *program = search->program;

    look(search, within_ms);
    if (search->found != NULL)
        return search->found;
    program->accused = true;
    const char *end =
        kit_running(program)
            ? ""
            : kit_text("; '%s' %s", program->name, kit_describe_end(program));
    kit_fail(expected, why, "%s%s", what_came(search), end);
}

const char *kit_expect_line_within(struct kit_program *program,
                                   const char *form, int within_ms,
                                   const char *why)
{
    struct search search = {
        .program = program, .stream = &program->stdout_text, .form = form};
    const char *time = within_ms % 1000 == 0
                           ? kit_text("%d s", within_ms / 1000)
                           : kit_text("%d ms", within_ms);

    return expect(&search,
                  kit_text("'%s' prints within %s the line: %s", program->name,
                           time, kit_form_words(form)),
                  within_ms, why);
}

const char *kit_expect_line(struct kit_program *program, const char *form,
                            const char *why)
{
    return kit_expect_line_within(program, form, KIT_DEADLINE_MS, why);
}

const char *kit_await_line(struct kit_program *program, const char *form,
                           int within_ms)
{
    struct search search = {
        .program = program, .stream = &program->stdout_text, .form = form};

    look(&search, within_ms);
    return search.found;
}

const char *kit_expect_complaint(struct kit_program *program, const char *form,
                                 const char *why)
{
    struct search search = {
        .program = program, .stream = &program->stderr_text, .form = form};

    return expect(&search,
                  kit_text("'%s' prints on stderr a line: %s", program->name,
                           kit_form_words(form)),
                  KIT_DEADLINE_MS, why);
}

void kit_expect_line_bytes(struct kit_program *program, const void *data,
                           size_t length, const char *why)
{
    struct search search = {.program = program,
                            .stream = &program->stdout_text,
                            .bytes = data,
                            .length = length};

    expect(&search,
           kit_text("'%s' prints the line %s", program->name,
                    kit_quote(data, length)),
           KIT_DEADLINE_MS, why);
}

void kit_expect_line_text(struct kit_program *program, const char *line,
                          const char *why)
{
    kit_expect_line_bytes(program, line, strlen(line), why);
}

void kit_forbid_line(struct kit_program *program, const char *form,
                     const char *expected, const char *why)
{
    program->forbidden = (struct kit_forbidden){form, expected, why};
}

/* ---- all of them ----------------------------------------------------------
 */

int kit_count_lines(struct kit_program *program, const char *form)
{
    struct kit_lines lines;
    struct kit_line line;
    regex_t compiled;
    int count = 0;

    lines.rest = kit_output(program, &lines.left);
    compile(&compiled, form, 0);
    while (kit_next_line(&lines, &line))
        count += matches(&compiled, &line);
    regfree(&compiled);
    return count;
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

    program->accused =
        more != others ||
        (more && (one.whole != other.whole ||
                  !kit_line_is(&other, one.start, one.length)));
    if (program->accused)
        kit_fail(kit_text("'%s' prints as line %zu: %s", program->name, number,
                          describe(&one, more, number)),
                 why, "%s", describe(&other, others, number));
    return more;
}

void kit_assert_output(struct kit_program *program, const char *text,
                       const char *why)
{
    struct kit_lines wanted = {text, strlen(text)}, seen;
    size_t number = 1;

    seen.rest = kit_output(program, &seen.left);
    while (assert_next(program, &wanted, &seen, number, why))
        number++;
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

/* What it said comes first: it may explain the exit status. */
double kit_expect_failure(struct kit_program *program, int status,
                          const char *form, const char *why)
{
    size_t length;

    kit_may_end(program);
    kit_expect_complaint(program, form, why);
    double said = kit_clock();
    kit_expect_exit(program, status, why);
    const char *text = kit_complaints(program, &length);
    size_t lines = kit_line_count(text, length);
    if (lines != 1)
        kit_fail("one line on stderr", "is it said twice?", "%zu lines: %s",
                 lines, quote_last_lines(text, length));
    kit_assert_output(program, "", "does what failed go to stderr only?");
    return said;
}
