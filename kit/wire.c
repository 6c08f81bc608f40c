/* Messages: the tap, requests and their replies, the sentinel. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define SETTLE "_INBOX.kit.settle."
#define SETTLE_ROUND_MS 100
#define TIMELINE_LINES 10

static struct {
    natsConnection *main;             /* taps, asks, publishes; on any node */
    natsConnection *nodes[KIT_NODES]; /* one on each node, for sentinels */
    natsSubscription *settles[KIT_NODES];
    natsSubscription *tap, *inbox;
    struct kit_log tapped, replies;
    char prefix[32];   /* of reply subjects: one subscription serves all */
    char sentinel[64]; /* a subject that the same subscription serves */
    int asked;         /* requests so far */
    int settle_round;  /* sentinels carry it */
    int tap_settled, inbox_settled, nodes_settled;
} wire;

static void keep_message(struct kit_log *log, natsMsg *msg)
{
    const char *reply = natsMsg_GetReply(msg);
    const char *subject = natsMsg_GetSubject(msg);
    size_t length = (size_t)natsMsg_GetDataLength(msg);

    if (log->count == log->capacity) {
        log->capacity = log->capacity > 0 ? 2 * log->capacity : 256;
        log->items = realloc(log->items, log->capacity * sizeof(*log->items));
        if (log->items == NULL)
            abort();
    }
    log->items[log->count++] = (struct kit_message){
        .at = kit_clock(),
        .subject = kit_keep(subject, strlen(subject)),
        .reply = reply != NULL ? kit_keep(reply, strlen(reply)) : "",
        .data = kit_keep(natsMsg_GetData(msg), length),
        .length = length,
    };
}

/* True for a sentinel; counts it when it is of the round under way. */
static bool is_settle(natsMsg *msg, int *settled)
{
    const char *subject = natsMsg_GetSubject(msg);

    if (strncmp(subject, SETTLE, strlen(SETTLE)) != 0)
        return false;
    if (strcmp(subject, wire.sentinel) == 0 &&
        strtol(natsMsg_GetData(msg), NULL, 10) == wire.settle_round)
        (*settled)++;
    return true;
}

static void on_settle(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                      void *closure)
{
    (void)nc;
    (void)sub;
    (void)closure;
    pthread_mutex_lock(&kit_lock);
    is_settle(msg, &wire.nodes_settled);
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    natsMsg_Destroy(msg);
}

static void on_tapped(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                      void *closure)
{
    (void)nc;
    (void)sub;
    (void)closure;
    pthread_mutex_lock(&kit_lock);
    if (!is_settle(msg, &wire.tap_settled))
        keep_message(&wire.tapped, msg);
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    natsMsg_Destroy(msg);
}

/* A reply without responders is kept as a message with subject only. */
static void on_reply(natsConnection *nc, natsSubscription *sub, natsMsg *msg,
                     void *closure)
{
    (void)nc;
    (void)sub;
    (void)closure;
    pthread_mutex_lock(&kit_lock);
    if (!is_settle(msg, &wire.inbox_settled)) {
        keep_message(&wire.replies, msg);
        if (natsMsg_IsNoResponders(msg))
            wire.replies.items[wire.replies.count - 1].data = NULL;
    }
    kit_locked_notify();
    pthread_mutex_unlock(&kit_lock);
    natsMsg_Destroy(msg);
}

static void must(natsStatus s, const char *what)
{
    if (s != NATS_OK)
        kit_undecided("%s: %s", what, natsStatus_GetText(s));
}

natsConnection *kit_connect(const char *servers[], int count, const char *user)
{
    natsOptions *options = NULL;
    natsConnection *nc = NULL;

    must(natsOptions_Create(&options), "options");
    must(natsOptions_SetServers(options, servers, count), "servers");
    must(natsOptions_SetUserInfo(options, user, user), "user");
    must(natsOptions_SetName(options, "kit"), "name");
    must(natsOptions_SetTimeout(options, KIT_DEADLINE_MS), "timeout");
    must(natsOptions_SetSendAsap(options, true), "send asap");
    must(natsOptions_SetMaxReconnect(options, -1), "reconnect");
    must(natsOptions_SetReconnectWait(options, 20), "reconnect wait");
    must(natsOptions_SetReconnectJitter(options, 5, 5), "jitter");
    natsStatus s = natsConnection_Connect(&nc, options);
    natsOptions_Destroy(options);
    if (s != NATS_OK)
        kit_environment("make up", "%s%s does not answer as %s: %s",
                        count > 1 ? "the cluster at " : "the node at ",
                        servers[0], user, natsStatus_GetText(s));
    return nc;
}

static void subscribe(natsSubscription **sub, natsConnection *nc,
                      const char *subject, natsMsgHandler on_message)
{
    must(natsConnection_Subscribe(sub, nc, subject, on_message, NULL), subject);
    must(natsSubscription_SetPendingLimits(*sub, -1, -1), "pending limits");
}

void kit_wire_open(void)
{
    memset(&wire, 0, sizeof(wire));
    snprintf(wire.prefix, sizeof(wire.prefix), "%08x", kit_random(UINT32_MAX));
    snprintf(wire.sentinel, sizeof(wire.sentinel), SETTLE "%s.all",
             wire.prefix);
    wire.main = kit_connect(kit_servers(), KIT_NODES, kit_account_user());
    for (int i = 0; i < KIT_NODES; i++) {
        wire.nodes[i] = kit_connect(kit_servers() + i, 1, kit_account_user());
        subscribe(&wire.settles[i], wire.nodes[i], wire.sentinel, on_settle);
    }
    subscribe(&wire.inbox, wire.main,
              kit_text("_INBOX.kit.*.%s.*", wire.prefix), on_reply);
}

void kit_tap(void)
{
    subscribe(&wire.tap, wire.main, ">", on_tapped);
    kit_settle();

    /* What came meanwhile is the end of emptying the account. */
    pthread_mutex_lock(&kit_lock);
    wire.tapped.count = 0;
    pthread_mutex_unlock(&kit_lock);
}

void kit_wire_close(void)
{
    natsSubscription_Destroy(wire.tap);
    natsSubscription_Destroy(wire.inbox);
    for (int i = 0; i < KIT_NODES; i++) {
        natsSubscription_Destroy(wire.settles[i]);
        natsConnection_Destroy(wire.nodes[i]);
    }
    natsConnection_Destroy(wire.main);
    free(wire.tapped.items);
    free(wire.replies.items);
    memset(&wire, 0, sizeof(wire));
}

natsConnection *kit_wire_main(void)
{
    return wire.main;
}

static bool has_settled(void *unused)
{
    (void)unused;
    int live = kit_nodes_running();

    pthread_mutex_lock(&kit_lock);
    bool settled = wire.nodes_settled >= live * live &&
                   wire.inbox_settled >= live &&
                   (wire.tap == NULL || wire.tap_settled >= live);
    pthread_mutex_unlock(&kit_lock);
    return settled;
}

static void send_sentinels(void)
{
    pthread_mutex_lock(&kit_lock);
    wire.settle_round++;
    wire.tap_settled = wire.inbox_settled = wire.nodes_settled = 0;
    const char *round = kit_text("%d", wire.settle_round);
    pthread_mutex_unlock(&kit_lock);

    for (int i = 0; i < KIT_NODES; i++) {
        if (kit_node_running(i))
            must(natsConnection_PublishString(wire.nodes[i], wire.sentinel,
                                              round),
                 "sentinel");
    }
}

/* Every node sends a sentinel to every node. Servers keep the order of an
 * account's messages on a route, so what came to a node before its sentinel,
 * messages and subscriptions alike, is known to the others after it. Each
 * subscription of ours has a thread, so each must see the sentinels. A round
 * that is not complete says that a node does not know a listener yet: the next
 * round is sent. */
void kit_settle(void)
{
    double end = kit_clock() + 2 * KIT_DEADLINE_MS;

    must(natsConnection_FlushTimeout(wire.main, KIT_DEADLINE_MS), "flush");
    do {
        send_sentinels();
        if (kit_wait(has_settled, NULL, SETTLE_ROUND_MS))
            return;
    } while (kit_clock() < end);
    kit_undecided("a sentinel message got lost between the nodes");
}

void kit_untap(void)
{
    natsSubscription_Destroy(wire.tap);
    wire.tap = NULL;
    kit_settle();
}

void kit_publish_bytes(const char *subject, const void *data, size_t length)
{
    must(natsConnection_Publish(wire.main, subject, data, (int)length),
         "publish");
}

void kit_publish(const char *subject, const char *text)
{
    kit_publish_bytes(subject, text, strlen(text));
}

static const char *inbox_of(int request)
{
    return kit_text("_INBOX.kit.reply.%s.%d", wire.prefix, request);
}

int kit_ask(const char *subject, const char *text)
{
    int request = wire.asked++;

    must(natsConnection_PublishRequestString(wire.main, subject,
                                             inbox_of(request), text),
         "request");
    return request;
}

struct kit_replies kit_replies_to(int request)
{
    const char *inbox = inbox_of(request);
    struct kit_replies replies = {0};
    size_t count = 0;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < wire.replies.count; i++)
        count += strcmp(wire.replies.items[i].subject, inbox) == 0;
    struct kit_message *list = kit_allocate((count + 1) * sizeof(*list));
    for (size_t i = 0; count > 0; i++) {
        if (strcmp(wire.replies.items[i].subject, inbox) != 0)
            continue;
        count--;
        if (wire.replies.items[i].data == NULL)
            replies.nobody = true;
        else
            list[replies.count++] = wire.replies.items[i];
    }
    pthread_mutex_unlock(&kit_lock);
    replies.list = list;
    return replies;
}

struct expected_replies {
    int request;
    size_t count;
};

static bool have_replies(void *argument)
{
    struct expected_replies *expected = argument;
    struct kit_replies replies = kit_replies_to(expected->request);

    return replies.count >= expected->count || replies.nobody;
}

static bool have_replies_or_end(void *expected)
{
    return have_replies(expected) || kit_early_end() != NULL;
}

/* "request #2 on room.lottery", numbered as in the timeline. */
static const char *describe_request(int request)
{
    const char *inbox = inbox_of(request);
    const char *text = "the request";
    size_t number = 0;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < wire.tapped.count; i++) {
        const struct kit_message *message = &wire.tapped.items[i];
        number += message->reply[0] != '\0';
        if (strcmp(message->reply, inbox) == 0) {
            text = kit_text("request #%zu on %s", number, message->subject);
            break;
        }
    }
    pthread_mutex_unlock(&kit_lock);
    return text;
}

struct kit_replies kit_expect_replies(int request, size_t count,
                                      const char *why)
{
    struct expected_replies expected = {.request = request, .count = count};

    kit_wait(have_replies_or_end, &expected, KIT_DEADLINE_MS);
    struct kit_replies replies = kit_replies_to(request);
    if (replies.count < count)
        kit_fail(kit_text("%zu repl%s to %s", count, count == 1 ? "y" : "ies",
                          describe_request(request)),
                 why, "%s%s",
                 replies.count > 0 ? kit_text("%zu", replies.count) : "none",
                 replies.nobody ? ", and the server says: no responders" : "");
    return replies;
}

struct kit_replies kit_request(const char *subject, const char *text)
{
    struct expected_replies expected = {.request = kit_ask(subject, text),
                                        .count = 1};

    if (!kit_wait(have_replies, &expected, KIT_DEADLINE_MS))
        kit_fail(kit_text("an answer to a request on %s", subject),
                 "does the callback reply to the message's reply subject?",
                 "none within %d s", KIT_DEADLINE_MS / 1000);
    return kit_replies_to(expected.request);
}

/* NATS subject matching: * is one token, > is one or more at the end. */
static bool matches(const char *filter, const char *subject)
{
    for (;;) {
        if (strcmp(filter, ">") == 0)
            return *subject != '\0';
        size_t wanted = strcspn(filter, ".");
        size_t given = strcspn(subject, ".");
        bool any = wanted == 1 && filter[0] == '*' && given > 0;
        if (!any && (wanted != given || strncmp(filter, subject, wanted) != 0))
            return false;
        filter += wanted;
        subject += given;
        if (*filter == '\0' || *subject == '\0')
            return *filter == *subject;
        filter++;
        subject++;
    }
}

size_t kit_tapped(const char *filter)
{
    size_t count = 0;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < wire.tapped.count; i++)
        count += matches(filter, wire.tapped.items[i].subject);
    pthread_mutex_unlock(&kit_lock);
    return count;
}

const struct kit_message *kit_tapped_message(const char *filter, size_t nth)
{
    struct kit_message *copy = NULL;

    pthread_mutex_lock(&kit_lock);
    for (size_t i = 0; i < wire.tapped.count && copy == NULL; i++) {
        if (matches(filter, wire.tapped.items[i].subject) && nth-- == 0) {
            copy = kit_allocate(sizeof(*copy));
            *copy = wire.tapped.items[i];
        }
    }
    pthread_mutex_unlock(&kit_lock);
    return copy;
}

struct expected_message {
    const char *filter;
    const void *data;
    size_t length;
    size_t looked; /* so many messages were compared already */
    const struct kit_message *found;
};

static bool message_came(void *argument)
{
    struct expected_message *expected = argument;
    const struct kit_message *message;

    while (expected->found == NULL) {
        message = kit_tapped_message(expected->filter, expected->looked);
        if (message == NULL)
            return kit_early_end() != NULL;
        expected->looked++;
        if (message->length == expected->length &&
            memcmp(message->data, expected->data, expected->length) == 0)
            expected->found = message;
    }
    return true;
}

const struct kit_message *kit_expect_message_bytes(const char *filter,
                                                   const void *data,
                                                   size_t length,
                                                   const char *why)
{
    struct expected_message expected = {
        .filter = filter, .data = data, .length = length};

    kit_wait(message_came, &expected, KIT_DEADLINE_MS);
    if (expected.found != NULL)
        return expected.found;

    const char *wanted = kit_text("on %s: %s (%zu bytes)", filter,
                                  kit_quote(data, length), length);
    if (expected.looked == 0)
        kit_fail(wanted, why, "no message on %s", filter);
    const struct kit_message *last =
        kit_tapped_message(filter, expected.looked - 1);
    kit_fail(wanted, why, "%zu other%s; the last on %s: %s (%zu bytes)",
             expected.looked, expected.looked == 1 ? "" : "s", last->subject,
             kit_quote(last->data, last->length), last->length);
}

const struct kit_message *kit_expect_message(const char *filter,
                                             const char *text, const char *why)
{
    return kit_expect_message_bytes(filter, text, strlen(text), why);
}

struct expected_count {
    const char *filter;
    size_t count;
};

static bool messages_came(void *argument)
{
    struct expected_count *expected = argument;

    return kit_tapped(expected->filter) >= expected->count ||
           kit_early_end() != NULL;
}

void kit_expect_messages(const char *filter, size_t count, const char *why)
{
    struct expected_count expected = {.filter = filter, .count = count};

    kit_wait(messages_came, &expected, KIT_DEADLINE_MS);
    if (kit_tapped(filter) < count)
        kit_fail(kit_text("%zu message%s on %s", count, count == 1 ? "" : "s",
                          filter),
                 why, "%zu", kit_tapped(filter));
}

/* An inbox by a short number: the same subject, the same number. */
static size_t inbox_number(const char *subject)
{
    size_t number = 1;

    for (size_t i = 0; i < wire.tapped.count; i++) {
        const char *reply = wire.tapped.items[i].reply;
        if (strcmp(reply, subject) == 0)
            return number;
        number += reply[0] != '\0';
    }
    return 0;
}

static void print_message(FILE *out, const struct kit_message *message)
{
    const char *subject = message->subject;
    size_t answers = inbox_number(subject);

    if (answers > 0)
        subject = kit_text("answer to #%zu", answers);
    fprintf(out, "%9.3f  %-24s %s", message->at / 1000, subject,
            kit_quote(message->data, message->length));
    if (message->reply[0] != '\0')
        fprintf(out, "  asks #%zu", inbox_number(message->reply));
    fputc('\n', out);
}

void kit_print_timeline(FILE *out)
{
    pthread_mutex_lock(&kit_lock);
    size_t count = wire.tapped.count;
    size_t first = count > TIMELINE_LINES ? count - TIMELINE_LINES : 0;
    if (first > 0)
        fprintf(out, "           (%zu earlier messages)\n", first);
    for (size_t i = first; i < count; i++)
        print_message(out, &wire.tapped.items[i]);
    if (count == 0)
        fprintf(out, "           (%s)\n",
                wire.tap != NULL ? "nothing on the wire" : "not recorded");
    pthread_mutex_unlock(&kit_lock);
}
