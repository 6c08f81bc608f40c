#include "kit/wire/timeline.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"

#include <string.h>

#define LINES 10

/* An inbox by a short number: the same subject, the same number. */
static size_t locked_number(const struct kit_listener *tap, const char *subject)
{
    size_t number = 1;

    for (size_t i = 0; i < tap->count; i++) {
        const char *reply = tap->items[i].reply;
        if (strcmp(reply, subject) == 0)
            return number;
        number += reply[0] != '\0';
    }
    return 0;
}

size_t kit_timeline_number(struct kit_place *place, const char *reply)
{
    pthread_mutex_lock(&kit_lock);
    size_t number = locked_number(&place->tap, reply);
    pthread_mutex_unlock(&kit_lock);
    return number;
}

static void print_message(FILE *out, const struct kit_listener *tap,
                          const struct kit_message *message)
{
    const char *subject = message->subject;
    size_t answers = locked_number(tap, subject);

    if (answers > 0)
        subject = kit_text("answer to #%zu", answers);
    const char *line =
        kit_text("%9.3f  %-24s %s", message->at / 1000, subject,
                 kit_quote_short(message->data, message->length));
    if (message->reply[0] != '\0')
        line =
            kit_text("%s  asks #%zu", line, locked_number(tap, message->reply));
    fprintf(out, "%.*s\n", (int)kit_fitting(line, KIT_WIDTH), line);
}

static bool starts_with(const char *text, size_t length, const char *start)
{
    return length >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* JetStream's advisories tell again what else is there; and how things are, the
 * check asks all the time. */
static bool is_worth_a_line(const struct kit_message *message)
{
    static const char *const subjects[] = {"$JS.EVENT.",
                                           "$JS.API.STREAM.INFO.",
                                           "$JS.API.CONSUMER.INFO.",
                                           "$JS.API.STREAM.MSG.GET.",
                                           "$JS.API.STREAM.NAMES",
                                           "$JS.API.CONSUMER.NAMES."};
    static const char *const answers[] = {
        "{\"type\":\"io.nats.jetstream.api.v1.stream_info_",
        "{\"type\":\"io.nats.jetstream.api.v1.consumer_info_",
        "{\"type\":\"io.nats.jetstream.api.v1.stream_msg_get_",
        "{\"type\":\"io.nats.jetstream.api.v1.stream_names_",
        "{\"type\":\"io.nats.jetstream.api.v1.consumer_names_"};

    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        if (starts_with(message->subject, strlen(message->subject),
                        subjects[i]))
            return false;
    }
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (starts_with(message->data, message->length, answers[i]))
            return false;
    }
    return true;
}

static size_t count_lines(const struct kit_listener *tap, size_t last)
{
    size_t count = 0;

    for (size_t i = 0; i < last; i++)
        count += is_worth_a_line(&tap->items[i]);
    return count;
}

/* Where the last lines begin. */
static size_t first_shown(const struct kit_listener *tap)
{
    size_t first = tap->count;

    for (int lines = 0; first > 0 && lines < LINES; first--)
        lines += is_worth_a_line(&tap->items[first - 1]);
    return first;
}

static void tell(FILE *out, void *closure)
{
    const struct kit_place *place = closure;
    const struct kit_listener *tap = &place->tap;

    fprintf(out, "  on the wire\n");
    pthread_mutex_lock(&kit_lock);
    size_t first = first_shown(tap);
    size_t earlier = count_lines(tap, first);
    if (earlier > 0)
        fprintf(out, "           (%zu earlier messages)\n", earlier);
    for (size_t i = first; i < tap->count; i++) {
        if (is_worth_a_line(&tap->items[i]))
            print_message(out, tap, &tap->items[i]);
    }
    if (count_lines(tap, tap->count) == 0)
        fprintf(out, "           (%s)\n",
                tap->sub != NULL ? "nothing on the wire" : "not recorded");
    pthread_mutex_unlock(&kit_lock);
}

void kit_timeline_begin(struct kit_witness *witness, struct kit_place *place)
{
    *witness = (struct kit_witness){
        .section = KIT_SECTION_WIRE, .tell = tell, .closure = place};
    kit_witness_add(witness);
}
