"""rollcall, without a NATS library."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

USAGE = "usage: rollcall call [SECONDS] | answer NAME"


def reply_to(nc, call, name):
    if call.reply:
        nc.publish(call.reply, os.fsencode(name))


def answer(name):
    nc = client.Client(client.urls(), "rollcall", signals=client.Signals(),
                       steady=True)
    calls = nc.subscribe("room.rollcall")
    nc.flush()
    print(f"{name} answers", flush=True)
    try:
        while True:
            reply_to(nc, nc.next(calls), name)
    except client.Stopped:
        nc.unsubscribe(calls)
        nc.flush()  # after that no call comes
    for call in nc.messages[calls]:
        reply_to(nc, call, name)
    nc.close()


def call(seconds):
    nc = client.Client(client.urls(), "rollcall")
    answers = nc.subscribe(nc.inbox)
    nc.publish("room.rollcall", reply=nc.inbox)
    here = 0
    try:
        while not client.is_nobody(message := nc.next(answers, seconds)):
            here += 1
            print(client.shown(message.data), flush=True)
    except TimeoutError:
        pass
    print(f"{here} here")
    nc.close()


def seconds_of(word):
    try:
        seconds = float(word)
    except ValueError:
        return None
    return seconds if 0.001 <= seconds <= 86400 else None


try:
    match sys.argv[1:]:
        case ["answer", name] if name:
            answer(name)
        case ["call"]:
            call(1.0)
        case ["call", word] if (seconds := seconds_of(word)):
            call(seconds)
        case _:
            print(USAGE, file=sys.stderr)
            sys.exit(2)
except (client.Closed, OSError) as error:
    sys.exit(f"rollcall: {error}")
