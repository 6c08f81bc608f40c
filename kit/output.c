/* What the program reads and prints. */
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    program->ending = true;
}

static const char *snapshot(struct kit_stream *stream, size_t *length)
{
    pthread_mutex_lock(&kit_lock);
    size_t now = stream->length;
    const char *text = kit_keep(stream->text, now);
    pthread_mutex_unlock(&kit_lock);
    if (length != NULL)
        *length = now;
    return text;
}

const char *kit_output(struct kit_program *program, size_t *length)
{
    return snapshot(&program->stdout_text, length);
}

const char *kit_complaints(struct kit_program *program, size_t *length)
{
    return snapshot(&program->stderr_text, length);
}

static void compile(regex_t *compiled, const char *regex)
{
    char *whole = (char *)kit_text("^(%s)$", regex);

    if (regcomp(compiled, whole, REG_EXTENDED | REG_NOSUB) != 0)
        kit_undecided("the check's expression /%s/ does not compile", regex);
}

/* A line being looked for in one of the program's streams: these bytes, or,
 * where bytes is NULL, what matches the expression. */
struct search {
    struct kit_program *program;
    struct kit_stream *stream;
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
    struct kit_stream *stream = search->stream;

    pthread_mutex_lock(&kit_lock);
    bool ended = search->program->ended;
    while (search->found == NULL) {
        char *start = stream->text + stream->used;
        size_t left = stream->length - stream->used;
        char *newline = left > 0 ? memchr(start, '\n', left) : NULL;
        if (newline == NULL)
            break;
        size_t length = (size_t)(newline - start);
        char *line = kit_keep(start, length);
        stream->used += length + 1;
        if (is_wanted(search, line, length))
            search->found = line;
    }
    pthread_mutex_unlock(&kit_lock);
    return search->found != NULL || ended;
}

static const char *last_lines(const char *text, int lines)
{
    const char *start = text + strlen(text);

    while (start > text) {
        if (start[-1] == '\n' && start[0] != '\0' && --lines == 0)
            break;
        start--;
    }
    return start;
}

static const char *expect_line(struct kit_program *program,
                               struct kit_stream *stream, const char *where,
                               const char *regex, const char *why)
{
    struct search search = {.program = program, .stream = stream};

    compile(&search.regex, regex);
    kit_wait(find_line, &search, KIT_DEADLINE_MS);
    regfree(&search.regex);
    if (search.found != NULL)
        return search.found;

    const char *text = last_lines(snapshot(stream, NULL), 3);
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
    size_t end = length > 0 && text[length - 1] == '\n' ? length - 1 : length;
    size_t start = end;

    while (start > 0 && text[start - 1] != '\n')
        start--;
    return kit_text("%s%s", kit_quote(text + start, end - start),
                    end == length ? " and no newline" : "");
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

int kit_count_lines(struct kit_program *program, const char *regex)
{
    char *text = (char *)kit_output(program, NULL);
    regex_t compiled;
    char *rest = NULL;
    int count = 0;

    compile(&compiled, regex);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        count += regexec(&compiled, line, 0, NULL, 0) == 0;
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
