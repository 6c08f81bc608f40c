#include "kit/server/delay.h"

#include "kit/base/clock.h"
#include "kit/base/machine.h"
#include "kit/base/memory.h"
#include "kit/say/fail.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define OWN_DESCRIPTORS 2
#define LINES 64 /* of one relay at a time */
#define BLOCKED_MS 1
#define TRIES 5

/* What is under way, in the order in which it came. */
struct chunk {
    struct chunk *next;
    double due;
    size_t length, sent;
    char data[16384];
};

struct way {
    int from, to;
    bool at_end; /* nothing more comes */
    bool done;   /* and all of it is delivered, and so is the end */
    struct chunk *first, **last;
};

struct kit_delayed {
    struct kit_delayed *next;
    struct way ways[2];
};

/* ---- one way ------------------------------------------------------------- */

static void take(struct way *way, int delay_ms)
{
    struct chunk *chunk = malloc(sizeof(*chunk));

    if (chunk == NULL)
        abort();
    ssize_t length = recv(way->from, chunk->data, sizeof(chunk->data), 0);
    if (length <= 0) {
        way->at_end = true;
        free(chunk);
        return;
    }
    chunk->next = NULL;
    chunk->due = kit_clock() + delay_ms;
    chunk->length = (size_t)length;
    chunk->sent = 0;
    *way->last = chunk;
    way->last = &chunk->next;
}

static void drop_first(struct way *way)
{
    struct chunk *chunk = way->first;

    way->first = chunk->next;
    if (way->first == NULL)
        way->last = &way->first;
    free(chunk);
}

/* Passes on what is due. A receiver that is gone ends the way. */
static void pass_on(struct way *way)
{
    while (way->first != NULL && way->first->due <= kit_clock()) {
        struct chunk *chunk = way->first;
        ssize_t sent =
            send(way->to, chunk->data + chunk->sent,
                 chunk->length - chunk->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (sent < 0)
            way->at_end = true;
        chunk->sent += sent > 0 ? (size_t)sent : 0;
        if (sent < 0 || chunk->sent == chunk->length)
            drop_first(way);
    }
    if (way->at_end && way->first == NULL && !way->done) {
        shutdown(way->to, SHUT_WR);
        way->done = true;
    }
}

/* ---- one line ------------------------------------------------------------ */

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void open_line(struct kit_delay *delay)
{
    struct kit_delayed *line = calloc(1, sizeof(*line));
    int yes = 1;

    if (line == NULL)
        abort();
    int near = accept4(delay->listening, NULL, NULL, SOCK_CLOEXEC);
    int far = near >= 0 ? connect_to(delay->target_port) : -1;
    if (far < 0) {
        if (near >= 0)
            close(near);
        free(line);
        return;
    }
    setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    line->ways[0] = (struct way){.from = near, .to = far};
    line->ways[1] = (struct way){.from = far, .to = near};
    for (int i = 0; i < 2; i++)
        line->ways[i].last = &line->ways[i].first;
    line->next = delay->lines;
    delay->lines = line;
}

static void close_line(struct kit_delayed *line)
{
    for (int i = 0; i < 2; i++) {
        while (line->ways[i].first != NULL)
            drop_first(&line->ways[i]);
        close(line->ways[i].from);
    }
    free(line);
}

static void close_lines(struct kit_delay *delay, bool all)
{
    struct kit_delayed **at = &delay->lines;

    while (*at != NULL) {
        struct kit_delayed *line = *at;
        if (!all && !(line->ways[0].done && line->ways[1].done)) {
            at = &line->next;
            continue;
        }
        *at = line->next;
        close_line(line);
    }
}

/* ---- the thread ---------------------------------------------------------- */

/* How long poll may wait until something is due; -1: nothing is. */
static int patience(const struct kit_delay *delay)
{
    double next = -1;

    for (const struct kit_delayed *line = delay->lines; line != NULL;
         line = line->next) {
        for (int i = 0; i < 2; i++) {
            const struct chunk *chunk = line->ways[i].first;
            if (chunk != NULL && (next < 0 || chunk->due < next))
                next = chunk->due;
        }
    }
    if (next < 0)
        return -1;
    double left = next - kit_clock();
    return left > BLOCKED_MS ? (int)left : BLOCKED_MS;
}

/* Descriptors of the lines, after our own. */
static nfds_t collect(const struct kit_delay *delay, struct pollfd *fds)
{
    nfds_t count = OWN_DESCRIPTORS;

    fds[0] = (struct pollfd){.fd = delay->wake, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = delay->listening, .events = POLLIN};
    for (const struct kit_delayed *line = delay->lines; line != NULL;
         line = line->next) {
        for (int i = 0; i < 2; i++) {
            bool open = !line->ways[i].at_end;
            fds[count++] = (struct pollfd){.fd = open ? line->ways[i].from : -1,
                                           .events = POLLIN};
        }
        if (count == OWN_DESCRIPTORS + 2 * LINES) {
            fds[1].fd = -1;
            break;
        }
    }
    return count;
}

static void *run(void *argument)
{
    struct kit_delay *delay = argument;
    struct pollfd fds[OWN_DESCRIPTORS + 2 * LINES];

    for (;;) {
        nfds_t count = collect(delay, fds);
        poll(fds, count, patience(delay));
        if (fds[0].revents)
            break;
        nfds_t at = OWN_DESCRIPTORS;
        for (struct kit_delayed *line = delay->lines; line != NULL;
             line = line->next) {
            for (int i = 0; i < 2; i++, at++) {
                if (fds[at].revents)
                    take(&line->ways[i], delay->delay_ms);
                pass_on(&line->ways[i]);
            }
        }
        close_lines(delay, false);
        if (fds[1].revents)
            open_line(delay);
    }
    close_lines(delay, true);
    return NULL;
}

/* ---- beginning and end --------------------------------------------------- */

static int listen_at(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;

    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (fd >= 0 &&
        bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        listen(fd, LINES) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Another process may take the port before we do. */
static bool listen_somewhere(struct kit_delay *delay)
{
    for (int tries = 0; tries < TRIES; tries++) {
        delay->port = kit_free_port();
        delay->listening = delay->port >= 0 ? listen_at(delay->port) : -1;
        if (delay->listening >= 0)
            return true;
    }
    return false;
}

struct kit_delay *kit_delay_begin(struct kit_delay **list, int target_port,
                                  int delay_ms)
{
    struct kit_delay *delay = kit_allocate(sizeof(*delay));

    delay->target_port = target_port;
    delay->delay_ms = delay_ms;
    delay->wake = eventfd(0, EFD_CLOEXEC);
    if (!listen_somewhere(delay) || delay->wake < 0)
        kit_undecided("no free port for a slow line");
    if (pthread_create(&delay->thread, NULL, run, delay) != 0)
        kit_undecided("no thread for a slow line");
    delay->next = *list;
    *list = delay;
    return delay;
}

void kit_delays_end(struct kit_delay **list)
{
    for (; *list != NULL; *list = (*list)->next) {
        uint64_t one = 1;
        ssize_t written = write((*list)->wake, &one, sizeof(one));

        (void)written; /* eight bytes always fit */
        pthread_join((*list)->thread, NULL);
        close((*list)->listening);
        close((*list)->wake);
    }
}
