#include "kit/wire/message.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <stdlib.h>
#include <string.h>

void kit_must(natsStatus s, const char *what)
{
    if (s != NATS_OK)
        kit_undecided("%s: %s", what, natsStatus_GetText(s));
}

const char *kit_header(const struct kit_message *message, const char *key)
{
    size_t length = strlen(key);

    for (const char *line = message->headers; *line != '\0';) {
        size_t end = strcspn(line, "\n");
        if (strncmp(line, key, length) == 0 && line[length] == ':')
            return kit_keep(line + length + 2, end - length - 2);
        line += end + (line[end] == '\n');
    }
    return "";
}

bool kit_message_is(const struct kit_message *message, const char *text)
{
    return message->data != NULL && message->length == strlen(text) &&
           memcmp(message->data, text, message->length) == 0;
}

void kit_assert_values(const struct kit_message *message,
                       const struct kit_value *values)
{
    const char *seen = "";
    const struct kit_value *different =
        kit_json_difference(message->data, message->length, values, &seen);

    if (different == NULL)
        return;
    const char *what = strncmp(message->subject, "_INBOX.", 7) == 0
                           ? "a reply"
                           : kit_text("a message on %s", message->subject);
    const char *expected = different->path[0] != '\0'
                               ? kit_value_text(different)
                           : different->wanted[0] != '\0' ? different->wanted
                                                          : "and nothing else";
    kit_fail(kit_text("%s, JSON: %s", what, expected), different->why, "%s: %s",
             seen, kit_quote(message->data, message->length));
}

static const char *headers_of(natsMsg *msg)
{
    struct kit_string all = {0};
    const char **keys = NULL;
    int count = 0;

    if (natsMsgHeader_Keys(msg, &keys, &count) != NATS_OK)
        return "";
    for (int i = 0; i < count; i++) {
        const char *value = NULL;
        natsMsgHeader_Get(msg, keys[i], &value);
        kit_string_add(&all, "%s: %s\n", keys[i], value != NULL ? value : "");
    }
    free(keys);
    return kit_string_text(&all);
}

struct kit_message kit_message_of(natsMsg *msg)
{
    size_t length = (size_t)natsMsg_GetDataLength(msg);

    return (struct kit_message){
        .at = kit_clock(),
        .subject = kit_keep_text(natsMsg_GetSubject(msg)),
        .reply = kit_keep_text(natsMsg_GetReply(msg)),
        .headers = headers_of(msg),
        .data = natsMsg_IsNoResponders(msg)
                    ? NULL
                    : kit_keep(natsMsg_GetData(msg), length),
        .length = length,
    };
}
