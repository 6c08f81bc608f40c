"""device, without a NATS library: one thread, and one subscription after the
other."""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

USAGE = "usage: device ID --group GROUP --region REGION [--set KEY=VALUE]..."


def facts_of(words):
    """What the command line says; None where it's wrong."""
    if len(words) % 2 == 0 or not client.is_token(words[0]):
        return None
    facts = {"id": words[0]}
    for name, value in zip(words[1::2], words[2::2]):
        if name in ("--group", "--region") and client.is_token(value):
            facts[name[2:]] = value
        elif name == "--set" and "=" in value:
            key, _, text = value.partition("=")
            try:
                facts[key] = json.loads(text)
            except ValueError:
                facts[key] = text
        else:
            return None
    return facts if "group" in facts and "region" in facts else None


def matches(fact, wanted):
    if isinstance(wanted, dict) and isinstance(fact, dict):
        return all(key in fact and matches(fact[key], wanted[key])
                   for key in wanted)
    if isinstance(wanted, bool) != isinstance(fact, bool):
        return False  # for Python, True is 1
    return fact == wanted


def filter_of(message):
    try:
        wanted = json.loads(message.data or b"{}")
    except ValueError:
        wanted = None
    if isinstance(wanted, dict):
        return wanted
    print("device: no filter:", client.shown(message.data), file=sys.stderr)
    return None


class Device:
    def __init__(self, nc, facts):
        self.nc, self.facts = nc, facts
        self.queries = self.answers = 0
        self.query = nc.subscribe("fleet.query")
        self.stats = nc.subscribe(
            f"fleet.stats.{facts['group']}.{facts['region']}")
        nc.flush()

    def reply(self, message, answer):
        if message.reply:
            self.nc.publish(message.reply, json.dumps(answer).encode())

    def on_query(self, message):
        self.queries += 1
        wanted = filter_of(message)
        if wanted is not None and matches(self.facts, wanted):
            self.reply(message, self.facts)
            self.answers += 1

    def handle(self):
        """All that is here."""
        for number, answer in ((self.query, self.on_query),
                               (self.stats, self.on_stats)):
            while self.nc.messages[number]:
                answer(self.nc.messages[number].popleft())

    def on_stats(self, message):
        self.reply(message, {"id": self.facts["id"], "queries": self.queries,
                             "answers": self.answers})

    def serve(self):
        try:
            while True:
                self.nc.read(None)
                self.handle()
        except client.Stopped:
            self.nc.unsubscribe(self.query)
            self.nc.unsubscribe(self.stats)
            self.nc.flush()
            self.handle()


def main(words):
    facts = facts_of(words) if words else None
    if facts is None:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        nc = client.Client(client.urls(), "device", signals=client.Signals())
    except client.Closed as error:
        print("device:", error, file=sys.stderr)
        return 1
    device = Device(nc, facts)
    print(facts["id"], "is online")
    device.serve()
    nc.close()
    return 0


sys.exit(main(sys.argv[1:]))
