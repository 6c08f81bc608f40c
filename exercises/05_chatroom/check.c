/* The chat: everybody hears what anybody says, and nobody hears oneself. */
#include "kit/kit.h"

#include <signal.h>
#include <string.h>

TestSuite(chatroom, .init = kit_begin, .fini = kit_end);

#define LONG 20000
#define LINES 2000
#define MESSAGES 300 /* of LENGTH bytes: more than a held output takes */
#define LENGTH 1000
#define LEAVE_MS 1000

static const char listens[] =
    "does it subscribe to room.chatroom.>, not in a queue group? The wildcard "
    "* is exactly one token, > is one or more.";
static const char line_alone[] =
    "is the payload the line alone: no newline, no final NUL, no handle? "
    "getline keeps the newline; length does not count it.";

static struct kit_program *enter(const char *handle)
{
    struct kit_program *program = kit_start(handle);

    kit_expect_queue("room.chatroom.>", "", 1, listens);
    return program;
}

static const char *subject_of(const char *handle)
{
    return kit_text("room.chatroom.%s", handle);
}

/* Somebody says text; the program prints it, with the handle, as a line. */
static void expect_heard(struct kit_program *program, const char *handle,
                         const char *text, size_t length, const char *why)
{
    const char *start = kit_text("[%s] ", handle);
    size_t start_length = strlen(start);
    char *line = (char *)kit_text("%s%*s", start, (int)length, "");

    memcpy(line + start_length, text, length);
    kit_publish_bytes(subject_of(handle), text, length);
    kit_expect_line_bytes(program, line, start_length + length, why);
}

/* A line was typed; it is the nth message on the handle's subject. */
static void expect_said(const char *handle, size_t nth, const char *text,
                        size_t length, const char *why)
{
    const char *subject = subject_of(handle);

    kit_expect_messages(subject, nth + 1,
                        "does talk publish every line, empty ones too, on "
                        "room.chatroom.HANDLE?");
    const struct kit_message *said = kit_tapped_message(subject, nth);
    if (said->length != length || memcmp(said->data, text, length) != 0)
        kit_fail(kit_text("on %s: %s", subject, kit_quote(text, length)), why,
                 "%s", kit_quote(said->data, said->length));
}

static bool nobody_listens(void *unused)
{
    struct kit_connections all = kit_connections();
    size_t count = 0;

    (void)unused;
    for (size_t i = 0; i < all.count; i++)
        count += all.list[i].subscription_count;
    return count == 0;
}

static char *long_text(size_t length)
{
    char *text = (char *)kit_text("%*s", (int)length, "");

    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + kit_random(26));
    return text;
}

Test(chatroom, it_listens_to_all_that_is_below_room_chatroom)
{
    kit_by_hand("sub 'room.chatroom.>'");
    enter("ada");
    kit_finish();
}

Test(chatroom, it_prints_who_says_what)
{
    const char *handle = kit_random_word();
    const char *text = kit_random_word();
    struct kit_program *ada = enter("ada");

    kit_by_hand("pub room.chatroom.%s %s", handle, text);
    expect_heard(
        ada, handle, text, strlen(text),
        "does on_message print \"[HANDLE] TEXT\" and a newline, HANDLE "
        "being what follows room.chatroom. in the subject? Is stdout "
        "flushed after each line?");
    text = kit_text("eve: %s", text);
    expect_heard(ada, handle, text, strlen(text),
                 "the handle is in the subject; the payload is just text");
    handle = kit_text("%s.%s", handle, kit_random_word());
    expect_heard(ada, handle, text, strlen(text),
                 "the handle is all that follows room.chatroom., dots too");
    kit_finish();
}

Test(chatroom, it_prints_any_payload_whole)
{
    struct kit_program *ada = enter("ada");

    kit_by_hand("pub room.chatroom.bea '50%%d off'");
    expect_heard(ada, "bea", "50%d off", 8,
                 "is the payload given to printf as its format? It is data.");
    expect_heard(ada, "bea", "\0\1\2nul\0", 7,
                 "a payload is bytes and a length, not a C string: at a NUL "
                 "%s would stop. Is it fwrite with natsMsg_GetDataLength?");
    expect_heard(ada, "bea", long_text(LONG), LONG,
                 "is the payload copied to a buffer of fixed size? Print it "
                 "from where it is.");
    expect_heard(ada, "bea", "", 0,
                 "an empty message is a message; its natsMsg_GetData is NULL");
    kit_finish();
}

Test(chatroom, it_says_each_line_on_the_subject_of_its_handle)
{
    const char *handle = kit_random_word();
    const char *text = kit_random_word();
    const char *much = long_text(LONG);
    struct kit_program *program = enter(handle);

    kit_by_hand("sub --raw 'room.chatroom.>'");
    kit_type(program, kit_text("%s\n", text));
    expect_said(handle, 0, text, strlen(text), line_alone);
    kit_type(program, "\n");
    expect_said(handle, 1, "", 0, line_alone);
    kit_type(program, kit_text("%s\n", much));
    expect_said(handle, 2, much, LONG,
                "is a long line cut? getline takes any length.");
    kit_type_bytes(program, "a\0b\n", 4);
    expect_said(handle, 3, "a\0b", 3,
                "a NUL does not end a line: is it length bytes?");
    kit_finish();
}

Test(chatroom, it_does_not_hear_itself_but_others_of_its_handle)
{
    const char *mine = kit_random_word();
    const char *other = kit_random_word();
    struct kit_program *ada = enter("ada");

    kit_by_hand("pub room.chatroom.ada %s", other);
    kit_type(ada, kit_text("%s\n", mine));
    expect_said("ada", 0, mine, strlen(mine), line_alone);
    expect_heard(ada, "ada", other, strlen(other),
                 "somebody else may have the same handle: is it the connection "
                 "that is not to hear itself (natsOptions_SetNoEcho)?");
    kit_settle();
    kit_assert_output(ada, kit_text("[ada] %s\n", other),
                      "does it hear itself? Is natsOptions_SetNoEcho called "
                      "before it connects?");
    kit_finish();
}

Test(chatroom, what_was_typed_is_delivered_before_it_ends)
{
    char *lines = (char *)kit_text("%*s", 6 * LINES, "");
    struct kit_program *ada = enter("ada");

    for (int i = 0; i < LINES; i++)
        memcpy(lines + 6 * i, kit_text("%05d\n", i), 6);
    kit_by_hand("sub --raw 'room.chatroom.>'");
    /* Paused, so that it finds the lines and their end at once. */
    kit_signal(ada, SIGSTOP);
    kit_type_bytes(ada, lines, 6 * LINES - 1); /* the last has no newline */
    kit_type_end(ada);
    kit_signal(ada, SIGCONT);
    kit_expect_exit(ada, 0,
                    "does it end when its input ends, and is that no failure?");
    kit_settle();

    if (kit_tapped("room.chatroom.ada") != LINES)
        kit_fail(kit_text("%d messages for %d lines", LINES, LINES),
                 "publishing does not wait for the server: does leave flush?",
                 "%zu", kit_tapped("room.chatroom.ada"));
    expect_said("ada", LINES - 1, kit_text("%05d", LINES - 1), 5,
                "the last line need not end in a newline: is a byte cut off?");
}

Test(chatroom, what_was_said_to_it_is_printed_before_it_ends)
{
    const char *text = long_text(LENGTH);
    struct kit_program *ada = enter("ada");

    /* It has to wait with printing, so messages pile up; then its input ends.
     * Who has but one thread does not see that yet: no failure. */
    kit_by_hand("pub --count=%d room.chatroom.bea '{{Random %d %d}}'", MESSAGES,
                LENGTH, LENGTH);
    kit_hold_output(ada);
    for (int i = 0; i < MESSAGES; i++)
        kit_publish("room.chatroom.bea", text);
    kit_settle();
    kit_type_end(ada);
    kit_wait(nobody_listens, NULL, LEAVE_MS);
    kit_settle();
    kit_release_output(ada);
    kit_expect_exit(ada, 0, "does leave end, and with success?");

    int heard = kit_count_lines(ada, kit_text("\\[bea\\] %s", text));
    if (heard != MESSAGES)
        kit_fail(kit_text("%d lines for %d messages", MESSAGES, MESSAGES),
                 "does leave drain, and wait until that is done, before "
                 "anything is destroyed?",
                 "%d", heard);
}

Test(chatroom, a_handle_that_is_not_one_word_is_refused)
{
    static const char *const handles[] = {"a.b", "*", ">", "ada lovelace", ""};
    struct kit_program *programs[5];

    for (int i = 0; i < 5; i++) {
        programs[i] = kit_start(handles[i]);
        kit_type_end(programs[i]);
    }
    for (int i = 0; i < 5; i++) {
        kit_expect_exit(programs[i], 2,
                        "is a handle refused that is not one token: empty, or "
                        "with . * > or a space? Wrong usage ends with 2.");
        kit_expect_complaint(programs[i], ".+", "does it say why, on stderr?");
    }
}
