/* This machine: ports of the loopback address, folders. */
#include "internal.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Below the range from which the kernel takes ports for connections. */
#define PORT_FIRST 20000
#define PORT_COUNT 12000

static int listen_on_loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* A port that is free now. Another process may take it before the server
 * does: start_nodes tries again then. Not from the seed: two runs with one
 * seed at the same time would want the same ports. */
int kit_free_port(void)
{
    static unsigned turn;

    if (turn == 0)
        turn = (unsigned)getpid() * 37u;
    for (;;) {
        int port = PORT_FIRST + (int)(turn++ % PORT_COUNT);
        int fd = listen_on_loopback(port);
        if (fd >= 0) {
            close(fd);
            return port;
        }
    }
}

bool kit_is_taken(int port)
{
    int fd = listen_on_loopback(port);

    if (fd >= 0)
        close(fd);
    return fd < 0;
}

/* One HTTP exchange; small enough not to need a library. */
bool kit_is_healthy(int monitor_port)
{
    static const char question[] = "GET /healthz HTTP/1.0\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)monitor_port)};
    struct timeval patience = {.tv_sec = 1};
    char answer[64] = "";
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        write(fd, question, strlen(question)) > 0)
        (void)!read(fd, answer, sizeof(answer) - 1);
    close(fd);
    return strstr(answer, " 200 ") != NULL;
}

static int remove_entry(const char *path, const struct stat *info, int type,
                        struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

void kit_remove_tree(const char *path)
{
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
