/* Keeps the room's processes running in the background: the nodes n1 n2 n3,
 * the guestbook, the classmates. A folder (.cluster/) has one keeper. It is
 * started by the first request, and whoever comes later finds it by the folder
 * alone. It ends, with all it keeps, when it is told to, or by SIGTERM, or when
 * its folder is deleted; if it is killed, the kernel ends what it keeps.
 *
 * This file is the side that asks; keeper_serve.c is the keeper itself. */
#define _GNU_SOURCE /* struct ucred */
#include "keeper.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A keeper may come to its end just when it is asked; then there is a new one
 * to start. */
#define TRIES 5
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"

static int usage(void)
{
    fprintf(stderr,
            "usage: keeper FOLDER                 be its keeper\n"
            "       keeper FOLDER REQUEST [-- REQUEST]...\n"
            "  start NAME COMMAND...  run it in the folder above FOLDER, unless"
            " NAME runs\n"
            "                         already; what it writes goes to "
            "FOLDER/NAME.log\n"
            "  keep NAME COMMAND...   the same, and start it again if it ends\n"
            "  stop NAME              end it\n"
            "  end                    end them all, and the keeper\n"
            "start and keep print `NAME PROCESS OFFSET`: its log begins "
            "there.\nFOLDER/keeper lists what runs.\n");
    return 2;
}

bool keeper_address(struct sockaddr_un *address, socklen_t *length)
{
    struct stat folder;

    if (stat(".", &folder) < 0)
        return false;
    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    int used = snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1,
                        "room/keeper/%jx:%jx", (uintmax_t)folder.st_dev,
                        (uintmax_t)folder.st_ino);
    *length =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)used);
    return true;
}

bool keeper_is_trusted(int connection)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return false;
    return peer.uid == geteuid() || peer.uid == 0;
}

/* The child of start_keeper(): a session of its own, and a command line that
 * says what it is. */
static void become_keeper(int ready)
{
    char folder[PATH_MAX];

    if (getcwd(folder, sizeof(folder)) == NULL)
        snprintf(folder, sizeof(folder), ".");
    if (setsid() >= 0 && dup2(ready, STDOUT_FILENO) >= 0)
        execl("/proc/self/exe", "keeper", folder, (char *)NULL);
    _exit(3);
}

/* Starts the keeper of this folder. False if it cannot be, which is said; true
 * also if somebody else was quicker. */
static bool start_keeper(void)
{
    char said[ANSWER_MAX] = "-it ended at once";
    int ready[2];

    if (pipe(ready) < 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        become_keeper(ready[1]);
    close(ready[1]);
    ssize_t size = child < 0 ? -1 : read(ready[0], said, sizeof(said) - 1);
    if (size > 0)
        said[size] = '\0';
    close(ready[0]);
    if (said[0] == '+')
        return true;
    fprintf(stderr, "keeper: cannot start: %s\n", said + 1);
    return false;
}

/* The connection to the keeper of this folder, or -1 with errno. */
static int connect_to_keeper(void)
{
    struct sockaddr_un address;
    socklen_t length;

    if (!keeper_address(&address, &length))
        return -1;
    int connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (connection < 0)
        return -1;
    if (connect(connection, (struct sockaddr *)&address, length) == 0) {
        if (keeper_is_trusted(connection))
            return connection;
        errno = EPERM;
    }
    int error = errno;
    close(connection);
    errno = error;
    return -1;
}

/* One request and its answer; its size, 0 if the keeper has gone meanwhile. */
static size_t exchange(int connection, const char *request, size_t size,
                       char *answer)
{
    if (send(connection, request, size, MSG_NOSIGNAL) < 0)
        return 0;
    ssize_t got = recv(connection, answer, ANSWER_MAX - 1, 0);
    if (got <= 0)
        return 0;
    answer[got] = '\0';
    return (size_t)got;
}

/* The exit status: 0 done, 3 not. Where no keeper runs, none needs to be
 * stopped. */
static int ask(const char *request, size_t size)
{
    bool starts = strcmp(request, "start") == 0 || strcmp(request, "keep") == 0;
    char answer[ANSWER_MAX];

    for (int tries = 0; tries < TRIES; tries++) {
        int connection = connect_to_keeper();
        if (connection >= 0) {
            size_t got = exchange(connection, request, size, answer);
            close(connection);
            if (got == 0)
                continue;
            if (got > 1)
                fprintf(answer[0] == '+' ? stdout : stderr, "%s\n", answer + 1);
            return answer[0] == '+' ? 0 : 3;
        }
        if (errno != ECONNREFUSED) {
            perror("keeper: cannot ask");
            return 3;
        }
        if (!starts)
            return 0;
        if (!start_keeper())
            return 3;
    }
    fprintf(stderr, "keeper: no answer\n");
    return 3;
}

/* Whether the words are a request as usage() says. */
static bool is_request(char **words, int count)
{
    if (count >= 3 &&
        (strcmp(words[0], "start") == 0 || strcmp(words[0], "keep") == 0))
        return words[1][strspn(words[1], NAME_LETTERS)] == '\0';
    if (count == 2)
        return strcmp(words[0], "stop") == 0;
    return count == 1 && strcmp(words[0], "end") == 0;
}

static int ask_words(char **words, int count)
{
    char request[REQUEST_MAX] = "";
    size_t size = 0;

    if (!is_request(words, count))
        return usage();
    for (int i = 0; i < count; i++) {
        size_t length = strlen(words[i]) + 1;
        if (length > sizeof(request) - size) {
            fprintf(stderr, "keeper: the command is too long\n");
            return 2;
        }
        memcpy(request + size, words[i], length);
        size += length;
    }
    return ask(request, size);
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc < 2)
        return usage();
    if (chdir(argv[1]) < 0) {
        fprintf(stderr, "keeper: %s: %s\n", argv[1], strerror(errno));
        return 3;
    }
    if (argc == 2)
        return keeper_serve();
    for (int first = 2; first < argc && status == 0;) {
        int end = first;
        while (end < argc && strcmp(argv[end], "--") != 0)
            end++;
        status = ask_words(argv + first, end - first);
        first = end + 1;
    }
    return status;
}
