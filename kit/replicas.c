/* Where a stream is: its replicas, their leader, and a place for them. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* A node's own state of the stream, or NULL where it has no replica. */
static const cJSON *state_in(const cJSON *answer, const char *stream)
{
    const cJSON *data = cJSON_GetObjectItem(answer, "data");
    const cJSON *account =
        cJSON_GetArrayItem(cJSON_GetObjectItem(data, "account_details"), 0);
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItem(account, "stream_detail"))
    {
        if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(item, "name")),
                   stream) == 0)
            return cJSON_GetObjectItem(item, "state");
    }
    return NULL;
}

/* How many nodes have stored what the leader has, up to this number. */
static int count_replicas(const char *stream, uint64_t last)
{
    cJSON *answers[KIT_NODES] = {NULL};
    const char *question = kit_text("{\"account\":\"%s\",\"streams\":true}",
                                    getenv(KIT_ENV_ACCOUNT));
    int count = 0;

    if (!kit_gather("$SYS.REQ.SERVER.PING.JSZ", question, answers))
        return 0;
    for (int i = 0; i < KIT_NODES; i++) {
        const cJSON *state = state_in(answers[i], stream);
        const cJSON *has = cJSON_GetObjectItem(state, "last_seq");
        count += has != NULL && cJSON_GetNumberValue(has) >= (double)last;
        cJSON_Delete(answers[i]);
    }
    return count;
}

/* A replica may have got a message, as its leader says, and not yet stored it:
 * each node is asked. */
static bool is_current(void *stream)
{
    struct kit_stream_state state = kit_stream_state(stream);

    return state.leader[0] != '\0' && state.current == state.replicas &&
           count_replicas(stream, state.last) == state.replicas;
}

void kit_await_current(const char *stream)
{
    char *name = kit_keep(stream, strlen(stream));

    if (!kit_wait(is_current, name, KIT_ELECTION_MS))
        kit_undecided("the replicas of %s did not become current", stream);
}

static const char *await_leader(const char *stream)
{
    kit_await_current(stream);
    return kit_stream_state(stream).leader;
}

const char *kit_stop_leader(const char *stream, int signal)
{
    const char *leader = await_leader(stream);

    kit_node_stop(leader, signal);
    return leader;
}

const char *kit_freeze_leader(const char *stream)
{
    const char *leader = await_leader(stream);

    kit_node_freeze(leader);
    return leader;
}

struct wanted {
    jsCtx *js;
    const char *stream, *subject;
    int replicas;
};

/* True also where it is there already, and the same. */
static bool is_made(void *argument)
{
    struct wanted *wanted = argument;
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    config.Name = wanted->stream;
    config.Subjects = &wanted->subject;
    config.SubjectsLen = 1;
    config.Replicas = wanted->replicas;
    return js_AddStream(NULL, wanted->js, &config, NULL, NULL) == NATS_OK;
}

void kit_add_stream(const char *stream, const char *subject, int replicas)
{
    struct wanted wanted = {kit_jetstream(), stream, subject, replicas};

    bool made = kit_wait(is_made, &wanted, KIT_ELECTION_MS);
    jsCtx_Destroy(wanted.js);
    if (!made)
        kit_undecided("the cluster does not make the stream %s", stream);
    kit_settle();
}

void kit_await_placement(void)
{
    static const char name[] = "kit_placement";

    kit_add_stream(name, name, KIT_NODES);
    jsCtx *js = kit_jetstream();
    natsStatus s = js_DeleteStream(js, name, NULL, NULL);
    jsCtx_Destroy(js);
    kit_must(s, "delete stream");
}
