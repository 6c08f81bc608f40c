/* Headers and payloads of a message. */
#include "kit/wire/message.h"

#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <string.h>

/* Messages need nats.c's own threads. */
static void begin(void)
{
    cr_assert_eq(nats_Open(-1), NATS_OK);
}

static void end(void)
{
    nats_CloseAndWait(0);
    kit_free_all();
}

TestSuite(message, .init = begin, .fini = end);

static const struct kit_message message = {
    .headers = "Nats-Msg-Id: 7\nEmpty: \nUrl: nats://h:1\nNats-Msg-Id: 8\n",
    .data = "hi\0you",
    .length = 6,
};

static void assert_header(const char *key, const char *value)
{
    cr_assert_str_eq(kit_header(&message, key), value, "%s: %s", key,
                     kit_header(&message, key));
}

Test(message, the_first_header_of_a_name_counts)
{
    assert_header("Nats-Msg-Id", "7");
    assert_header("Url", "nats://h:1");
    assert_header("Empty", "");
}

Test(message, a_name_is_compared_as_a_whole)
{
    assert_header("Nats", "");
    assert_header("Nats-Msg-Id:", "");
    assert_header("Id", "");
    assert_header("Url-2", "");
    assert_header("nats-msg-id", "");
    assert_header("", "");
}

Test(message, without_headers_there_is_none)
{
    const struct kit_message bare = {.headers = ""};

    cr_assert_str_eq(kit_header(&bare, "Nats-Msg-Id"), "");
}

Test(message, a_payload_is_compared_to_its_end)
{
    const struct kit_message hi = {.data = "hi", .length = 2};
    const struct kit_message nul = {.data = "hi\0", .length = 3};
    const struct kit_message empty = {.data = "", .length = 0};
    const struct kit_message nobody = {.data = NULL, .length = 0};

    cr_assert(kit_message_is(&hi, "hi"));
    cr_assert_not(kit_message_is(&hi, "h"));
    cr_assert_not(kit_message_is(&hi, "hi "));
    cr_assert_not(kit_message_is(&nul, "hi"));
    cr_assert_not(kit_message_is(&message, "hi"));
    cr_assert(kit_message_is(&empty, ""));
    cr_assert_not(kit_message_is(&nobody, ""));
}

Test(message, a_copy_outlives_the_original)
{
    natsMsg *msg = NULL;

    cr_assert_eq(natsMsg_Create(&msg, "orders.new", "_INBOX.1", "a\0b", 3),
                 NATS_OK);
    cr_assert_eq(natsMsgHeader_Set(msg, "Nats-Msg-Id", "7"), NATS_OK);
    struct kit_message copy = kit_message_of(msg);
    natsMsg_Destroy(msg);

    cr_assert_str_eq(copy.subject, "orders.new");
    cr_assert_str_eq(copy.reply, "_INBOX.1");
    cr_assert_str_eq(copy.headers, "Nats-Msg-Id: 7\n");
    cr_assert_eq(copy.length, 3);
    cr_assert_eq(memcmp(copy.data, "a\0b", 4), 0);
}

Test(message, a_bare_one_has_empty_strings)
{
    natsMsg *msg = NULL;

    cr_assert_eq(natsMsg_Create(&msg, "orders.new", NULL, NULL, 0), NATS_OK);
    struct kit_message copy = kit_message_of(msg);
    natsMsg_Destroy(msg);

    cr_assert_str_eq(copy.reply, "");
    cr_assert_str_eq(copy.headers, "");
    cr_assert(kit_message_is(&copy, ""));
}
