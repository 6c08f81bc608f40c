"""fleet, without a NATS library."""
import collections
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

USAGE = "usage: fleet query [FILTER] [--by KEY] | fleet stats GROUP REGION"
QUIET = 0.5
FIRST = ("id", "group", "region")


def question_of(words):
    """Subject, filter and key; None where it's wrong."""
    if words[:1] == ["stats"] and len(words) == 3:
        if all(map(client.is_token, words[1:])):
            return f"fleet.stats.{words[1]}.{words[2]}", "", None
        return None
    if words[:1] != ["query"]:
        return None
    words, wanted, key = words[1:], "{}", None
    if words[-2:-1] == ["--by"]:
        key = words.pop()
        words.pop()
    if words:
        wanted = words.pop(0)
    try:
        if words or not isinstance(json.loads(wanted), dict):
            return None
    except ValueError:
        return None
    return "fleet.query", wanted, key


def gather(nc, subject, wanted):
    inbox = nc.subscribe(nc.inbox)
    nc.publish(subject, wanted.encode(), nc.inbox)
    answers = []
    try:
        while not client.is_nobody(message := nc.next(inbox, QUIET)):
            try:
                answer = json.loads(message.data)
            except ValueError:
                answer = None
            if isinstance(answer, dict):
                answers.append(answer)
            else:
                print("fleet: no answer:", client.shown(message.data),
                      file=sys.stderr)
    except TimeoutError:
        pass
    return answers


def cell(answer, key):
    value = answer.get(key, "-")
    if not isinstance(value, str):
        value = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return client.shown(value) or "-"


def table(answers):
    keys = {key for answer in answers for key in answer} | {"id"}
    columns = sorted(keys, key=lambda key: (
        FIRST.index(key) if key in FIRST else len(FIRST), key.encode()))
    if answers:
        print("\t".join(map(client.shown, columns)))
    return ["\t".join(cell(answer, key) for key in columns)
            for answer in answers]


def counts(answers, key):
    found = collections.Counter(cell(answer, key) for answer in answers)
    return [f"{value}\t{count}" for value, count in found.items()]


def main(words):
    question = question_of(words)
    if question is None:
        print(USAGE, file=sys.stderr)
        return 2
    subject, wanted, key = question
    try:
        nc = client.Client(client.urls(), "fleet")
    except client.Closed as error:
        print("fleet:", error, file=sys.stderr)
        return 1
    answers = gather(nc, subject, wanted)
    rows = table(answers) if key is None else counts(answers, key)
    print("".join(row + "\n" for row in sorted(rows, key=str.encode)), end="")
    print(len(answers), "answered")
    nc.close()
    return 0


sys.exit(main(sys.argv[1:]))
