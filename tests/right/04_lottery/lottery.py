"""lottery NAME, in a language without a NATS library: the protocol is text.

Joins queue group `lottery` on room.lottery and replies NAME to every draw; on
SIGINT it unsubscribes, answers what is still under way, and ends.
"""
import json
import os
import signal
import socket
import sys
import threading
from urllib.parse import urlsplit

ENDING = {signal.SIGINT, signal.SIGTERM}


class Link:
    def __init__(self, url):
        server = urlsplit(url)
        self.socket = socket.create_connection((server.hostname, server.port))
        self.lines = self.socket.makefile("rb")
        self.lock = threading.Lock()
        options = {"verbose": False, "name": "lottery.py", "lang": "python"}
        if server.username:
            options.update(user=server.username, **{"pass": server.password})
        self.send(b"CONNECT " + json.dumps(options).encode() + b"\r\n")

    def send(self, text):
        with self.lock:
            self.socket.sendall(text)


def connect(urls):
    """To the first server that answers."""
    for url in urls.split(","):
        try:
            return Link(url)
        except OSError as error:
            why = error
    sys.exit(f"lottery.py: {why}")


def leave(link):
    """Waits for the signal. The PONG says that no draw comes any more."""
    signal.sigwait(ENDING)
    link.send(b"UNSUB 1\r\nPING\r\n")


def play(link, name):
    link.send(b"SUB room.lottery lottery 1\r\n")
    for line in link.lines:
        words = line.split()
        if words[0] == b"MSG":
            link.lines.read(int(words[-1]) + 2)
            if len(words) == 5:
                link.send(b"PUB %s %d\r\n%s\r\n" % (words[3], len(name), name))
        elif words[0] == b"PING":
            link.send(b"PONG\r\n")
        elif words[0] == b"PONG":
            return


def flush(link):
    """The PONG says that the server has our replies: what it has not read yet
    when we close would be lost."""
    link.send(b"PING\r\n")
    for line in link.lines:
        if line.startswith(b"PONG"):
            return


if len(sys.argv) != 2 or not sys.argv[1]:
    print("usage: lottery.py NAME", file=sys.stderr)
    sys.exit(2)
signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
link = connect(os.environ.get("NATS_URL", "nats://127.0.0.1:4222"))
threading.Thread(target=leave, args=(link,), daemon=True).start()
play(link, sys.argv[1].encode())
flush(link)
