#include "kit/proc/sanitizers.h"

#include "kit/base/lines.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <string.h>

#define PART_LINES 12

static const char leak[] = "ERROR: LeakSanitizer";
static const char address[] = "ERROR: AddressSanitizer";
static const char undefined[] = ": runtime error: ";

bool kit_is_sanitizer_report(const char *text)
{
    return strstr(text, address) != NULL || strstr(text, leak) != NULL ||
           strstr(text, undefined) != NULL;
}

/* ---- what is in their way ------------------------------------------------ */

static const struct {
    const char *said, *what, *mend;
} obstacles[] = {
    {"ReserveShadowMemoryRange failed",
     "the address space is limited here, and the sanitizers that watch a "
     "program's memory need much of it",
     "ulimit -v unlimited"},
    {"LeakSanitizer has encountered a fatal error",
     "the sanitizer that looks for leaks can't work where something else "
     "(strace, a debugger) is watching the program",
     "make check, without strace or a debugger around it"},
    {"interleaves with an existing memory mapping",
     "the system places programs where the sanitizers need memory",
     "sudo sysctl vm.mmap_rnd_bits=28"},
};

const char *kit_sanitizer_mend(const char *text, const char **what)
{
    for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++) {
        if (strstr(text, obstacles[i].said) != NULL) {
            *what = obstacles[i].what;
            return obstacles[i].mend;
        }
    }
    return NULL;
}

/* ---- its part ------------------------------------------------------------ */

/* "  #4 <null> <null>": a frame of a library of which nothing is known. */
static bool names_nothing(const char *line)
{
    return strstr(line, "<null> <null>") != NULL;
}

/* A frame's line without what says nothing to a learner: "<null>" for the file,
 * and where the sanitizer's own source is. */
static const char *plain_line(const struct kit_line *line)
{
    const char *text = kit_keep(line->start, line->length);
    const char *end = strstr(text, " <null>");

    if (end == NULL)
        end = strstr(text, " ../../");
    if (end == NULL)
        end = strstr(text, " on address 0x");
    return end != NULL ? kit_keep(text, (size_t)(end - text)) : text;
}

static const char *lines_from(const char *start)
{
    struct kit_lines lines = {start, strlen(start)};
    struct kit_string part = {0};
    struct kit_line line;

    for (int count = 0; count < PART_LINES && kit_next_line(&lines, &line);) {
        const char *text = kit_keep(line.start, line.length);
        if (names_nothing(text))
            continue;
        kit_string_add(&part, "%s%s", plain_line(&line),
                       line.whole ? "\n" : "");
        count++;
    }
    return kit_string_text(&part);
}

const char *kit_sanitizer_part(const char *text)
{
    static const char *const starts[] = {"runtime error: ", address, leak};

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        const char *found = strstr(text, starts[i]);
        if (found == NULL)
            continue;
        while (found > text && found[-1] != '\n')
            found--;
        return lines_from(found);
    }
    return text;
}

/* ---- its finding --------------------------------------------------------- */

/* The first frame in a learner's file, " in on_draw, lottery.c:26", or "". */
static const char *place_in(const char *text)
{
    struct kit_lines lines = {text, strlen(text)};
    struct kit_line line;

    while (kit_next_line(&lines, &line)) {
        const char *frame = kit_keep(line.start, line.length);
        const char *file = strstr(frame, ".c:"), *name = strchr(frame, '#');
        if (file == NULL || name == NULL || strstr(frame, "../") != NULL)
            continue;
        while (file > frame && file[-1] != '/' && file[-1] != ' ')
            file--;
        name += strcspn(name, " ");
        name += strspn(name, " ");
        return kit_text(" in %.*s, %s", (int)strcspn(name, " "), name, file);
    }
    return "";
}

/* What follows label, up to a blank: "heap-use-after-free". */
static const char *word_after(const char *text, const char *label)
{
    const char *word = strstr(text, label) + strlen(label);

    word += strspn(word, ": ");
    return kit_keep(word, strcspn(word, " \n"));
}

static const char *leak_finding(const char *text)
{
    const char *summary = strstr(text, "AddressSanitizer: ");

    if (summary == NULL)
        return "leaked memory";
    summary += strlen("AddressSanitizer: ");
    const char *end = strstr(summary, " leaked in ");
    if (end == NULL)
        return "leaked memory";
    const char *objects = end + strlen(" leaked in ");
    return kit_text("leaked memory: %.*s in %.*s", (int)(end - summary),
                    summary, (int)(strcspn(objects, ")\n") + 1), objects);
}

const char *kit_sanitizer_finding(const char *text)
{
    const char *found = strstr(text, undefined);

    if (found != NULL) {
        found += strlen(undefined);
        return kit_text("did what C does not allow (%.*s%s)",
                        (int)strcspn(found, "\n"), found, place_in(found));
    }
    found = strstr(text, address);
    if (found != NULL)
        return kit_text("used memory that it may not (%s%s)",
                        word_after(found, address), place_in(found));
    return leak_finding(text);
}

/* ---- the mistake --------------------------------------------------------- */

/* Who made what was leaked, and what releases it. The first that is in the
 * report counts. */
static const char *const releases[][2] = {
    {"kvStore_Get", "is kvEntry_Destroy called for each entry?"},
    {"kvWatcher_Next", "is kvEntry_Destroy called for each entry?"},
    {"kvStore_History", "is kvEntryList_Destroy called?"},
    {"kvStore_Watch", "is kvWatcher_Destroy called?"},
    {"natsMsg_create", "is natsMsg_Destroy called for each message, in every "
                       "branch? Its receiver owns it"},
    {"natsConn_processMsg", "is natsMsg_Destroy called for each message, in "
                            "every branch? Its receiver owns it"},
    {"natsOptions_", "is natsOptions_Destroy called?"},
    {"natsInbox_", "is natsInbox_Destroy called?"},
    {"jsPubAck", "is jsPubAck_Destroy called for each ack?"},
    {"js_Publish", "is jsPubAck_Destroy called for each ack?"},
    {"js_GetConsumerInfo", "is jsConsumerInfo_Destroy called?"},
    {"js_GetStreamInfo", "is jsStreamInfo_Destroy called?"},
    {"natsConnection_JetStream", "is jsCtx_Destroy called?"},
    {"natsConn_subscribe", "is natsSubscription_Destroy called?"},
    {"natsConnection_Subscribe", "is natsSubscription_Destroy called?"},
    {"micro_Errorf", "is the microError returned, or destroyed?"},
    {"cJSON_Print", "is cJSON_free called for the text that it printed?"},
    {"cJSON_", "is cJSON_Delete called for the whole document?"},
    {"natsConn_create", "is natsConnection_Destroy called?"},
};

static const char *leak_why(const char *text)
{
    for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
        if (strstr(text, releases[i][0]) != NULL)
            return releases[i][1];
    }
    return "what is never released? The report names the line that got it";
}

const char *kit_sanitizer_why(const char *text)
{
    if (strstr(text, undefined) == NULL && strstr(text, address) == NULL)
        return leak_why(text);
    if (strstr(text, "double-free") != NULL ||
        strstr(text, "use-after-free") != NULL)
        return "what is released twice, or used after it was released?";
    if (strstr(text, "use-after-return") != NULL ||
        strstr(text, "use-after-scope") != NULL)
        return "whose variable is it? A local one is gone when its function "
               "returns: is &name passed where name is meant?";
    if (strstr(text, "overflow") != NULL && strstr(text, "strlen") != NULL)
        return "a payload does not end in a NUL: is its length used?";
    return "the report names the line, and what happened there";
}
