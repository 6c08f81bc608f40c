/* Everybody hears what anybody says, and nobody hears oneself. */
#include "kit/kit.h"

TestSuite(chatroom, .init = kit_begin, .fini = kit_end);

#define ADA "room.chatroom.ada"

static struct kit_program *enter(const char *handle)
{
    struct kit_program *program = kit_start(handle);

    kit_expect_queue("room.chatroom.>", "", 1,
                     "does it subscribe to room.chatroom.>, not in a queue "
                     "group? * is exactly one token, > is one or more.");
    return program;
}

static void expect_heard(struct kit_program *program, const char *handle,
                         const char *text, const char *why)
{
    kit_publish(kit_text("room.chatroom.%s", handle), text);
    kit_expect_line_text(program, kit_text("[%s] %s", handle, text), why);
}

/* The nth line is typed, and said. */
static void expect_said(struct kit_program *program, const char *subject,
                        size_t nth, const char *line)
{
    kit_type(program, kit_text("%s\n", line));
    kit_expect_messages(subject, nth + 1,
                        "does talk publish every line, empty ones too?");
    kit_assert_payload(kit_tapped_message(subject, nth), line,
                       "is it the line alone, as it is, and all of it?");
}

Test(chatroom, it_listens_to_all_that_is_below_room_chatroom)
{
    kit_by_hand("sub 'room.chatroom.>'");
    enter("ada");
}

Test(chatroom, it_prints_who_says_what)
{
    kit_by_hand("pub room.chatroom.bea Hi");
    const char *bea = kit_random_word();
    struct kit_program *ada = enter("ada");
    expect_heard(
        ada, bea, "Hi",
        "is it \"[HANDLE] TEXT\" and a newline, HANDLE being what follows "
        "room.chatroom.? Is stdout flushed after each line?");
    expect_heard(ada, bea, "eve: Hi", "the payload is just text, no handle");
    expect_heard(ada, kit_text("%s.phone", bea), "Hi",
                 "the handle is all that follows room.chatroom., dots too");
    kit_publish("room.chatroom.a\033[2Jb\302\233", "Hi");
    kit_expect_line_text(ada, "[a?[2Jb?] Hi",
                         "it may steer your terminal: put_text prints it");
    kit_finish();
}

Test(chatroom, it_prints_any_payload_whole)
{
    kit_by_hand("pub room.chatroom.bea '50%%d off'");
    struct kit_program *ada = enter("ada");
    expect_heard(ada, "bea", "50%d off", "is it printf's format?");
    kit_publish_bytes("room.chatroom.bea", "\0\1\2nul\0", 7);
    kit_expect_line_bytes(ada, "[bea] \0\1\2nul\0", 13,
                          "a payload is bytes and a length, not a C string");
    expect_heard(ada, "bea", kit_random_text(900000),
                 "is it copied to a buffer of fixed size?");
    expect_heard(ada, "bea", "", "its natsMsg_GetData is NULL");
    kit_finish();
}

Test(chatroom, it_says_each_line_on_the_subject_of_its_handle)
{
    kit_by_hand("sub --raw 'room.chatroom.>'");
    const char *handle = kit_text("Ada_%s", kit_random_word());
    const char *subject = kit_text("room.chatroom.%s", handle);
    struct kit_program *program = enter(handle);
    const char *const lines[] = {
        "Hi", "", kit_random_text(900000), "  a ", "\tb\r", "quit", "/exit"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        expect_said(program, subject, i, lines[i]);
    kit_type_bytes(program, "a\0b\n", 4);
    kit_expect_message_bytes(subject, "a\0b", 3,
                             "a NUL does not end a line: is it length bytes?");
    kit_type(program, kit_text("%s\n", kit_random_text(1100000)));
    kit_expect_complaint(program, "«reason»", "is it said, and why?");
    kit_expect_exit(program, 1, "is the status of Publish looked at?");
}

Test(chatroom, it_does_not_hear_itself_but_others_of_its_handle)
{
    kit_by_hand("pub room.chatroom.ada Hello");
    struct kit_program *ada = enter("ada");
    kit_kick(kit_connections().list[0]);
    kit_expect_subscribers("room.chatroom.>", 1); /* it comes back */
    expect_said(ada, ADA, 0, "mine");
    expect_heard(ada, "ada", "other",
                 "others may have its handle: is it natsOptions_SetNoEcho?");
    kit_settle();
    kit_assert_output(ada, "[ada] other\n",
                      "does it hear itself? Is it set before it connects?");
    kit_stop_by(ada, SIGTERM);
}

Test(chatroom, what_was_typed_is_delivered_before_it_ends)
{
    kit_by_hand("sub --raw 'room.chatroom.>'");
    struct kit_program *ada = enter("ada");
    struct kit_string lines = {0};
    for (int i = 0; i < 2000; i++)
        kit_string_add(&lines, i > 0 ? "\n%d" : "%d", i);
    kit_signal(ada, SIGSTOP); /* to find the lines and their end at once */
    kit_type(ada, lines.text);
    kit_type_end(ada);
    kit_signal(ada, SIGCONT);
    kit_expect_exit(ada, 0,
                    "does it end when its input ends, and is that no failure?");
    kit_settle();
    kit_expect_messages(
        ADA, 2000, "publishing does not wait for the server: does it flush?");
    kit_assert_messages(ADA, lines.text,
                        "is each line said once, whole? is a byte cut off?");
}

Test(chatroom, what_was_said_to_it_is_printed_before_it_ends)
{
    kit_by_hand("pub --count=1000 room.chatroom.bea '{{Random 1000 1000}}'");
    const char *text = kit_random_text(1000);
    struct kit_program *ada = enter("ada");
    kit_hold_output(ada); /* so that messages pile up */
    for (int i = 0; i < 1000; i++)
        kit_publish("room.chatroom.bea", text);
    kit_settle();
    kit_signal(ada, SIGINT);
    kit_await_no_subscribers(1000); /* with one thread there are some */
    kit_settle();
    kit_release_output(ada);
    kit_expect_exit(ada, 0, "does leave end, and with success?");
    kit_assert_line_count(ada, kit_text("[bea] %s", text), 1000,
                          "does leave drain, and wait until that is done?");
}

Test(chatroom, a_handle_that_is_not_one_word_is_refused)
{
    kit_expect_one_token("HANDLE", kit_each);
    kit_expect_usage_error("HANDLE is one argument", "ada", "bea");
    kit_expect_no_server("ada");
}
