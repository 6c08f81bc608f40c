#include "kit/stream/replicas.h"

#include "kit/base/clock.h"
#include "kit/base/json.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/server/ask.h"
#include "kit/wire/ask.h"
#include "kit/wire/jetstream.h"
#include "kit/wire/settle.h"
#include "kit/wire/tap.h"

#include <string.h>

/* ---- streams of the check's own ------------------------------------------ */

#define PLACEMENTS 3

struct wanted {
    jsCtx *js;
    const char *stream, *subject;
    int replicas;
    int64_t since; /* older ones are another test's */
};

/* Another test's, which a meta leader did not know of when the account was
 * emptied: one that has just been elected may be behind. */
static bool is_left_over(const struct wanted *wanted, jsStreamInfo *info)
{
    if (info->Created >= wanted->since)
        return false;
    js_DeleteStream(wanted->js, wanted->stream, NULL, NULL);
    return true;
}

static bool is_made(void *argument)
{
    struct wanted *wanted = argument;
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    config.Name = wanted->stream;
    config.Subjects = &wanted->subject;
    config.SubjectsLen = 1;
    config.Replicas = wanted->replicas;
    jsStreamInfo *info = NULL;
    natsStatus s = js_AddStream(&info, wanted->js, &config, NULL, NULL);
    bool made = s == NATS_OK && !is_left_over(wanted, info);
    jsStreamInfo_Destroy(info);
    return made;
}

void kit_add_stream_at(struct kit_place *place, const char *stream,
                       const char *subject, int replicas)
{
    struct wanted wanted = {kit_jetstream_at(place), stream, subject, replicas,
                            place->wire->begun};

    bool made = kit_wait(is_made, &wanted, KIT_ELECTION_MS);
    jsCtx_Destroy(wanted.js);
    if (!made)
        kit_undecided("%s does not make the stream %s", place->name, stream);
    kit_wire_settle(place->wire);
}

void kit_add_sourced_at(struct kit_place *place, const char *stream,
                        const char *source, const char *domain,
                        const char *more)
{
    const char *config = kit_text(
        "{\"name\":\"%s\",\"retention\":\"limits\",\"storage\":\"file\","
        "\"num_replicas\":1,\"sources\":[{\"name\":\"%s\",\"external\":"
        "{\"api\":\"$JS.%s.API\"}}]%s%s}",
        stream, source, domain, more != NULL ? "," : "",
        more != NULL ? more : "");
    const char *subject = kit_text("$JS.API.STREAM.CREATE.%s", stream);

    struct kit_replies reply = kit_request_at(place, subject, config);
    if (reply.nobody || kit_json_value(reply.list->data, "created") == NULL)
        kit_undecided("%s does not make the stream %s", place->name, stream);
}

struct placement {
    struct wanted wanted;
    int in_a_row;
};

static bool is_placed(void *argument)
{
    struct placement *placement = argument;
    struct wanted *wanted = &placement->wanted;

    placement->in_a_row = is_made(wanted) ? placement->in_a_row + 1 : 0;
    if (placement->in_a_row > 0)
        kit_must(js_DeleteStream(wanted->js, wanted->stream, NULL, NULL),
                 "delete stream");
    return placement->in_a_row == PLACEMENTS;
}

/* For its leader a server that has just begun may be online, then offline once
 * more: one success is not enough to rely on. */
void kit_await_placement(struct kit_place *room)
{
    struct placement placement = {.wanted = {kit_jetstream_at(room),
                                             "kit_placement", "kit_placement",
                                             KIT_NODES, 0}};

    bool placed = kit_wait(is_placed, &placement, KIT_ELECTION_MS);
    jsCtx_Destroy(placement.wanted.js);
    if (!placed)
        kit_undecided("the private cluster has no place for three replicas");
    kit_wire_settle(room->wire);
}

/* ---- replicas ------------------------------------------------------------ */

struct current {
    struct kit_hub *hub;
    struct kit_place *room;
    const char *stream, *leader;
};

/* A node's own state of the stream, or NULL where it has no replica. */
static const cJSON *state_in(const cJSON *answer, const char *stream)
{
    const cJSON *data = cJSON_GetObjectItem(answer, "data");
    const cJSON *account =
        cJSON_GetArrayItem(cJSON_GetObjectItem(data, "account_details"), 0);
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItem(account, "stream_detail"))
    {
        if (strcmp(kit_json_text(item, "name"), stream) == 0)
            return cJSON_GetObjectItem(item, "state");
    }
    return NULL;
}

/* How many nodes have stored what the leader has, up to this number. */
static int count_replicas(const struct current *current, uint64_t last)
{
    cJSON *answers[KIT_NODES] = {NULL};
    const char *question = kit_text("{\"account\":\"%s\",\"streams\":true}",
                                    current->hub->account);
    int count = 0;

    if (!kit_gather(current->hub, "JSZ", question, answers))
        return 0;
    for (int i = 0; i < KIT_NODES; i++) {
        const cJSON *state = state_in(answers[i], current->stream);
        const cJSON *has = cJSON_GetObjectItem(state, "last_seq");
        count += has != NULL && cJSON_GetNumberValue(has) >= (double)last;
        cJSON_Delete(answers[i]);
    }
    return count;
}

/* A replica may have got a message, as its leader says, and not yet stored it:
 * each node is asked. */
static bool is_current(void *argument)
{
    struct current *current = argument;
    struct kit_stream_state state =
        kit_stream_state_at(current->room, current->stream);

    current->leader = state.leader;
    return state.leader[0] != '\0' && state.current == state.replicas &&
           count_replicas(current, state.last) == state.replicas;
}

const char *kit_await_replicas(struct kit_hub *hub, struct kit_place *room,
                               const char *stream)
{
    struct current current = {hub, room, stream, ""};

    if (!kit_wait(is_current, &current, KIT_ELECTION_MS))
        kit_undecided("the replicas of %s did not become current", stream);
    return current.leader;
}

void kit_redeliver_at(struct kit_place *place, const char *stream,
                      const char *consumer)
{
    const char *name = kit_text(".%s.%s.", stream, consumer);
    const struct kit_message *message;

    kit_wire_settle(place->wire); /* what was delivered has come by here, too */
    for (size_t i = 0; (message = kit_tapped_message_at(place, ">", i)) != NULL;
         i++) {
        if (strncmp(message->reply, "$JS.ACK.", 8) == 0 &&
            strstr(message->reply, name) != NULL)
            kit_publish_at(place, message->reply, "-NAK", 4);
    }
    kit_wire_settle(place->wire);
}
