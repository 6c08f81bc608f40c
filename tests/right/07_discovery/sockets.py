"""who, without a NATS library: one subscription for each who is asked."""
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

USAGE = "usage: who [KEY | --stats]"
QUIET = 0.3


def dictionary(value):
    return value if isinstance(value, dict) else {}


def text(value, name):
    found = dictionary(value).get(name)
    return client.shown(found.encode()) if isinstance(found, str) and found else "-"


def number(value, name):
    found = dictionary(value).get(name)
    return round(found) if isinstance(found, (int, float)) else 0


def endpoints(service):
    found = service.get("endpoints")
    return found if isinstance(found, list) else []


def owner(service):
    return text(service.get("metadata"), "owner")


def gather(nc, subject):
    answers = nc.subscribe(nc.inbox)
    nc.publish(subject, reply=nc.inbox)
    services = []
    try:
        while not client.is_nobody(message := nc.next(answers, QUIET)):
            try:
                services.append(dict(json.loads(message.data)))
            except (ValueError, TypeError):
                print("who: not JSON:", client.shown(message.data), file=sys.stderr)
    except TimeoutError:
        pass
    return services


def services(nc):
    for s in gather(nc, "$SRV.INFO"):
        names = ",".join(text(e, "name") for e in endpoints(s)) or "-"
        yield "\t".join([owner(s), text(s, "name"), text(s, "version"),
                         text(s, "id"), names])


def statistics(nc):
    for s in gather(nc, "$SRV.STATS"):
        for e in endpoints(s):
            numbers = (number(e, "num_requests"), number(e, "num_errors"),
                       round(number(e, "average_processing_time") / 1000))
            yield "\t".join([owner(s), text(s, "name"), text(e, "name"),
                             *map(str, numbers)])


def header(message, name):
    found = re.search(rb"\r\n" + name + rb": *([^\r]*)", message.header)
    return found and client.shown(found.group(1))


def values(nc, key):
    asked = {}
    for s in gather(nc, "$SRV.INFO"):
        for e in endpoints(s):
            subject = dictionary(e).get("subject")
            if (text(s, "name"), text(e, "name")) != ("favorites", "get"):
                continue
            if not isinstance(subject, str) or re.search(r"[\s\x00]", subject):
                continue
            if subject in asked:
                continue
            inbox = f"{nc.inbox}.{len(asked)}"
            asked[subject] = (owner(s), nc.subscribe(inbox))
            nc.publish(subject, os.fsencode(key), inbox)
    for who, answers in asked.values():
        try:
            message = nc.next(answers, QUIET)
        except TimeoutError:
            print(f"who: {who} did not answer", file=sys.stderr)
            continue
        code = header(message, b"Nats-Service-Error-Code")
        if client.is_nobody(message):
            continue
        if code not in (None, "404"):
            print(f"who: {who}: {code}", header(message, b"Nats-Service-Error"),
                  file=sys.stderr)
            continue
        yield f"{who}: {'-' if code else client.shown(message.data)}"


def main(words):
    if len(words) > 1:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        nc = client.Client(client.urls(), "who")
    except client.Closed as error:
        print("who:", error, file=sys.stderr)
        return 1
    if not words:
        rows = services(nc)
    elif words == ["--stats"]:
        rows = statistics(nc)
    else:
        rows = values(nc, words[0])
    for row in sorted(rows, key=os.fsencode):
        print(row)
    nc.close()
    return 0


sys.exit(main(sys.argv[1:]))
