"""lottery NAME, in a language without a NATS library: the protocol is text.

Joins queue group `lottery` on room.lottery and replies NAME to every draw; on
SIGINT it unsubscribes, answers what is still under way, and ends.
"""
import json
import os
import signal
import socket
import sys
from urllib.parse import urlsplit


def connect(url):
    server = urlsplit(url)
    link = socket.create_connection((server.hostname, server.port))
    options = {"verbose": False, "name": "lottery.py", "lang": "python"}
    if server.username:
        options.update(user=server.username, **{"pass": server.password})
    link.sendall(b"CONNECT " + json.dumps(options).encode() + b"\r\n")
    return link


def play(link, name):
    lines = link.makefile("rb")
    leaving = False

    def leave(number, frame):
        nonlocal leaving
        leaving = True
        link.sendall(b"UNSUB 1\r\nPING\r\n")

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    link.sendall(b"SUB room.lottery lottery 1\r\n")
    for line in lines:
        words = line.split()
        if words[0] == b"MSG":
            lines.read(int(words[-1]) + 2)
            if len(words) == 5:
                reply = b"PUB %s %d\r\n%s\r\n" % (words[3], len(name), name)
                link.sendall(reply)
        elif words[0] == b"PING":
            link.sendall(b"PONG\r\n")
        elif words[0] == b"PONG" and leaving:
            return


if len(sys.argv) != 2:
    sys.exit("usage: lottery.py NAME")
url = os.environ.get("NATS_URL", "nats://127.0.0.1:4222").split(",")[0]
play(connect(url), sys.argv[1].encode())
