"""connect, without a NATS library: here reconnecting is done by hand."""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

PAUSE_S = 0.25


def say(line):
    print(line, flush=True)


def report(nc):
    before = time.monotonic_ns()
    nc.flush()
    rtt = (time.monotonic_ns() - before) // 1000
    say(f"connected to {nc.info['server_name']} ({nc.info['cluster']}), "
        f"rtt {rtt} us")


def stay(nc):
    """Until the connection is lost. Nobody has subscribed to anything."""
    while True:
        nc.read(None)


def come_back(nc):
    nc.servers.append(nc.servers.pop(0))
    while True:
        try:
            return nc.connect()
        except client.Closed:
            nc.pause(PAUSE_S)


def run(nc):
    report(nc)
    while True:
        try:
            stay(nc)
        except (client.Closed, OSError):
            say("disconnected")
        come_back(nc)
        say(f"reconnected to {nc.info['server_name']}")


if len(sys.argv) != 1:
    print("usage: connect", file=sys.stderr)
    sys.exit(2)
signals = client.Signals()
try:
    run(client.Client(client.urls(), "connect", signals=signals))
except client.Stopped:
    say("closed")
except client.Closed as error:
    sys.exit(f"connect: {error}")
