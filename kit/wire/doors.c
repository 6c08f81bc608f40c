#include "kit/wire/doors.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* MQTT 3.1.1, 3.1 and 3.2: the packets CONNECT and CONNACK. */
#define CONNECT 0x10
#define CONNACK_SIZE 4
#define NOT_AUTHORIZED 5

#define HEARD_SIZE 8192

/* Adds a text with its length before it; returns the end. */
static uint8_t *add_text(uint8_t *at, const char *text)
{
    size_t length = strlen(text);

    *at++ = 0;
    *at++ = (uint8_t)length;
    memcpy(at, text, length);
    return at + length;
}

/* Fills packet, which has room for 128 bytes; returns its size. */
static size_t fill_connect(uint8_t *packet, const struct kit_login *login)
{
    /* Level 4; user, password, clean session; no keep alive. */
    static const uint8_t header[] = {4, 0xc2, 0, 0};
    uint8_t *at = add_text(packet + 2, "MQTT");

    memcpy(at, header, sizeof(header));
    at = add_text(at + sizeof(header), "kit");
    at = add_text(at, login->user);
    at = add_text(at, login->password);
    packet[0] = CONNECT;
    packet[1] = (uint8_t)(at - packet - 2);
    return (size_t)(at - packet);
}

static int connect_to(int port)
{
    struct timeval patience = {.tv_sec = KIT_DEADLINE_MS / 1000};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        kit_undecided("no server answers at port %d", port);
    return fd;
}

static struct kit_attempt attempt_by(const char *door,
                                     const struct kit_login *login)
{
    return (struct kit_attempt){
        .what = kit_text("as %s, connecting %s", login->user, door),
        .text = ""};
}

static void say(int fd, const void *data, size_t size, const char *what)
{
    if (send(fd, data, size, MSG_NOSIGNAL) != (ssize_t)size)
        kit_undecided("%s: the server does not listen", what);
}

struct kit_attempt kit_try_mqtt(struct kit_doors doors, struct kit_login login)
{
    struct kit_attempt attempt = attempt_by("by MQTT", &login);
    uint8_t packet[128], answer[CONNACK_SIZE];
    size_t size = fill_connect(packet, &login);
    int fd = connect_to(doors.mqtt);

    say(fd, packet, size, attempt.what);
    if (recv(fd, answer, sizeof(answer), MSG_WAITALL) != sizeof(answer))
        kit_undecided("%s: the server does not answer", attempt.what);
    close(fd);
    if (answer[3] == NOT_AUTHORIZED) {
        attempt.outcome = KIT_REFUSED;
        attempt.text = "not authorized";
    }
    return attempt;
}

/* ---- NATS's own protocol, in frames or as a leaf node ---------------------
 */

/* Reads until yes or no has come: whether it was yes. Frames that a server
 * sends keep the text as it is. */
static bool hears(int fd, const char *yes, const char *no, const char *what)
{
    char heard[HEARD_SIZE + 1];
    size_t size = 0;

    while (size < HEARD_SIZE) {
        ssize_t count = recv(fd, heard + size, HEARD_SIZE - size, 0);
        if (count <= 0)
            break;
        size += (size_t)count;
        if (memmem(heard, size, yes, strlen(yes)) != NULL)
            return true;
        if (memmem(heard, size, no, strlen(no)) != NULL)
            return false;
    }
    kit_undecided("%s: the server does not answer", what);
}

/* The login, and a ping: what answers it tells whether the login was good. */
static const char *commands_of(const struct kit_login *login)
{
    return kit_text("CONNECT {\"verbose\":false,\"name\":\"kit\",\"user\":"
                    "\"%s\",\"pass\":\"%s\"}\r\nPING\r\n",
                    login->user, login->password);
}

static void judge(struct kit_attempt *attempt, int fd)
{
    if (!hears(fd, "PONG\r\n", "-ERR", attempt->what)) {
        attempt->outcome = KIT_REFUSED;
        attempt->text = "Authorization Violation";
    }
    close(fd);
}

struct kit_attempt kit_try_leaf(struct kit_doors doors, struct kit_login login)
{
    struct kit_attempt attempt = attempt_by("as a leaf node", &login);
    const char *commands = commands_of(&login);
    int fd = connect_to(doors.leaf);

    say(fd, commands, strlen(commands), attempt.what);
    judge(&attempt, fd);
    return attempt;
}

/* RFC 6455: the upgrade, and one frame of text. A client masks what it sends;
 * a mask of zeros leaves it as it is. */
struct kit_attempt kit_try_websocket(struct kit_doors doors,
                                     struct kit_login login)
{
    static const char upgrade[] =
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    struct kit_attempt attempt = attempt_by("by WebSocket", &login);
    const char *commands = commands_of(&login);
    size_t size = strlen(commands);
    const uint8_t head[] = {
        0x82, 0x80 | 126, (uint8_t)(size >> 8), (uint8_t)size, 0, 0, 0, 0};
    int fd = connect_to(doors.websocket);

    say(fd, upgrade, strlen(upgrade), attempt.what);
    if (!hears(fd, " 101 ", " 400 ", attempt.what))
        kit_undecided("%s: the server does not upgrade", attempt.what);
    say(fd, head, sizeof(head), attempt.what);
    say(fd, commands, size, attempt.what);
    judge(&attempt, fd);
    return attempt;
}

void kit_assert_doors_refused(struct kit_doors doors, struct kit_login login,
                              const char *why)
{
    kit_assert_refused(kit_try_mqtt(doors, login), why);
    kit_assert_refused(kit_try_websocket(doors, login), why);
    kit_assert_refused(kit_try_leaf(doors, login), why);
}
