"""guestbook, without a NATS library."""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

USAGE = "usage: guestbook [sign NAME MESSAGE | guests [NAME]]"


class Failure(Exception):
    pass


def as_usage(reply):
    """As it came, lines and all."""
    return [client.shown(line) for line in reply.data.split(b"\n")]


def document(reply):
    try:
        return json.loads(reply.data)
    except ValueError as error:
        raise Failure(f"not JSON: {error}") from error


def as_guests(reply):
    guests = document(reply)["guests"]
    if not isinstance(guests, list):
        raise TypeError
    return [client.shown(name) for name in sorted(guests, key=str.encode)]


def as_entries(reply):
    entries = document(reply)["entries"]
    if not isinstance(entries, list):
        raise TypeError
    return [client.shown(e["time"]) + "  " + client.shown(e["message"])
            for e in entries]


def raise_error(reply):
    """Where the reply is an error: by its header, or by its JSON."""
    for line in reply.header.split(b"\r\n"):
        name, _, text = line.partition(b":")
        if name == b"Nats-Service-Error":
            raise Failure("error: " + client.shown(text.strip()))
    try:
        error = json.loads(reply.data).get("error")
    except (ValueError, AttributeError):
        return
    if error is not None:
        raise Failure(f"error: {client.shown(str(error))}")


def question(words):
    """Subject, payload, and what makes lines of the reply."""
    match words:
        case []:
            return "room.guestbook", "", as_usage
        case ["sign", name, message] if client.is_token(name):
            return f"room.guestbook.sign.{name}", message, as_usage
        case ["guests"]:
            return "room.guestbook.guests", "", as_guests
        case ["guests", name] if client.is_token(name):
            return f"room.guestbook.guests.{name}", "", as_entries
    print(USAGE, file=sys.stderr)
    sys.exit(2)


def ask(subject, text, lines_of):
    nc = client.Client(client.urls(), "guestbook")
    reply = nc.request(subject, text.encode(errors="surrogateescape"), 1.0)
    nc.close()
    if client.is_nobody(reply):
        raise Failure("no responders")
    raise_error(reply)
    try:
        return lines_of(reply)
    except (KeyError, TypeError, AttributeError) as error:
        raise Failure("not JSON as expected") from error


asked = question(sys.argv[1:])
try:
    for line in ask(*asked):
        print(line)
except TimeoutError:
    sys.exit("guestbook: timeout")
except (Failure, client.Closed, OSError) as error:
    sys.exit(f"guestbook: {error}")
