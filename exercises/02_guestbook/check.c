/* The guestbook: a question goes to a service, its answer comes back, or not.
 */
#include "kit/kit.h"

#include <string.h>

TestSuite(guestbook, .init = kit_begin, .fini = kit_end);

#define GUESTS 200
#define PATIENCE_MS 1000 /* at least so long a reply is waited for */
#define AT_ONCE_MS 400   /* at least so much sooner no responders are told */

static const char as_it_came[] =
    "is it the reply, byte for byte, and a newline?";

static bool has_ended(void *program)
{
    return !kit_running(program);
}

/* A program that has asked and ended. Whether it succeeded is another question:
 * what it sent comes first. */
static struct kit_program *ended(struct kit_program *program)
{
    kit_type_end(program);
    kit_wait(has_ended, program, KIT_DEADLINE_MS);
    kit_settle();
    return program;
}

/* The only request on subject, or the newest, where count are expected. */
static const struct kit_message *request_of(struct kit_program *program,
                                            const char *subject, size_t count)
{
    size_t seen = kit_tapped(subject);

    if (kit_tapped("room.>") < count) /* then how it ended may explain it */
        kit_expect_exit(program, 0, "it did not ask at all");
    if (seen < count)
        kit_fail(kit_text("a request on %s", subject),
                 "is the subject spelled exactly so?", "no message there");
    if (seen > count)
        kit_fail(kit_text("one request on %s", subject),
                 "is it asked more than once?", "%zu", seen - count + 1);
    const struct kit_message *request = kit_tapped_message(subject, count - 1);
    if (request->reply[0] == '\0')
        kit_fail("a request: a message that names a reply subject",
                 "who only publishes gets no reply: is it "
                 "natsConnection_RequestString?",
                 "a message without one on %s", subject);
    return request;
}

/* The program fails: exit status 1, and all it prints is a line on stderr. */
static void expect_failed(struct kit_program *program, const char *why)
{
    size_t lines = 0;

    kit_expect_exit(program, 1, why);
    for (const char *c = kit_complaints(program, NULL); *c != '\0'; c++)
        lines += *c == '\n';
    if (lines != 1)
        kit_fail("one line on stderr", "is it said twice?", "%zu lines", lines);
    kit_assert_output(program, "", "does what failed go to stderr only?");
}

static void expect_failure(struct kit_program *program, const char *complaint,
                           const char *why)
{
    kit_expect_complaint(program, complaint, why);
    expect_failed(program, why);
}

static void expect_line(struct kit_program *program, const char *line,
                        const char *why)
{
    kit_expect_line_bytes(program, line, strlen(line), why);
}

Test(guestbook, it_asks_for_the_usage_and_prints_it)
{
    const char *usage =
        kit_text("%s\n\n  %s 100%%", kit_random_word(), kit_random_word());

    kit_by_hand("request --raw room.guestbook ''");
    kit_serve_text("room.guestbook", usage);
    struct kit_program *program = ended(kit_start_alone());
    const char *reply = request_of(program, "room.guestbook", 1)->reply;
    kit_expect_exit(program, 0, "a reply came: is that no success?");
    kit_assert_output(program, kit_text("%s\n", usage), as_it_came);

    program = ended(kit_start_alone());
    if (strcmp(reply, request_of(program, "room.guestbook", 2)->reply) == 0)
        kit_fail("each request names a reply subject of its own",
                 "on a fixed one everybody gets everybody's replies: leave the "
                 "choice to natsConnection_RequestString",
                 "two requests with the reply subject %s", reply);
}

Test(guestbook, it_signs_with_the_message_and_prints_the_thanks)
{
    const char *name = kit_text("%s%050d", kit_random_word(), 0);
    const char *subject = kit_text("room.guestbook.sign.%s", name);
    const char *message =
        kit_text("%s 100%%d \"ok\"\\ %01500d", kit_random_word(), 0);
    const char *thanks = kit_text("Thanks, %s! No \"error\".", name);

    kit_by_hand("request --raw room.guestbook.sign.ada 'Hello'");
    kit_serve_text("room.guestbook.sign.*", thanks);
    struct kit_program *program = ended(kit_start("sign", name, message));
    const struct kit_message *request = request_of(program, subject, 1);
    if (request->length != strlen(message) ||
        memcmp(request->data, message, request->length) != 0)
        kit_fail(
            kit_text("the message: %s", kit_quote(message, strlen(message))),
            "is it sent as it is: whole, no quotes, no final NUL?", "%s",
            kit_quote(request->data, request->length));
    kit_expect_exit(program, 0, "thanks are no error, whatever words they use");
    kit_assert_output(program, kit_text("%s\n", thanks), as_it_came);
}

static void expect_refusal(struct kit_program *program)
{
    kit_expect_exit(program, 2,
                    "NAME becomes one token of the subject: is it refused "
                    "where it is empty, or holds a dot, a space, * or >?");
    kit_expect_complaint(program, ".+", "does it say why, on stderr?");
    if (kit_tapped("room.>") > 0)
        kit_fail("it is refused before anything is sent",
                 "is the name looked at before the request?", "a request");
}

Test(guestbook, a_name_that_is_not_one_word_is_refused)
{
    static const char *const names[] = {"a.b", "*", ">", "ada lovelace", ""};

    kit_serve_text("room.guestbook.>", "{\"entries\":[]}");
    for (int i = 0; i < 5; i++)
        expect_refusal(ended(kit_start("sign", names[i], "Hello")));
    expect_refusal(ended(kit_start("guests", "*")));
}

Test(guestbook, an_error_reply_is_a_failure)
{
    static const char why[] =
        "is the reply {\"error\":TEXT}? Then it is exit status 1, and one line "
        "on stderr with \"error\" and TEXT";
    const char *text = kit_text("no \"%s\" here", kit_random_word());
    const char *complaint = kit_text(".*error.*%s.*", text);

    kit_by_hand("request --raw room.guestbook.guests.nobody ''");
    kit_serve_error("room.guestbook", text);
    kit_serve_text("room.guestbook.>", kit_text("{ \"error\" : %s }",
                                                kit_quote(text, strlen(text))));
    expect_failure(ended(kit_start("guests", "ada")), complaint, why);
    expect_failure(ended(kit_start("guests")), complaint, why);
    expect_failure(ended(kit_start("sign", "ada", "Hello")), complaint, why);
    expect_failure(ended(kit_start_alone()), complaint,
                   "there was no JSON, but a header Nats-Service-Error: is it "
                   "looked for?");
}

Test(guestbook, it_prints_the_guests_sorted)
{
    const char *reply = "{\"guests\":[\"aaa\"";
    const char *sorted = "aaa\n";

    for (int i = 1; i < GUESTS; i++) {
        int k = i * 77 % GUESTS; /* each once, in disorder */
        reply = kit_text("%s, \"%c%c\"", reply, 'a' + k / 20, 'b' + k % 20);
        sorted = kit_text("%s%c%c\n", sorted, 'a' + i / 20, 'b' + i % 20);
    }
    kit_by_hand("request --raw room.guestbook.guests ''");
    kit_serve_text("room.guestbook.guests", kit_text("%s]}", reply));
    struct kit_program *program = ended(kit_start("guests"));
    request_of(program, "room.guestbook.guests", 1);
    kit_expect_exit(program, 0, "a list of guests came, and is no error");
    kit_assert_output(program, sorted,
                      "each name a line, nothing else, in the order of strcmp: "
                      "does by_name get pointers to pointers?");
}

/* An entry in JSON, its members in another order than the guestbook's. */
static const char *entry(const char *time, const char *message)
{
    return kit_text("{\"time\":\"%s\",\"message\":\"%s\"}", time, message);
}

Test(guestbook, it_prints_what_a_guest_wrote_oldest_first)
{
    const char *name = kit_random_word();
    const char *word = kit_random_word();
    const char *subject = kit_text("room.guestbook.guests.%s", name);

    kit_by_hand("request --raw room.guestbook.guests.ada ''");
    kit_serve_text(
        subject,
        kit_text("{\"name\":\"%s\",\"entries\":[%s,%s,%s,%s]}", name,
                 entry("2026-01-31T08:00:00Z", kit_text("100%%d %s", word)),
                 entry("2026-02-01T07:00:00Z", "and"),
                 entry("2026-02-02T06:00:00Z", "\\\"error\\\":\\\\ \\u00e9"),
                 entry("2026-02-03T05:00:00Z", "\\u001b[7mto\\nyou")));
    struct kit_program *program = ended(kit_start("guests", name));
    request_of(program, subject, 1);
    kit_expect_exit(program, 0,
                    "is {\"error\":TEXT} looked for in the parsed JSON? The "
                    "word may be in a message.");
    expect_line(program, kit_text("2026-01-31T08:00:00Z  100%%d %s", word),
                "is an entry printed as time, two spaces, message, newline? "
                "Are the two found by their names?");
    expect_line(program, "2026-02-01T07:00:00Z  and",
                "are the entries in the order of the reply, oldest first?");
    expect_line(program, "2026-02-02T06:00:00Z  \"error\":\\ \u00e9",
                "strings in JSON have escapes (\\\", \\\\, \\u00e9): is the "
                "string printed that cJSON has parsed?");
    expect_line(program, "2026-02-03T05:00:00Z  ?[7mto?you",
                "a message may steer your terminal, if you let it: is each "
                "control character printed as '?' (put_text)?");
}

Test(guestbook, a_reply_that_is_not_json_is_a_failure)
{
    static const char *const replies[] = {"Thank you!", "", "{\"entries\":[",
                                          "{}"};

    for (int i = 0; i < 4; i++) {
        const char *name = kit_random_word();
        kit_serve_text(kit_text("room.guestbook.guests.%s", name), replies[i]);
        expect_failure(ended(kit_start("guests", name)), ".*not JSON.*",
                       kit_text("the reply is \"%s\": is what is parsed looked "
                                "at, before it is used?",
                                replies[i]));
    }
}

static const void *no_reply(const struct kit_message *request, size_t *length,
                            void *unused)
{
    (void)request;
    (void)length;
    (void)unused;
    return NULL;
}

Test(guestbook, it_tells_that_nobody_is_there_from_no_reply)
{
    static const char nobody[] = "nobody is subscribed, and the server says "
                                 "so: is it NATS_NO_RESPONDERS that is told?";
    static const char silence[] =
        "somebody is subscribed, but does not reply: is it NATS_TIMEOUT, after "
        "TIMEOUT_MS, that is told?";

    kit_by_hand("request room.guestbook ''");
    kit_untap();
    kit_serve("room.guestbook.guests", NULL, no_reply, NULL);
    struct kit_program *alone = kit_start_alone();
    double start = kit_clock(); /* before its own clock starts to run */
    struct kit_program *patient = kit_start("guests");
    kit_type_end(alone);
    kit_type_end(patient);

    kit_expect_complaint(alone, ".*[Nn]o responders.*", nobody);
    double told = kit_clock();
    kit_expect_complaint(patient, ".*[Tt]imeout.*", silence);
    double end = kit_clock();
    if (end - start < PATIENCE_MS)
        kit_fail("a reply is waited for, 1 s at least",
                 "is TIMEOUT_MS the timeout?", "%.2f s", (end - start) / 1e3);
    if (end - told < AT_ONCE_MS)
        kit_fail("'no responders' at once, long before a timeout",
                 "the request has failed: is it sent again, or a reply waited "
                 "for?",
                 "it took as long as a timeout");
    expect_failed(alone, nobody);
    expect_failed(patient, silence);
}

Test(guestbook, it_works_with_the_guestbook_of_the_room)
{
    const char *names[] = {kit_random_word(), kit_random_word()};
    int first = strcmp(names[0], names[1]) < 0 ? 0 : 1;
    struct kit_program *program;

    kit_start_guestbook();
    program = ended(kit_start("guests"));
    kit_expect_exit(program, 0, "the book is empty, and that is no error");
    kit_assert_output(program, "", "there is nothing to print");
    for (int i = 0; i < 3; i++) {
        const char *name = names[i / 2];
        program = ended(kit_start("sign", name, kit_text("This is %d", i)));
        kit_expect_exit(program, 0, "now the real guestbook answers");
        kit_expect_line(program, kit_text("Thank you, %s!.*", name),
                        as_it_came);
    }
    program = ended(kit_start("guests"));
    kit_assert_output(program,
                      kit_text("%s\n%s\n", names[first], names[1 - first]),
                      "is each guest printed once, sorted?");
    program = ended(kit_start("guests", names[0]));
    kit_expect_line(program, "20[0-9T:-]+Z  This is 0", "is it printed?");
    kit_expect_line(program, "20[0-9T:-]+Z  This is 1", "is it printed?");
    expect_failure(ended(kit_start("guests", kit_random_word())),
                   ".*error.*no such guest.*", "nobody of this name is here");
}
