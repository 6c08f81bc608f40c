#include "kit/wire/mqtt.h"

#include "kit/base/clock.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* MQTT 3.1.1, 3.1 and 3.2: the packets CONNECT and CONNACK. */
#define CONNECT 0x10
#define CONNACK_SIZE 4
#define NOT_AUTHORIZED 5

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
        kit_undecided("no server answers at port %d for MQTT", port);
    return fd;
}

struct kit_attempt kit_try_mqtt(int port, struct kit_login login)
{
    struct kit_attempt attempt = {
        .what = kit_text("as %s, connecting by MQTT", login.user), .text = ""};
    uint8_t packet[128], answer[CONNACK_SIZE];
    size_t size = fill_connect(packet, &login);
    int fd = connect_to(port);

    if (send(fd, packet, size, MSG_NOSIGNAL) != (ssize_t)size ||
        recv(fd, answer, sizeof(answer), MSG_WAITALL) != sizeof(answer))
        kit_undecided("%s: the server does not answer", attempt.what);
    close(fd);
    if (answer[3] == NOT_AUTHORIZED) {
        attempt.outcome = KIT_REFUSED;
        attempt.text = "not authorized";
    }
    return attempt;
}
