"""A small NATS client: what the right answers in Python share.

One thread, no callbacks: whoever waits for a message reads the socket. Only the
standard library; the protocol is lines of text (docs.nats.io, Client Protocol).
"""
import collections
import json
import os
import select
import signal
import socket
import time
from urllib.parse import urlsplit

Message = collections.namedtuple("Message", "subject reply header data")

class Stopped(Exception):
    """SIGINT or SIGTERM, told where one waits: never in the middle."""


class Closed(Exception):
    """The server has closed the connection, or refuses it."""


class Signals:
    """From now on a signal does nothing but make `fd` readable."""

    def __init__(self):
        self.reader, writer = socket.socketpair()
        writer.setblocking(False)
        self.writer = writer
        signal.set_wakeup_fd(writer.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)

    def fileno(self):
        return self.reader.fileno()


class Client:
    def __init__(self, urls, name="", echo=True, signals=None,
                 steady=False):
        self.servers = urls.split(",")
        self.steady = steady  # comes back by itself, with its subscriptions
        self.subscriptions = {}
        self.messages = {}
        self.options = {"verbose": False, "name": name, "echo": echo,
                        "lang": "python", "headers": True,
                        "no_responders": True, "protocol": 1}
        self.signals = signals
        self.inbox = f"_INBOX.{os.urandom(8).hex()}"
        self.last = 0
        self.connect()

    def connect(self):
        """To the first server that takes us."""
        why = "no server"
        for url in self.servers:
            try:
                return self.try_server(urlsplit(url))
            except (OSError, Closed) as error:
                why = str(error)
        raise Closed(why)

    def try_server(self, server):
        self.socket = socket.create_connection((server.hostname, server.port), 2)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = b""
        self.pongs = self.pings = 0
        self.info = json.loads(self.line(time.monotonic() + 2)[5:])
        login = {}
        if server.username:
            login = {"user": server.username, "pass": server.password}
        self.send(b"CONNECT " + json.dumps({**self.options, **login}).encode() +
                  b"\r\n")
        self.flush()

    def resume(self):
        """Another connection in the place of the one that is closed."""
        while True:
            try:
                self.connect()
                break
            except Closed:
                self.pause(0.05)
        for number, (subject, queue) in self.subscriptions.items():
            self.send(f"SUB {subject} {queue} {number}\r\n".encode())

    # --- what is sent ----------------------------------------------------

    def send(self, data):
        """All of it, however long the server takes."""
        self.socket.settimeout(None)
        self.socket.sendall(data)

    def publish(self, subject, data=b"", reply="", header=b""):
        words = f"{subject} {reply}".encode()
        if header:
            header = b"NATS/1.0\r\n" + header + b"\r\n\r\n"
            self.send(b"HPUB %s %d %d\r\n%s%s\r\n" % (
                words, len(header), len(header) + len(data), header, data))
        else:
            self.send(b"PUB %s %d\r\n%s\r\n" % (words, len(data), data))

    def subscribe(self, subject, queue=""):
        self.last += 1
        self.messages[self.last] = collections.deque()
        self.subscriptions[self.last] = (subject, queue)
        self.send(f"SUB {subject} {queue} {self.last}\r\n".encode())
        return self.last

    def unsubscribe(self, number):
        """What has come already can be taken; more does after a flush only."""
        self.send(b"UNSUB %d\r\n" % number)

    def flush(self):
        """The server has handled all that we sent; what comes meanwhile is
        kept."""
        self.pings += 1
        self.send(b"PING\r\n")
        while self.pongs < self.pings:
            self.read(time.monotonic() + 5, False)

    # --- what comes ------------------------------------------------------

    def wait(self, end, stoppable, others=()):
        """Until there is something to read; what there is of `others`."""
        inputs = [self.socket, *others]
        if stoppable and self.signals:
            inputs.append(self.signals)
        left = None if end is None else max(0, end - time.monotonic())
        ready = select.select(inputs, [], [], left)[0]
        if not ready:
            raise TimeoutError
        if self.signals in ready:
            raise Stopped
        if self.socket in ready:
            data = self.socket.recv(65536)
            if not data and self.steady:
                self.resume()
            elif not data:
                raise Closed("the server closed the connection")
            self.input += data
        return [other for other in others if other in ready]

    def pause(self, seconds):
        """Without a connection; a signal ends it."""
        if select.select([self.signals], [], [], seconds)[0]:
            raise Stopped

    def line(self, end, stoppable=False):
        while b"\r\n" not in self.input:
            self.wait(end, stoppable)
        line, _, self.input = self.input.partition(b"\r\n")
        return line

    def read(self, end, stoppable=True):
        """One thing that the server says."""
        words = self.line(end, stoppable).split()
        kind = words[0].upper()
        if kind in (b"MSG", b"HMSG"):
            self.take(words, 2 if kind == b"HMSG" else 1)
        elif kind == b"PING":
            self.send(b"PONG\r\n")
        elif kind == b"PONG":
            self.pongs += 1
        elif kind == b"-ERR" and not self.steady:
            raise Closed(b" ".join(words[1:]).decode())

    def handle(self):
        """What is here already, without waiting."""
        while b"\r\n" in self.input:
            self.read(None, False)

    def take(self, words, sizes):
        """A message, whose last words are the sizes of its header and of all."""
        size = int(words[-1])
        header = int(words[-2]) if sizes == 2 else 0
        while len(self.input) < size + 2:
            self.wait(None, False)
        data, self.input = self.input[:size], self.input[size + 2:]
        reply = words[3] if len(words) == 4 + sizes else b""
        message = Message(words[1], reply.decode(), data[:header], data[header:])
        self.messages.get(int(words[2]), collections.deque()).append(message)

    def next(self, number, timeout=None):
        """The next message of a subscription. TimeoutError, Stopped or Closed
        where none comes."""
        end = None if timeout is None else time.monotonic() + timeout
        while not self.messages[number]:
            self.read(end)
        return self.messages[number].popleft()

    def request(self, subject, data=b"", timeout=1.0, header=b""):
        """The first reply; is_nobody() tells one that is the server's own."""
        number = self.subscribe(f"{self.inbox}.{self.last + 1}")
        self.publish(subject, data, f"{self.inbox}.{number}", header)
        end = time.monotonic() + timeout
        while not self.messages[number]:
            self.read(end, False)
        self.unsubscribe(number)
        return self.messages.pop(number)[0]

    def close(self):
        self.flush()
        self.socket.close()


def is_nobody(message):
    """The server says that no one has subscribed."""
    return message.header.startswith(b"NATS/1.0 503")


def is_token(text):
    return text != "" and not any(c in ".*>" or c.isspace() for c in text)


def shown(text):
    """As a terminal may see it: control characters, and what is no UTF-8, as
    '?'."""
    if isinstance(text, bytes):
        text = text.decode(errors="surrogateescape")
    return "".join("?" if c < " " or "\x7f" <= c < "\xa0" or
                   "\ud800" <= c <= "\udfff" else c for c in text)


def urls():
    return os.environ.get("NATS_URL") or "nats://127.0.0.1:4222"
