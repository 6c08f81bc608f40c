#include "kit/stream/state.h"

#include "kit/base/clock.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"
#include "kit/wire/jetstream.h"

#define NS_PER_MS 1000000

/* "orders.>, audit" */
static const char *join(const char *const list[], int count)
{
    struct kit_string text = {0};

    for (int i = 0; i < count; i++)
        kit_string_add(&text, "%s%s", i > 0 ? ", " : "", list[i]);
    return kit_string_text(&text);
}

static void take_cluster(struct kit_stream_state *state,
                         const jsClusterInfo *cluster)
{
    if (cluster == NULL)
        return;
    state->leader = kit_keep_text(cluster->Leader);
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
        .no_ack = config->NoAck,
        .allows_direct = config->AllowDirect,
        .max_age_ms = config->MaxAge / NS_PER_MS,
        .max_messages = config->MaxMsgs,
        .max_per_subject = config->MaxMsgsPerSubject,
        .duplicates_ms = config->Duplicates / NS_PER_MS,
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
        .durable = kit_keep_text(config->Durable),
        .filter = config->FilterSubjectsLen > 0
                      ? join(config->FilterSubjects, config->FilterSubjectsLen)
                      : kit_keep_text(config->FilterSubject),
        .pull = config->DeliverSubject == NULL,
        .explicit_acks = config->AckPolicy == js_AckExplicit,
        .ack_wait_ms = config->AckWait / NS_PER_MS,
        .max_deliver = config->MaxDeliver,
        .paused = info->Paused,
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
    if (question->status == NATS_OK)
        question->message = kit_message_of(msg);
    natsMsg_Destroy(msg);
    return question->status == NATS_OK || question->status == NATS_NOT_FOUND;
}

static void ask(struct question *question, struct kit_place *place,
                bool (*answers)(void *))
{
    question->js = kit_jetstream_at(place);
    bool answered = kit_wait(answers, question, KIT_ELECTION_MS);
    jsCtx_Destroy(question->js);
    if (!answered)
        kit_undecided("JetStream does not tell about %s: %s", question->stream,
                      natsStatus_GetText(question->status));
}

struct kit_stream_state kit_stream_state_at(struct kit_place *place,
                                            const char *stream)
{
    struct question question = {.stream = stream};

    question.stream_state.subjects = "";
    question.stream_state.leader = "";
    ask(&question, place, answers_stream);
    return question.stream_state;
}

struct kit_consumer_state kit_consumer_state_at(struct kit_place *place,
                                                const char *stream,
                                                const char *consumer)
{
    struct question question = {.stream = stream, .consumer = consumer};

    question.consumer_state.durable = "";
    question.consumer_state.filter = "";
    ask(&question, place, answers_consumer);
    return question.consumer_state;
}

struct kit_message kit_stream_message_at(struct kit_place *place,
                                         const char *stream, uint64_t sequence)
{
    struct question question = {.stream = stream, .sequence = sequence};

    ask(&question, place, answers_message);
    return question.message;
}

struct expected {
    struct kit_place *place;
    const char *stream;
    uint64_t count, seen;
};

static bool stream_holds(void *argument)
{
    struct expected *expected = argument;

    expected->seen =
        kit_stream_state_at(expected->place, expected->stream).messages;
    return expected->seen >= expected->count;
}

void kit_expect_stored_at(struct kit_place *place, const char *stream,
                          uint64_t count, const char *why)
{
    struct expected expected = {place, stream, count, 0};

    kit_await(stream_holds, &expected, KIT_DEADLINE_MS);
    if (expected.seen != count)
        kit_fail(kit_text("%s in the stream %s",
                          kit_count(count, "message", "messages"), stream),
                 why, "%llu", (unsigned long long)expected.seen);
}
