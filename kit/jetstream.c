/* Questions about streams and consumers, asked of JetStream itself. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* "orders.>, audit" */
static const char *join(const char *const list[], int count)
{
    const char *text = "";

    for (int i = 0; i < count; i++)
        text = kit_text("%s%s%s", text, i > 0 ? ", " : "", list[i]);
    return text;
}

static const char *kept(const char *text)
{
    return text != NULL ? kit_keep(text, strlen(text)) : "";
}

static void take_cluster(struct kit_stream_state *state,
                         const jsClusterInfo *cluster)
{
    if (cluster == NULL)
        return;
    state->leader = kept(cluster->Leader);
    state->current = cluster->Leader != NULL ? 1 : 0;
    for (int i = 0; i < cluster->ReplicasLen; i++)
        state->current +=
            cluster->Replicas[i]->Current && !cluster->Replicas[i]->Offline;
}

static void take_stream(struct kit_stream_state *state,
                        const jsStreamInfo *info)
{
    const jsStreamConfig *config = info->Config;

    *state = (struct kit_stream_state){
        .exists = true,
        .subjects = join(config->Subjects, config->SubjectsLen),
        .in_files = config->Storage == js_FileStorage,
        .work_queue = config->Retention == js_WorkQueuePolicy,
        .replicas = (int)config->Replicas,
        .sources = config->SourcesLen,
        .is_mirror = config->Mirror != NULL,
        .messages = info->State.Msgs,
        .last = info->State.LastSeq,
        .consumers = (int)info->State.Consumers,
        .leader = "",
    };
    take_cluster(state, info->Cluster);
}

/* A question to JetStream that may have to be asked again. */
struct question {
    jsCtx *js;
    const char *stream, *consumer;
    uint64_t sequence;
    struct kit_stream_state stream_state;
    struct kit_consumer_state consumer_state;
    struct kit_message message;
    natsStatus status;
};

static bool answers_stream(void *argument)
{
    struct question *question = argument;
    jsStreamInfo *info = NULL;

    question->status =
        js_GetStreamInfo(&info, question->js, question->stream, NULL, NULL);
    if (question->status == NATS_OK)
        take_stream(&question->stream_state, info);
    jsStreamInfo_Destroy(info);
    return question->status == NATS_OK || question->status == NATS_NOT_FOUND;
}

static void take_consumer(struct kit_consumer_state *state,
                          const jsConsumerInfo *info)
{
    const jsConsumerConfig *config = info->Config;

    *state = (struct kit_consumer_state){
        .exists = true,
        .durable = kept(config->Durable),
        .filter = config->FilterSubjectsLen > 0
                      ? join(config->FilterSubjects, config->FilterSubjectsLen)
                      : kept(config->FilterSubject),
        .pull = config->DeliverSubject == NULL,
        .explicit_acks = config->AckPolicy == js_AckExplicit,
        .ack_wait_ms = config->AckWait / 1000000,
        .ack_floor = info->AckFloor.Stream,
        .unacknowledged = info->NumAckPending,
        .redelivered = info->NumRedelivered,
        .pending = info->NumPending,
    };
}

static bool answers_consumer(void *argument)
{
    struct question *question = argument;
    jsConsumerInfo *info = NULL;

    question->status = js_GetConsumerInfo(&info, question->js, question->stream,
                                          question->consumer, NULL, NULL);
    if (question->status == NATS_OK)
        take_consumer(&question->consumer_state, info);
    jsConsumerInfo_Destroy(info);
    return question->status == NATS_OK || question->status == NATS_NOT_FOUND;
}

static bool answers_message(void *argument)
{
    struct question *question = argument;
    natsMsg *msg = NULL;

    question->status = js_GetMsg(&msg, question->js, question->stream,
                                 question->sequence, NULL, NULL);
    if (question->status == NATS_OK) {
        size_t length = (size_t)natsMsg_GetDataLength(msg);
        question->message = (struct kit_message){
            .subject = kept(natsMsg_GetSubject(msg)),
            .reply = "",
            .data = kit_keep(natsMsg_GetData(msg), length),
            .length = length,
        };
    }
    natsMsg_Destroy(msg);
    return question->status == NATS_OK || question->status == NATS_NOT_FOUND;
}

static void ask(struct question *question, bool (*answers)(void *))
{
    question->js = kit_jetstream();
    bool answered = kit_wait(answers, question, KIT_ELECTION_MS);
    jsCtx_Destroy(question->js);
    if (!answered)
        kit_undecided("JetStream does not tell about %s: %s", question->stream,
                      natsStatus_GetText(question->status));
}

struct kit_stream_state kit_stream_state(const char *stream)
{
    struct question question = {.stream = stream};

    question.stream_state.subjects = question.stream_state.leader = "";
    ask(&question, answers_stream);
    return question.stream_state;
}

struct kit_consumer_state kit_consumer_state(const char *stream,
                                             const char *consumer)
{
    struct question question = {.stream = stream, .consumer = consumer};

    question.consumer_state.durable = question.consumer_state.filter = "";
    ask(&question, answers_consumer);
    return question.consumer_state;
}

struct kit_message kit_stream_message(const char *stream, uint64_t sequence)
{
    struct question question = {.stream = stream, .sequence = sequence};

    ask(&question, answers_message);
    return question.message;
}

struct expected_messages {
    const char *stream;
    uint64_t count, seen;
};

static bool stream_holds(void *argument)
{
    struct expected_messages *expected = argument;

    expected->seen = kit_stream_state(expected->stream).messages;
    return expected->seen >= expected->count || kit_early_end() != NULL;
}

void kit_expect_stored(const char *stream, uint64_t count, const char *why)
{
    struct expected_messages expected = {.stream = stream, .count = count};

    kit_wait(stream_holds, &expected, KIT_DEADLINE_MS);
    if (expected.seen != count)
        kit_fail(kit_text("%llu messages in the stream %s",
                          (unsigned long long)count, stream),
                 why, "%llu", (unsigned long long)expected.seen);
}

void kit_redeliver(const char *stream, const char *consumer)
{
    const char *name = kit_text(".%s.%s.", stream, consumer);
    const struct kit_message *message;

    for (size_t i = 0; (message = kit_tapped_message(">", i)) != NULL; i++) {
        if (strncmp(message->reply, "$JS.ACK.", 8) == 0 &&
            strstr(message->reply, name) != NULL)
            kit_publish(message->reply, "-NAK");
    }
    kit_settle();
}
