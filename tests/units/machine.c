/* Ports, HTTP and folders of this machine. */
#include "kit/base/machine.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

TestSuite(machine, .fini = kit_free_all, .timeout = 20);

/* A socket that listens on this port of an address; -1 where it is taken. */
static int try_to_listen(in_addr_t host, int port)
{
    int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(host)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_geq(fd, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        listen(fd, 1) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The same on a free port; tries again where another process is faster. */
static int listen_on(in_addr_t host, int *port)
{
    int fd = -1;

    for (int i = 0; i < 20 && fd < 0; i++) {
        *port = kit_free_port();
        fd = try_to_listen(host, *port);
    }
    cr_assert_geq(fd, 0);
    return fd;
}

Test(machine, a_free_port_can_be_listened_on)
{
    int port;
    int fd = listen_on(INADDR_LOOPBACK, &port);

    cr_assert(port >= 1024 && port < 32768, "%d", port);
    cr_assert(kit_is_taken(port));
    close(fd);
    cr_assert_not(kit_is_taken(port));
}

Test(machine, a_port_of_every_address_is_taken_too)
{
    int port;
    int fd = listen_on(INADDR_ANY, &port);

    cr_assert(kit_is_taken(port));
    close(fd);
}

Test(machine, a_taken_port_is_passed_over)
{
    int next = kit_free_port() + 1;
    int fd = try_to_listen(INADDR_LOOPBACK, next);

    cr_assert_neq(kit_free_port(), next);
    cr_assert_neq(kit_free_port(), next);
    if (fd >= 0) /* else others have it, which is as good */
        close(fd);
}

Test(machine, without_descriptors_there_is_no_port)
{
    struct rlimit few = {.rlim_cur = 64, .rlim_max = 64};

    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    while (dup(0) >= 0)
        ;
    cr_assert_eq(kit_free_port(), -1);
    cr_assert_null(kit_http_get(1, "/"));
}

/* ---- HTTP ---------------------------------------------------------------- */

/* Answers one question, and says how it was put. */
struct server {
    int fd;
    const char *answer;
    char question[128];
};

static void *serve(void *argument)
{
    struct server *server = argument;
    int fd = accept(server->fd, NULL, NULL);
    ssize_t length = read(fd, server->question, sizeof(server->question) - 1);

    if (length > 0)
        length = write(fd, server->answer, strlen(server->answer));
    close(fd);
    return NULL;
}

/* The body that is got from a server that answers so. */
static const char *get(const char *answer)
{
    struct server server = {.answer = answer};
    pthread_t thread;
    int port;

    server.fd = listen_on(INADDR_LOOPBACK, &port);
    cr_assert_eq(pthread_create(&thread, NULL, serve, &server), 0);
    const char *body = kit_http_get(port, "/healthz");
    pthread_join(thread, NULL);
    close(server.fd);
    cr_assert_str_eq(server.question, "GET /healthz HTTP/1.0\r\n\r\n");
    return body;
}

Test(machine, the_body_of_an_answer_is_got)
{
    cr_assert_str_eq(get("HTTP/1.0 200 OK\r\nA: b\r\n\r\n{\"a\": 1}\r\n\r\n"),
                     "{\"a\": 1}\r\n\r\n");
    cr_assert_str_eq(get("HTTP/1.1 200 OK\r\n\r\n"), "");
}

Test(machine, what_is_no_good_answer_is_null)
{
    cr_assert_null(get("HTTP/1.0 503 Service Unavailable\r\n\r\nno"));
    cr_assert_null(get("HTTP/1.0 404 Not Found\r\n\r\n 200"));
    cr_assert_null(get("HTTP/1.0 200 OK\r\nA: b\r\n"));
    cr_assert_null(get("INFO {\"server_id\": 200}\r\n"));
    cr_assert_null(get("\r\n\r\n"));
    cr_assert_null(get("-ERR 200 200\r\n\r\n"));
    cr_assert_null(get(""));
}

Test(machine, nobody_answers_where_nobody_listens)
{
    int port = kit_free_port();

    cr_assert_null(kit_http_get(port, "/"));
    cr_assert_not(kit_is_healthy(port));
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* As a server does that is frozen: when nobody accepts, connections wait to be
 * accepted, and when too many wait, to be made. */
Test(machine, it_waits_about_a_second_for_a_server_that_is_frozen)
{
    int port;
    int fd = listen_on(INADDR_LOOPBACK, &port);

    for (int i = 0; i < 3; i++) {
        double began = seconds();
        cr_assert_null(kit_http_get(port, "/"));
        cr_assert_leq(seconds() - began, 2.5, "%d", i);
    }
    close(fd);
}

static bool dripping;

/* Letter by letter, for 5 s. */
static void *drip(void *argument)
{
    struct server *server = argument;
    int fd = accept(server->fd, NULL, NULL);
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};

    for (int i = 0; i < 50 && send(fd, "x", 1, MSG_NOSIGNAL) == 1; i++)
        nanosleep(&pause, NULL);
    close(fd);
    return &dripping;
}

Test(machine, it_waits_about_a_second_for_one_that_never_ends)
{
    struct server server = {0};
    pthread_t thread;
    int port;

    server.fd = listen_on(INADDR_LOOPBACK, &port);
    cr_assert_eq(pthread_create(&thread, NULL, drip, &server), 0);
    double began = seconds();
    cr_assert_null(kit_http_get(port, "/"));
    cr_assert_leq(seconds() - began, 2.5);
    pthread_join(thread, NULL);
    close(server.fd);
}

/* ---- folders ------------------------------------------------------------- */

static void make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0444);

    cr_assert_geq(fd, 0);
    close(fd);
}

Test(machine, a_tree_is_removed_and_nothing_beside_it)
{
    char root[] = "/tmp/kit-units-XXXXXX";

    cr_assert_not_null(mkdtemp(root));
    const char *tree = kit_text("%s/tree", root);
    const char *kept = kit_text("%s/kept", root);
    cr_assert_eq(mkdir(tree, 0777), 0);
    cr_assert_eq(mkdir(kept, 0777), 0);
    cr_assert_eq(mkdir(kit_text("%s/a", tree), 0777), 0);
    cr_assert_eq(mkdir(kit_text("%s/a/b", tree), 0777), 0);
    make_file(kit_text("%s/file", kept));
    make_file(kit_text("%s/a/b/.hidden", tree));
    cr_assert_eq(symlink(kept, kit_text("%s/a/link", tree)), 0);

    kit_remove_tree(tree);
    cr_assert_neq(access(tree, F_OK), 0);
    cr_assert_eq(access(kit_text("%s/file", kept), F_OK), 0);
    kit_remove_tree(tree);
    kit_remove_tree(root);
    cr_assert_neq(access(root, F_OK), 0);
}
