/* What is said of messages on the wire, in JetStream's words and others. */
#include "kit/wire/meaning.h"

#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(meaning, .fini = kit_free_all);

static struct kit_message message(const char *subject, const char *text)
{
    return (struct kit_message){.subject = subject,
                                .reply = "",
                                .headers = "",
                                .data = text,
                                .length = text != NULL ? strlen(text) : 0};
}

static void assert_same(const char *seen, const char *wanted)
{
    cr_assert_str_eq(seen, wanted, "%s, not %s", seen, wanted);
}

static void assert_subject(const char *subject, const char *text,
                           const char *wanted)
{
    struct kit_message one = message(subject, text);

    assert_same(kit_subject_meaning(&one), wanted);
}

static void assert_payload(const char *text, const char *wanted)
{
    struct kit_message one = message("_INBOX.1", text);

    assert_same(kit_payload_meaning(&one), wanted);
}

#define REST ".9.1770000000000000000.0"

Test(meaning, an_ack_is_named_by_its_message)
{
    assert_subject("$JS.ACK.orders.mine.1.7" REST, "", "ack of 7 in orders");
    assert_subject("$JS.ACK.orders.mine.1.7" REST, "+ACK",
                   "ack of 7 in orders");
    assert_subject("$JS.ACK.orders.mine.1.7" REST, "-NAK {\"delay\":1}",
                   "nak of 7 in orders");
    assert_subject("$JS.ACK.orders.mine.1.7" REST, "+TERM no order",
                   "term of 7 in orders");
    assert_subject("$JS.ACK.hub.HASH.orders.mine.1.7" REST ".x", "+WPI",
                   "in progress of 7 in orders");
}

Test(meaning, other_subjects_stand_as_they_are)
{
    assert_subject("orders.rome.tea", "", "orders.rome.tea");
    assert_subject("$JS.ACK.orders", "", "$JS.ACK.orders");
    assert_subject("$JS.API.STREAM.CREATE.orders", "",
                   "$JS.API.STREAM.CREATE.orders");
    assert_subject("$JS.API.CONSUMER.MSG.NEXT.orders.mine", "", "next of mine");
    assert_subject("$JS.API.CONSUMER.MSG.NEXT.orders", "", "next of ");
}

Test(meaning, a_stream_says_what_it_stored)
{
    assert_payload("{\"stream\":\"orders\", \"seq\":5}",
                   "stored as 5 in orders");
    assert_payload("{\"stream\":\"orders\",\"seq\":5,\"duplicate\": true}",
                   "duplicate of 5 in orders");
}

Test(meaning, an_error_comes_first)
{
    assert_payload(
        "{\"type\":\"io.nats.jetstream.api.v1.stream_create_response\","
        "\"error\":{\"code\":400,\"err_code\":10058,"
        "\"description\":\"stream name already in use\"}}",
        "error 10058: stream name already in use");
    assert_payload("{\"error\":{\"code\":503,\"description\":\"no\"},"
                   "\"stream\":\"orders\",\"seq\":0}",
                   "error 503: no");
    assert_payload(
        "{\"type\":\"io.nats.jetstream.api.v1.stream_create_response\"}",
        "stream_create_response: ok");
}

Test(meaning, other_payloads_are_quoted)
{
    assert_payload("", "\"\"");
    assert_payload("Ada", "\"Ada\"");
    assert_payload("{\"id\":7}", "{\"id\":7}");
    assert_payload("{ no JSON", "{ no JSON");
    assert_payload(NULL, "no responders");
}

Test(meaning, what_a_consumer_delivers_has_its_number)
{
    struct kit_message one = message("orders.tea", "hi");

    one.reply = "$JS.ACK.orders.mine.1.7" REST;
    assert_same(kit_payload_meaning(&one), "delivers 7: \"hi\"");
    one.reply = "$JS.ACK.orders.mine.3.7" REST;
    assert_same(kit_payload_meaning(&one), "delivers 7 again (3): \"hi\"");
}

Test(meaning, headers_are_shown_and_a_status_is_the_payload)
{
    struct kit_message one = message("orders.tea", "");

    assert_same(kit_headers_meaning(&one), "");
    one.headers = "Nats-Msg-Id: a\033\n";
    assert_same(kit_headers_meaning(&one), "  [Nats-Msg-Id: a\\x1b]");
    one.headers = "Nats-Msg-Id: a\nOther: b\n";
    assert_same(kit_headers_meaning(&one), "  [Nats-Msg-Id: a, ...]");
    one.headers = "Status: 404\nDescription: No Messages\n";
    assert_same(kit_headers_meaning(&one), "");
    assert_same(kit_payload_meaning(&one), "404 No Messages");
}
