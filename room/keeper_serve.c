/* The keeper itself, see keeper.c. It has one thread, and must: the kernel
 * kills what a keeper keeps when the *thread* that started it has ended. */
#define _GNU_SOURCE /* accept4(), closefrom() */
#include "keeper.h"
#include "keeper_services.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

#define BACKLOG 64
#define STOP_MS 5000 /* for a service to end by itself, */
#define END_MS                                                                 \
    2000                  /* and when all of them do: nodes that end together  \
                             wait for each other */
#define REQUEST_SECONDS 1 /* to arrive in, once connected */

struct keeper {
    struct services services;
    int listener, signals, folder;
    bool ends, homeless; /* homeless: its folder is deleted */
    int waits_for_end;   /* the connection of who asked for it, or -1 */
};

/* ---- requests ----------------------------------------------------------- */

static void answer(int connection, const char *text)
{
    send(connection, text, strlen(text), MSG_NOSIGNAL);
}

static void on_start(struct keeper *k, int connection, bool again,
                     const char *name, const char *words, size_t size)
{
    char text[ANSWER_MAX];

    const struct service *service =
        services_start(&k->services, name, again, words, size);
    if (service == NULL)
        snprintf(text, sizeof(text), "-%s: cannot run %.100s: %s", name, words,
                 strerror(errno));
    else
        snprintf(text, sizeof(text), "+%s %d %jd", name, (int)service->pid,
                 service->log_begins);
    if (!services_record(&k->services)) {
        snprintf(text, sizeof(text), "-cannot write its record: %s",
                 strerror(errno));
        k->ends = true; /* or nobody would know of it */
    }
    answer(connection, text);
}

/* The packet ends with NUL. True if the connection is kept, to be answered at
 * the end. */
static bool on_request(struct keeper *k, int connection, const char *packet,
                       size_t size)
{
    const char *end = packet + size;
    const char *name = packet + strlen(packet) + 1;

    if (strcmp(packet, "end") == 0) {
        k->ends = true;
        k->waits_for_end = connection;
        return true;
    }
    if (name >= end)
        return false;
    const char *words = name + strlen(name) + 1;
    if (strcmp(packet, "stop") == 0) {
        services_end(&k->services, name, STOP_MS);
        services_record(&k->services);
        answer(connection, "+");
    } else if (words < end) {
        on_start(k, connection, strcmp(packet, "keep") == 0, name, words,
                 (size_t)(end - words));
    }
    return false;
}

static void on_connection(struct keeper *k)
{
    const struct timeval limit = {.tv_sec = REQUEST_SECONDS};
    char packet[REQUEST_MAX];
    bool kept = false;

    int connection = accept4(k->listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0)
        return;
    if (keeper_is_trusted(connection) &&
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit,
                   sizeof(limit)) == 0) {
        ssize_t size = recv(connection, packet, sizeof(packet), 0);
        if (size > 0 && packet[size - 1] == '\0')
            kept = on_request(k, connection, packet, (size_t)size);
    }
    if (!kept)
        close(connection);
}

/* ---- the keeper's life -------------------------------------------------- */

/* All but SIGCHLD ask for the end. */
static void on_signals(struct keeper *k)
{
    struct signalfd_siginfo info;

    while (read(k->signals, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo != SIGCHLD)
            k->ends = true;
    }
}

/* Something in the folder was deleted, or the folder moved out of its own. */
static void on_folder(struct keeper *k)
{
    char buffer[4096];
    bool moved = false;

    for (;;) {
        ssize_t size = read(k->folder, buffer, sizeof(buffer));
        if (size <= 0)
            break;
        for (char *at = buffer; at < buffer + size;) {
            struct inotify_event event;
            memcpy(&event, at, sizeof(event));
            moved = moved || (event.mask & IN_MOVE_SELF) != 0;
            at += sizeof(event) + event.len;
        }
    }
    k->homeless = moved || access(RECORD, F_OK) < 0;
    k->ends = k->ends || k->homeless;
}

static void serve(struct keeper *k)
{
    struct pollfd fds[] = {{.fd = k->listener, .events = POLLIN},
                           {.fd = k->signals, .events = POLLIN},
                           {.fd = k->folder, .events = POLLIN}};

    while (!k->ends) {
        if (poll(fds, 3, services_tend(&k->services)) < 0 && errno != EINTR)
            return;
        if (fds[1].revents != 0)
            on_signals(k);
        if (fds[2].revents != 0)
            on_folder(k);
        if (fds[0].revents != 0 && !k->ends)
            on_connection(k);
    }
}

/* Takes the name, which is the keeper's lock: false, with EADDRINUSE, if there
 * is one already. */
static bool listen_here(struct keeper *k)
{
    struct sockaddr_un address;
    socklen_t length;

    k->listener =
        socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return k->listener >= 0 && keeper_address(&address, &length) &&
           bind(k->listener, (struct sockaddr *)&address, length) == 0 &&
           listen(k->listener, BACKLOG) == 0;
}

/* A signal that our parent ignores would be ignored here, too, and by all that
 * is kept. */
static void heed(int number)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};

    sigaction(number, &usual, NULL);
}

static bool watch_signals(struct keeper *k)
{
    const int handled[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(handled) / sizeof(*handled); i++) {
        heed(handled[i]);
        sigaddset(&set, handled[i]);
    }
    heed(SIGQUIT);
    heed(SIGPIPE);
    if (sigprocmask(SIG_SETMASK, &set, NULL) < 0)
        return false;
    k->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return k->signals >= 0;
}

/* The record is there first: who watches, waits for its loss. */
static bool watch_folder(struct keeper *k)
{
    k->folder = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return k->folder >= 0 && services_record(&k->services) &&
           inotify_add_watch(k->folder, ".",
                             IN_DELETE | IN_MOVED_FROM | IN_MOVE_SELF) >= 0 &&
           access(RECORD, F_OK) == 0;
}

/* Says on stdout how it went, and lets go of what it was started with. */
static bool settle(bool begun)
{
    int error = errno;
    int null = open("/dev/null", O_RDWR);

    if (begun && null >= 0)
        printf("+");
    else
        printf("-%s", strerror(error));
    if (fflush(stdout) != 0 || null < 0)
        return false;
    for (int fd = 0; fd <= 2; fd++)
        dup2(null, fd);
    close(null);
    return begun;
}

int keeper_serve(void)
{
    struct keeper k = {.waits_for_end = -1};

    closefrom(3);
    bool begun = watch_signals(&k) && listen_here(&k);
    if (!begun && errno == EADDRINUSE) /* another was quicker: it serves */
        return settle(true) ? 0 : 3;
    if (!settle(begun && watch_folder(&k)))
        return 3;
    serve(&k);
    services_end(&k.services, NULL, k.homeless ? 0 : END_MS);
    unlink(RECORD);
    if (k.waits_for_end >= 0)
        answer(k.waits_for_end, "+");
    return 0;
}
