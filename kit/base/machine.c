#include "kit/base/machine.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Below the range from which the kernel takes ports for connections. */
#define PORT_FIRST 20000
#define PORT_COUNT 12000
#define PATIENCE_S 1 /* with an HTTP server: to connect, and to answer */

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A bound socket; -1 where the port is taken, -2 where there is no socket. */
static int bind_to_loopback(int port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;

    if (fd < 0)
        return -2;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Another process may take the port before the server does: who starts one
 * tries again then. Not from the seed: two runs with one seed at the same time
 * would want the same ports. */
int kit_free_port(void)
{
    static unsigned turn;

    if (turn == 0)
        turn = (unsigned)getpid() * 37u;
    for (int tries = 0; tries < PORT_COUNT; tries++) {
        int port = PORT_FIRST + (int)(turn++ % PORT_COUNT);
        int fd = bind_to_loopback(port);
        if (fd == -2)
            return -1;
        if (fd >= 0) {
            close(fd);
            return port;
        }
    }
    return -1;
}

bool kit_is_taken(int port)
{
    int fd = bind_to_loopback(port);

    if (fd >= 0)
        close(fd);
    return fd == -1;
}

/* All that comes until the other side closes, which HTTP/1.0 does; not for
 * ever, where another server than ours goes on and on. */
static struct kit_string read_all(int fd)
{
    struct kit_string all = {0};
    char buffer[16384];
    double end = kit_clock() + 1e3 * PATIENCE_S;
    ssize_t length = 1;

    while (length > 0 && kit_clock() < end) {
        length = read(fd, buffer, sizeof(buffer));
        if (length > 0)
            kit_string_add_bytes(&all, buffer, (size_t)length);
    }
    return all;
}

/* The body of a good answer; NULL for any other. */
static const char *body_of(const struct kit_string *answer)
{
    const char *text = kit_string_text(answer);
    const char *body = strstr(text, "\r\n\r\n");

    if (body == NULL || strncmp(text, "HTTP/1.", 7) != 0 ||
        strncmp(text + 8, " 200 ", 5) != 0)
        return NULL;
    return body + 4;
}

/* One exchange; small enough not to need a library. */
const char *kit_http_get(int port, const char *path)
{
    const char *question = kit_text("GET %s HTTP/1.0\r\n\r\n", path);
    struct sockaddr_in address = loopback(port);
    struct timeval patience = {.tv_sec = PATIENCE_S};
    struct kit_string answer = {0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return NULL;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    /* This one holds for connect too, whose queue a frozen server leaves full.
     */
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        write(fd, question, strlen(question)) > 0)
        answer = read_all(fd);
    close(fd);
    return body_of(&answer);
}

bool kit_is_healthy(int monitor_port)
{
    return kit_http_get(monitor_port, "/healthz") != NULL;
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
