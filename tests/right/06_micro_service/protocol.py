"""favorites OWNER FILE, without a library for services: what the framework says
on $SRV.PING, INFO and STATS is JSON, and its errors are headers."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from client import Client, Closed, Signals, Stopped, is_token, urls

TYPE = "io.nats.micro.v1.%s_response"
STARTED = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Service:
    def __init__(self, nc, owner, favorites):
        self.nc, self.owner, self.favorites = nc, owner, favorites
        self.id = os.urandom(8).hex()
        self.requests = {"list": 0, "get": 0}
        self.errors = {"list": 0, "get": 0}
        self.nanoseconds = {"list": 0, "get": 0}
        self.handlers = {}
        for verb in ("PING", "INFO", "STATS"):
            for name in ("", ".favorites", f".favorites.{self.id}"):
                self.on(f"$SRV.{verb}{name}", "", lambda m, v=verb: self.tell(m, v))
        for name in ("list", "get"):
            self.on(f"room.favorites.{owner}.{name}", "q",
                    lambda m, n=name: self.count(m, n))

    def on(self, subject, queue, handler):
        self.handlers[self.nc.subscribe(subject, queue)] = handler

    def endpoint(self, name, stats):
        told = {"name": name, "subject": f"room.favorites.{self.owner}.{name}",
                "queue_group": "q"}
        if not stats:
            return {**told, "metadata": {"description": f"to {name} things"}}
        return {**told, "num_requests": self.requests[name],
                "num_errors": self.errors[name], "last_error": "",
                "processing_time": self.nanoseconds[name],
                "average_processing_time":
                    self.nanoseconds[name] // max(1, self.requests[name])}

    def tell(self, message, verb):
        about = {"type": TYPE % verb.lower(), "name": "favorites",
                 "id": self.id, "version": "0.0.1",
                 "metadata": {"owner": self.owner}}
        if verb == "INFO":
            about["description"] = "favorite things"
        if verb == "STATS":
            about["started"] = STARTED
        if verb != "PING":
            about["endpoints"] = [self.endpoint(name, verb == "STATS")
                                  for name in ("list", "get")]
        self.nc.publish(message.reply, json.dumps(about, indent=1).encode())

    def count(self, message, name):
        begin = time.monotonic_ns()
        self.requests[name] += 1
        if message.reply:
            getattr(self, name)(message)
        self.nanoseconds[name] += time.monotonic_ns() - begin

    def list(self, message):
        keys = sorted(self.favorites, key=str.encode)
        self.nc.publish(message.reply, json.dumps(keys).encode())

    def get(self, message):
        key = message.data.decode(errors="replace")
        if key in self.favorites:
            self.nc.publish(message.reply, self.favorites[key].encode())
            return
        self.errors["get"] += 1
        text = " ".join(f"not found: {key}".split("\n"))
        self.nc.publish(message.reply, b"", header=b"Nats-Service-Error: %s\r\n"
                        b"Nats-Service-Error-Code: 404" % text.encode())

    def serve(self):
        for number, handler in self.handlers.items():
            while self.nc.messages[number]:
                handler(self.nc.messages[number].popleft())

    def run(self):
        try:
            while True:
                self.serve()
                self.nc.read(None)
        except Stopped:
            for number in self.handlers:
                self.nc.unsubscribe(number)
            self.nc.flush()
            self.serve()
            self.nc.close()


def read(file):
    with open(file, encoding="utf-8") as text:
        favorites = json.load(text)
    if not isinstance(favorites, dict) or not all(
            isinstance(value, str) for value in favorites.values()):
        raise ValueError("not an object of strings")
    return favorites


if len(sys.argv) != 3 or not is_token(sys.argv[1]):
    sys.exit(print("usage: favorites OWNER FILE", file=sys.stderr) or 2)
try:
    favorites = read(sys.argv[2])
    nc = Client(urls(), "favorites", signals=Signals())
    service = Service(nc, sys.argv[1], favorites)
    nc.flush()
    print("ready", flush=True)
    service.run()
except (OSError, ValueError, Closed) as error:
    sys.exit(f"favorites: {sys.argv[2]}: {error}".replace("\n", " "))
