#include "kit/proc/lines.h"

#include "kit/base/clock.h"
#include "kit/base/difference.h"
#include "kit/base/form.h"
#include "kit/base/lines.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/proc/child.h"
#include "kit/proc/output.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

#include <regex.h>
#include <string.h>

/* ---- looking for a line -------------------------------------------------- */

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
               : kit_form_matches(&search->regex, line->start, line->length);
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
                search->forbids &&
                kit_form_matches(&search->forbidden, line.start, line.length);
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
        kit_form_compile(&search->regex, search->form, !is_stdout(search));
    if (search->forbids)
        kit_form_compile(&search->forbidden, forbidden->form, false);
    kit_wait(find_line, search, within_ms);
    if (search->bytes == NULL)
        regfree(&search->regex);
    if (search->forbids)
        regfree(&search->forbidden);
    if (search->has_forbidden)
        kit_fail(forbidden->expected, forbidden->why, "%s",
                 kit_output(search->program, NULL));
}

/* ---- and where it does not come ------------------------------------------ */

/* Whether a line of the text is wanted; the last need not be whole. */
static bool holds_wanted(struct search *search, const char *text, size_t length)
{
    struct kit_lines lines = {text, length};
    struct kit_line line;
    bool found = false;

    if (search->bytes == NULL)
        kit_form_compile(&search->regex, search->form, false);
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
    return length > 0 ? kit_quote_last_lines(text, length)
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
