#include "kit/wire/timeline.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/wire/meaning.h"

#include <stdlib.h>
#include <string.h>

#define LINES 10
#define INDENT "                                    "

/* An entry of the timeline: a message that is no answer, and the first of its
 * answers. */
struct entry {
    const struct kit_message *message, *answer;
    size_t number;  /* of a request, counted from 1; 0: it is none */
    size_t answers; /* how many there were */
    size_t again;   /* the same once more, and its answers too */
};

struct entries {
    struct entry *list;
    size_t count;
};

/* A request by its inbox. */
struct inbox {
    const char *subject;
    size_t number;
    size_t entry; /* its number, counted from 1; 0: it has no line */
};

/* ---- requests, by number ------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct inbox *one = a, *other = b;
    int order = strcmp(one->subject, other->subject);

    return order != 0 ? order : (one->number > other->number) * 2 - 1;
}

/* All inboxes of the tap in order; of two that are the same subject the first
 * is found. */
static struct inbox *locked_inboxes(const struct kit_listener *tap,
                                    size_t *count)
{
    struct inbox *list = kit_allocate((tap->count + 1) * sizeof(*list));

    *count = 0;
    for (size_t i = 0; i < tap->count; i++) {
        if (tap->items[i].reply[0] == '\0')
            continue;
        list[*count] = (struct inbox){tap->items[i].reply, *count + 1, 0};
        ++*count;
    }
    qsort(list, *count, sizeof(*list), compare);
    return list;
}

static struct inbox *find(struct inbox *list, size_t count, const char *subject)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(list[middle].subject, subject) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && strcmp(list[low].subject, subject) == 0 ? &list[low]
                                                                  : NULL;
}

size_t kit_timeline_number(struct kit_place *place, const char *reply)
{
    size_t count;

    pthread_mutex_lock(&kit_lock);
    struct inbox *inboxes = locked_inboxes(&place->tap, &count);
    const struct inbox *inbox = find(inboxes, count, reply);
    pthread_mutex_unlock(&kit_lock);
    return inbox != NULL ? inbox->number : 0;
}

/* ---- entries ------------------------------------------------------------- */

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

    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        if (strncmp(message->subject, subjects[i], strlen(subjects[i])) == 0)
            return false;
    }
    return true;
}

/* The request that the message answers, or NULL. An ack is sent to a reply
 * subject, too, but has a line of its own. */
static struct inbox *answered_by(const struct kit_message *message,
                                 struct inbox *inboxes, size_t count)
{
    return kit_is_ack(message) ? NULL : find(inboxes, count, message->subject);
}

/* An answer may be heard before its request, where they come from different
 * servers: so the requests are all looked for first. */
static struct entries locked_questions(const struct kit_listener *tap,
                                       struct inbox *inboxes, size_t count)
{
    struct entries all = {kit_allocate((tap->count + 1) * sizeof(*all.list)),
                          0};

    for (size_t i = 0; i < tap->count; i++) {
        const struct kit_message *message = &tap->items[i];
        struct inbox *asks = message->reply[0] != '\0'
                                 ? find(inboxes, count, message->reply)
                                 : NULL;
        if (!is_worth_a_line(message) ||
            answered_by(message, inboxes, count) != NULL)
            continue;
        all.list[all.count++] = (struct entry){
            .message = message, .number = asks != NULL ? asks->number : 0};
        if (asks != NULL && asks->entry == 0)
            asks->entry = all.count;
    }
    return all;
}

static struct entries locked_entries(const struct kit_listener *tap)
{
    size_t count;
    struct inbox *inboxes = locked_inboxes(tap, &count);
    struct entries all = locked_questions(tap, inboxes, count);

    for (size_t i = 0; i < tap->count; i++) {
        const struct inbox *asked = answered_by(&tap->items[i], inboxes, count);
        if (asked == NULL || asked->entry == 0)
            continue;
        struct entry *entry = &all.list[asked->entry - 1];
        if (entry->answers++ == 0)
            entry->answer = &tap->items[i];
    }
    return all;
}

static bool same_message(const struct kit_message *one,
                         const struct kit_message *other)
{
    if (one == NULL || other == NULL)
        return one == other;
    return one->length == other->length && one->data != NULL &&
           other->data != NULL &&
           memcmp(one->data, other->data, one->length) == 0 &&
           strcmp(one->headers, other->headers) == 0;
}

static bool same_entry(const struct entry *one, const struct entry *other)
{
    return strcmp(one->message->subject, other->message->subject) == 0 &&
           (one->number > 0) == (other->number > 0) &&
           one->answers == other->answers &&
           same_message(one->message, other->message) &&
           same_message(one->answer, other->answer);
}

static void fold(struct entries *all)
{
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++) {
        if (kept > 0 && same_entry(&all->list[kept - 1], &all->list[i]))
            all->list[kept - 1].again++;
        else
            all->list[kept++] = all->list[i];
    }
    all->count = kept;
}

/* ---- lines --------------------------------------------------------------- */

/* How many bytes of the line fit into so many columns; not at a space, since
 * what a quoted payload begins with may be all that one can see. */
static size_t fitting(const char *line, size_t columns)
{
    size_t length = 0;

    for (; line[length] != '\0'; length++) {
        bool begins = ((unsigned char)line[length] & 0xc0) != 0x80;
        if (begins && columns-- == 0)
            break;
    }
    return length;
}

static void print_line(FILE *out, const char *line)
{
    size_t length = fitting(line, KIT_WIDTH);

    if (line[length] == '\0')
        fprintf(out, "%s\n", line);
    else
        fprintf(out, "%.*s...\n", (int)fitting(line, KIT_WIDTH - 3), line);
}

/* What a consumer delivers is no answer: it comes on the stream's subjects. */
static const char *answer_of(const struct entry *entry)
{
    if (entry->answers == 0)
        return kit_is_next(entry->message) ? "" : "unanswered";
    if (kit_is_ack(entry->message))
        return "-> confirmed";
    const char *first = kit_text("-> %s%s", kit_payload_meaning(entry->answer),
                                 kit_headers_meaning(entry->answer));
    return entry->answers == 1
               ? first
               : kit_text("%s and %zu more", first, entry->answers - 1);
}

/* A consumer's message is a request for an ack, which is an entry of its own.
 */
static bool asks_for_ack(const struct kit_message *message)
{
    return strncmp(message->reply, "$JS.ACK.", 8) == 0;
}

static void print_question(FILE *out, const char *line,
                           const struct entry *entry)
{
    const char *asks = kit_text("%s  asks #%zu", line, entry->number);
    const char *answer = answer_of(entry);
    const char *all = kit_text("%s  %s", asks, answer);
    bool fits = all[fitting(all, KIT_WIDTH)] == '\0';

    print_line(out, fits && answer[0] != '\0' ? all : asks);
    if (!fits)
        print_line(out, kit_text(INDENT "%s", answer));
}

static void print_entry(FILE *out, const struct entry *entry)
{
    const struct kit_message *message = entry->message;
    const char *line = kit_text(
        "%9.3f  %-24s %s%s", message->at / 1000, kit_subject_meaning(message),
        kit_payload_meaning(message), kit_headers_meaning(message));

    if (entry->number == 0 || asks_for_ack(message))
        print_line(out, line);
    else
        print_question(out, line, entry);
    if (entry->again > 0)
        fprintf(out, INDENT "(%zu more like it)\n", entry->again);
}

static void tell(FILE *out, void *closure)
{
    const struct kit_place *place = closure;
    const struct kit_listener *tap = &place->tap;

    pthread_mutex_lock(&kit_lock);
    struct entries all = locked_entries(tap);
    fold(&all);
    if (all.count > 0 || !place->wire->elsewhere)
        fprintf(out, "  on the wire\n");
    size_t first = all.count > LINES ? all.count - LINES : 0;
    if (first > 0)
        fprintf(out, "           (%zu earlier)\n", first);
    for (size_t i = first; i < all.count; i++)
        print_entry(out, &all.list[i]);
    if (all.count == 0 && !place->wire->elsewhere)
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
