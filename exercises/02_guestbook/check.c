/* A question goes to a service, and its answer comes back, or none does. */
#include "kit/kit.h"

TestSuite(guestbook, .init = kit_begin, .fini = kit_end);

#define BOOK "room.guestbook"

Test(guestbook, it_asks_for_the_usage_and_prints_it)
{
    kit_by_hand("request --raw room.guestbook ''");
    kit_serve_text(BOOK, "Use 100%d\n\n" KIT_STEERING);
    struct kit_program *one = kit_brief(kit_start_alone());
    struct kit_program *two = kit_let_end(kit_start_alone());
    kit_assert_own_inboxes(kit_expect_request(one, BOOK, 0, NULL),
                           kit_expect_request(two, BOOK, 1, NULL), NULL);
    kit_assert_asked(BOOK, 2, NULL);
    kit_expect_printed(one, "Use 100%d\n\n" KIT_STEERING_LINES "\n",
                       "byte for byte, and a newline? Controls become '?'");
}

Test(guestbook, it_signs_with_the_message_and_prints_the_thanks)
{
    const char *name = kit_text("%s-_/=%040d", kit_random_word(), 0);
    const char *subject = kit_text(BOOK ".sign.%s", name);
    const char *message = kit_text("100%%d \"ok\"\\ %01500d", 0);

    kit_by_hand("request --raw room.guestbook.sign.ada 'Hello'");
    struct kit_program *program = kit_start_answered(
        subject, "No \"error\": " KIT_STEERING, "sign", name, message);
    kit_assert_payload(kit_tapped_message(subject, 0), message,
                       "is it sent as it is: whole, no quotes, no final NUL?");
    kit_expect_printed(program, "No \"error\": " KIT_STEERING_LINES "\n",
                       "thanks are no error, whatever words they use");
}

Test(guestbook, a_name_that_is_not_one_word_is_refused)
{
    kit_expect_one_token("NAME", "sign", kit_each, "Hello");
    kit_expect_usage_error(kit_one_token_why("NAME"), "guests", "*");
    kit_expect_usage_error("wrong usage ends with 2", "guests", "ada", "b");
    kit_expect_usage_error("wrong usage ends with 2", "guest", "ada");
}

Test(guestbook, an_error_reply_is_a_failure)
{
    const char *error = "{ \"error\" : \"no ada " KIT_STEERING_JSON "\" }";

    kit_by_hand("request --raw room.guestbook.guests.nobody ''");
    kit_expect_unusable("…error…no ada " KIT_STEERING_LINE "…",
                        "is the reply {\"error\":TEXT}? Then it is exit status "
                        "1, and one line on stderr with \"error\" and TEXT",
                        {BOOK ".guests", error, {"guests"}},
                        {BOOK ".guests.ada", error, {"guests", "ada"}},
                        {BOOK ".sign.ada", error, {"sign", "ada", ""}});
    kit_serve_error(BOOK, "no usage");
    kit_expect_failure(
        kit_brief(kit_start_alone()), 1, "…error…no usage…",
        "is a header Nats-Service-Error looked for (natsMsgHeader_Get)?");
}

Test(guestbook, it_prints_the_guests_sorted)
{
    const char *names = "{\"guests\":[\"aaa\",\"" KIT_STEERING_JSON "\"";
    const char *sorted = KIT_STEERING_LINE "\naaa\n";

    for (int i = 1; i < 200; i++) {
        int k = i * 77 % 200; /* each once, in disorder */
        names = kit_text("%s, \"%c%c\"", names, 'a' + k / 20, 'b' + k % 20);
        sorted = kit_text("%s%c%c\n", sorted, 'a' + i / 20, 'b' + i % 20);
    }
    kit_by_hand("request --raw room.guestbook.guests ''");
    kit_expect_printed(
        kit_start_answered(BOOK ".guests", kit_text("%s]}", names), "guests"),
        sorted, "is each name a line, nothing else, in the order of strcmp?");
}

Test(guestbook, it_prints_what_a_guest_wrote_oldest_first)
{
    const char *reply =
        kit_json("{'entries':[{'message':'100%%d','time':'08:00'},"
                 "{'time':'7','message':'%01500d'},"
                 "{'time':'06','message':'\\'error\\':\\\\ \\u00e9'},"
                 "{'time':'%s','message':'%s'}]}",
                 0, KIT_STEERING_JSON, KIT_STEERING_JSON);

    kit_by_hand("request --raw room.guestbook.guests.ada ''");
    kit_expect_printed(
        kit_start_answered(BOOK ".guests.b", "{\"entries\":[]}", "guests", "b"),
        "", "an empty list is fine");
    struct kit_program *program =
        kit_start_answered(BOOK ".guests.ada", reply, "guests", "ada");
    kit_expect_exit(program, 0, "is it parsed? The word may be in a message.");
    kit_assert_lines(
        program,
        {"08:00  100%d", "time, two spaces, message, newline? oldest first?"},
        {kit_text("7  %01500d", 0), "all of it? found by their names?"},
        {"06  \"error\":\\ \u00e9", "strings in JSON have escapes: parsed?"},
        {KIT_STEERING_LINE "  " KIT_STEERING_LINE,
         "is each control character printed as '?' (put_text)?"});
}

Test(guestbook, a_reply_that_is_not_json_is_a_failure)
{
    kit_expect_unusable(
        "…not JSON…", "is what is parsed looked at, before it is used?",
        {BOOK ".guests", "{\"guests\":[\"ada\",7]}", {"guests"}},
        {BOOK ".guests.a", "Thank you!", {"guests", "a"}},
        {BOOK ".guests.b", "", {"guests", "b"}},
        {BOOK ".guests.c", "{\"entries\":[", {"guests", "c"}},
        {BOOK ".guests.d", "{}", {"guests", "d"}},
        {BOOK ".guests.g", "{\"entries\":{}}", {"guests", "g"}},
        {BOOK ".guests.e",
         kit_json("{'entries':[{'time':'8','message':''},7]}"),
         {"guests", "e"}});
    kit_expect_unusable("…error…", "need an error be a text?",
                        {BOOK ".guests.f", "{\"error\":5}", {"guests", "f"}});
}

Test(guestbook, it_tells_that_nobody_is_there_from_no_reply)
{
    kit_by_hand("request room.guestbook ''");
    kit_untap();
    kit_serve(BOOK ".guests", NULL, kit_keep_silent, NULL);
    struct kit_program *alone = kit_brief(kit_start_alone());
    struct kit_program *patient = kit_brief(kit_start("guests"));
    double told = kit_expect_told(alone, "no responders", "timeout",
                                  "is it NATS_NO_RESPONDERS that is told?");
    double end = kit_expect_told(patient, "timeout", "no responders",
                                 "is it NATS_TIMEOUT, after TIMEOUT_MS?");
    kit_assert_served(BOOK ".guests", 1, "asked again, it may sign twice");
    kit_assert_lasted(kit_served_at(kit_room(), BOOK ".guests"), end, 700,
                      "a reply is waited for, 1 s", "is it TIMEOUT_MS?");
    kit_assert_lasted(told, end, 400, "no responders are told earlier",
                      "is it sent again, or a reply waited for?");
}

Test(guestbook, it_works_with_the_guestbook_of_the_room)
{
    kit_start_guestbook();
    kit_expect_printed(kit_start_brief("guests"), "", "an empty book is fine");
    struct kit_program *ada = kit_brief(kit_start("sign", "ada", "This is 1"));
    kit_expect_line(ada, "Thank you, ada!…", "is it printed?");
    kit_let_end(kit_start("sign", "ada", "This is 2"));
    ada = kit_brief(kit_start("guests", "ada"));
    kit_expect_line(ada, "«time:20[0-9T:-]+Z»  This is 1", "the first entry");
    kit_expect_line(ada, "«time:20[0-9T:-]+Z»  This is 2", "and the second");
    kit_expect_printed(kit_brief(kit_start("guests")), "ada\n", "once each?");
    kit_expect_failure(kit_start_brief("guests", "nobody"), 1,
                       "…error…no such guest…", "nobody is here");
}
