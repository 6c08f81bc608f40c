#include "kit/proc/output.h"

#include "kit/base/clock.h"
#include "kit/base/lines.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/proc/child.h"
#include "kit/proc/testify.h"
#include "kit/say/fail.h"

#include <errno.h>
#include <poll.h>
#include <regex.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- what it reads ------------------------------------------------------- */

/* Writes all of it, waiting for the program to read: deadline for the whole. */
void kit_type_bytes(struct kit_program *program, const void *data,
                    size_t length)
{
    const char *next = data;
    double end = kit_clock() + KIT_DEADLINE_MS;

    while (length > 0) {
        struct pollfd fd = {.fd = program->in, .events = POLLOUT};
        poll(&fd, 1, 100);
        ssize_t written = write(program->in, next, length);
        if (written > 0) {
            next += written;
            length -= (size_t)written;
        } else if ((errno != EAGAIN && errno != EINTR) || kit_clock() > end) {
            kit_fail(kit_text("'%s' reads its standard input", program->name),
                     NULL, "%zu bytes are left over, and it %s", length,
                     kit_describe_end(program));
        }
    }
}

void kit_type(struct kit_program *program, const char *text)
{
    kit_type_bytes(program, text, strlen(text));
}

void kit_type_end(struct kit_program *program)
{
    if (program->in >= 0)
        close(program->in);
    program->in = -1;
    kit_may_end(program);
}

/* ---- what it prints ------------------------------------------------------ */

const char *kit_output(struct kit_program *program, size_t *length)
{
    return kit_captured(&program->stdout_text, length);
}

const char *kit_complaints(struct kit_program *program, size_t *length)
{
    return kit_captured(&program->stderr_text, length);
}

static void compile(regex_t *compiled, const char *regex)
{
    const char *whole = kit_text("^(%s)$", regex);

    if (regcomp(compiled, whole, REG_EXTENDED | REG_NOSUB) != 0)
        kit_undecided("the check's expression /%s/ does not compile", regex);
}

/* A line being looked for in one of the program's streams: these bytes, or,
 * where bytes is NULL, what matches the expression. */
struct search {
    struct kit_program *program;
    struct kit_captured *stream;
    const void *bytes;
    size_t length;
    regex_t regex;
    char *found;
};

static bool is_wanted(const struct search *search, const char *line,
                      size_t length)
{
    if (search->bytes == NULL)
        return regexec(&search->regex, line, 0, NULL, 0) == 0;
    return length == search->length && memcmp(line, search->bytes, length) == 0;
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
    while (search->found == NULL && kit_next_line(&lines, &line) &&
           line.whole) {
        char *copy = kit_keep(line.start, line.length);
        stream->used += line.length + 1;
        if (is_wanted(search, copy, line.length))
            search->found = copy;
    }
    pthread_mutex_unlock(&kit_lock);
    return search->found != NULL || ended;
}

static const char *expect_line(struct kit_program *program,
                               struct kit_captured *stream, const char *where,
                               const char *regex, const char *why)
{
    struct search search = {.program = program, .stream = stream};

    compile(&search.regex, regex);
    kit_wait(find_line, &search, KIT_DEADLINE_MS);
    regfree(&search.regex);
    if (search.found != NULL)
        return search.found;

    size_t length;
    const char *text = kit_captured(stream, &length);
    text = kit_last_lines(text, length, 3);
    kit_fail(
        kit_text("'%s' prints on %s a line: %s", program->name, where, regex),
        why, "%s%s%s", text[0] != '\0' ? text : "nothing on ",
        text[0] != '\0' ? "" : where,
        kit_running(program)
            ? ""
            : kit_text("; '%s' %s", program->name, kit_describe_end(program)));
}

const char *kit_expect_line(struct kit_program *program, const char *regex,
                            const char *why)
{
    return expect_line(program, &program->stdout_text, "stdout", regex, why);
}

const char *kit_expect_complaint(struct kit_program *program, const char *regex,
                                 const char *why)
{
    return expect_line(program, &program->stderr_text, "stderr", regex, why);
}

/* The last line of a text, whole or not, quoted. */
static const char *quote_last_line(const char *text, size_t length)
{
    struct kit_lines lines = {text, length};
    struct kit_line line = {"", 0, true};

    while (kit_next_line(&lines, &line))
        ;
    return kit_text("%s%s", kit_quote(line.start, line.length),
                    line.whole ? "" : " and no newline");
}

void kit_expect_line_bytes(struct kit_program *program, const void *data,
                           size_t length, const char *why)
{
    struct search search = {.program = program,
                            .stream = &program->stdout_text,
                            .bytes = data,
                            .length = length};
    size_t seen;

    kit_wait(find_line, &search, KIT_DEADLINE_MS);
    if (search.found != NULL)
        return;
    const char *text = kit_output(program, &seen);
    kit_fail(kit_text("'%s' prints the line %s", program->name,
                      kit_quote(data, length)),
             why, "%s",
             seen > 0 ? quote_last_line(text, seen) : "nothing on stdout");
}

void kit_expect_line_text(struct kit_program *program, const char *line,
                          const char *why)
{
    kit_expect_line_bytes(program, line, strlen(line), why);
}

int kit_count_lines(struct kit_program *program, const char *regex)
{
    struct kit_lines lines;
    struct kit_line line;
    regex_t compiled;
    int count = 0;

    lines.rest = kit_output(program, &lines.left);
    compile(&compiled, regex);
    while (kit_next_line(&lines, &line))
        count += regexec(&compiled, kit_keep(line.start, line.length), 0, NULL,
                         0) == 0;
    regfree(&compiled);
    return count;
}

void kit_assert_output(struct kit_program *program, const char *text,
                       const char *why)
{
    size_t length;
    const char *output = kit_output(program, &length);

    if (length != strlen(text) || memcmp(output, text, length) != 0)
        kit_fail(kit_text("'%s' prints exactly %s", program->name,
                          kit_quote(text, strlen(text))),
                 why, "%s", kit_quote(output, length));
}

/* What it said comes first: it may explain the exit status. */
void kit_expect_failure(struct kit_program *program, int status,
                        const char *regex, const char *why)
{
    size_t length;

    kit_may_end(program);
    kit_expect_complaint(program, regex, why);
    kit_expect_exit(program, status, why);
    const char *text = kit_complaints(program, &length);
    size_t lines = kit_line_count(text, length);
    if (lines != 1)
        kit_fail("one line on stderr", "is it said twice?", "%zu lines", lines);
    kit_assert_output(program, "", "does what failed go to stderr only?");
}

/* ---- held ---------------------------------------------------------------- */

static void set_held(struct kit_program *program, bool held)
{
    pthread_mutex_lock(&kit_lock);
    program->held = held;
    program->lines_left = 0;
    pthread_mutex_unlock(&kit_lock);
    kit_reader_wake(program->reader);
}

void kit_hold_output(struct kit_program *program)
{
    set_held(program, true);
}

void kit_release_output(struct kit_program *program)
{
    set_held(program, false);
}

/* Nothing is read any more, and something is there. */
static bool is_stuck(struct kit_program *program)
{
    int length = 0;

    pthread_mutex_lock(&kit_lock);
    bool stuck = program->held &&
                 ioctl(program->out, FIONREAD, &length) == 0 && length > 0;
    pthread_mutex_unlock(&kit_lock);
    return stuck;
}

static bool is_stuck_or_gone(void *program)
{
    return is_stuck(program) || !kit_running(program);
}

void kit_expect_held(struct kit_program *program, const char *why)
{
    size_t length;

    kit_wait(is_stuck_or_gone, program, KIT_DEADLINE_MS);
    if (is_stuck(program))
        return;
    const char *text = kit_output(program, &length);
    kit_fail(kit_text("'%s' prints more than %zu lines", program->name,
                      kit_line_count(text, length)),
             why, "it %s", kit_describe_end(program));
}
