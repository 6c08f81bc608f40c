"""kv, without a NATS library: a bucket is a stream, a key is a subject, and a
watch is a consumer."""
import base64
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

STORE_S, RETRY_S, PAUSE_S, BEAT_S = 0.25, 15, 0.02, 0.5
NO_MESSAGE, NO_STREAM, OUTDATED = 10037, 10059, (10071, 10164)
USAGE = """usage: kv put BUCKET KEY [VALUE] | get BUCKET KEY | del BUCKET KEY
       kv history BUCKET KEY | watch BUCKET | incr BUCKET KEY [TIMES]"""


class Failure(Exception):
    pass


def fields(message):
    lines = message.header.decode().split("\r\n")
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def is_delete(message):
    return "KV-Operation" in fields(message)


class Bucket:
    def __init__(self, nc, name):
        self.nc, self.stream, self.subject = nc, f"KV_{name}", f"$KV.{name}"
        answer = self.api(f"STREAM.INFO.{self.stream}")
        if answer.get("error", {}).get("err_code") == NO_STREAM:
            answer = self.api(f"STREAM.CREATE.{self.stream}", {
                "name": self.stream, "subjects": [f"{self.subject}.>"],
                "max_msgs_per_subject": 5, "num_replicas": 3, "storage": "file",
                "retention": "limits", "discard": "new", "max_consumers": -1,
                "max_msgs": -1, "max_bytes": -1, "max_age": 0,
                "max_msg_size": -1, "allow_rollup_hdrs": True,
                "deny_delete": True, "allow_direct": True,
                "duplicate_window": 120 * 10**9})
        self.must(answer)

    def api(self, call, document=None):
        data = b"" if document is None else json.dumps(document).encode()
        return json.loads(self.nc.request(f"$JS.API.{call}", data, 2.5).data)

    def must(self, answer):
        if "error" in answer:
            raise Failure(answer["error"]["description"])
        return answer

    def last(self, key):
        """The key's last message, or None. Not from a replica, which may be
        behind: from the leader."""
        answer = self.api(f"STREAM.MSG.GET.{self.stream}",
                          {"last_by_subj": f"{self.subject}.{key}"})
        if answer.get("error", {}).get("err_code") == NO_MESSAGE:
            return None, 0
        found = self.must(answer)["message"]
        header = base64.b64decode(found.get("hdrs", ""))
        data = base64.b64decode(found.get("data", ""))
        return client.Message(b"", "", header, data), found["seq"]

    def store(self, key, data, timeout, *header):
        reply = self.nc.request(f"{self.subject}.{key}", data, timeout,
                                "\r\n".join(header).encode())
        if client.is_nobody(reply):
            raise TimeoutError("nobody leads the bucket")
        return json.loads(reply.data)

    def consume(self, subject, config, timeout):
        """Messages in their order, and None after those that there were. When
        nothing is heard for a while, begins anew after the last one."""
        pending, seen = None, 0
        while True:
            number = self.nc.subscribe(f"{self.nc.inbox}.{self.nc.last + 1}")
            start = config if seen == 0 else {
                "deliver_policy": "by_start_sequence", "opt_start_seq": seen + 1}
            try:
                answer = self.must(self.api(f"CONSUMER.CREATE.{self.stream}", {
                    "stream_name": self.stream, "config": {
                        "deliver_subject": f"{self.nc.inbox}.{number}",
                        "filter_subject": subject, "ack_policy": "none",
                        "idle_heartbeat": int(BEAT_S * 10**9),
                        "mem_storage": True, "num_replicas": 1, **start}}))
                if pending is None:
                    pending = answer["num_pending"]
                    if pending == 0:
                        yield None, 0
                while True:
                    message = self.nc.next(number, timeout)
                    if message.header.startswith(b"NATS/1.0 100"):
                        continue
                    seen = int(message.reply.split(".")[5])
                    yield message, seen
                    pending -= 1
                    if pending == 0:
                        yield None, 0
            except TimeoutError:
                self.nc.unsubscribe(number)


def put(bucket, key, value=None):
    data = sys.stdin.buffer.read() if value is None else os.fsencode(value)
    print(bucket.must(bucket.store(key, data, 2.5))["seq"])


def get(bucket, key):
    message, _ = bucket.last(key)
    if message is None or is_delete(message):
        raise Failure("Not Found")
    sys.stdout.buffer.write(message.data)


def delete(bucket, key):
    bucket.must(bucket.store(key, b"", 2.5, "KV-Operation: DEL"))


def history(bucket, key):
    count = 0
    for message, revision in bucket.consume(
            f"{bucket.subject}.{key}", {"deliver_policy": "all"}, 2):
        if message is None:
            break
        count += 1
        print(revision, "DEL" if is_delete(message) else
              f"PUT {client.shown(message.data)}")
    if count == 0:
        raise Failure("Not Found")


def watch(bucket):
    present = True
    for message, _ in bucket.consume(
            f"{bucket.subject}.>", {"deliver_policy": "last_per_subject"},
            3 * BEAT_S):
        if message is None:
            print("--")
            present = False
            continue
        key = message.subject if isinstance(message.subject, str) else \
            message.subject.decode()
        key = key[len(bucket.subject) + 1:]
        if not is_delete(message):
            print("PUT", key, client.shown(message.data))
        elif not present:
            print("DEL", key)


def look(bucket, key):
    message, revision = bucket.last(key)
    if message is None or is_delete(message):
        return 0, revision
    if not re.fullmatch(rb"-?\d{1,19}", message.data):
        raise Failure(f"{key} isn't a number")
    return int(message.data), revision


def add_one(bucket, key, end):
    """One attempt, with one message id. None: somebody else was faster."""
    number, revision = look(bucket, key)
    name = os.urandom(8).hex()
    while True:
        try:
            answer = bucket.store(
                key, b"%d" % (number + 1), STORE_S, f"Nats-Msg-Id: {name}",
                f"Nats-Expected-Last-Subject-Sequence: {revision}")
            if "error" not in answer:
                return number + 1
            if answer["error"]["err_code"] in OUTDATED:
                return None
        except TimeoutError:
            pass
        if time.monotonic() > end:
            raise Failure("nobody says whether it is stored")
        bucket.nc.pause(PAUSE_S)


def incr(bucket, key, times="1"):
    for _ in range(int(times)):
        end, number = time.monotonic() + RETRY_S, None
        while number is None and time.monotonic() < end:
            try:
                number = add_one(bucket, key, end)
            except TimeoutError:
                continue  # nobody answers just now: nothing was sent
        print(number)


def usage():
    print(USAGE, file=sys.stderr)
    sys.exit(2)


def understand(words):
    verbs = {"put": (put, 3, 4), "get": (get, 3, 3), "del": (delete, 3, 3),
             "history": (history, 3, 3), "watch": (watch, 2, 2),
             "incr": (incr, 3, 4)}
    if not words or words[0] not in verbs:
        usage()
    verb, least, most = verbs[words[0]]
    if not least <= len(words) <= most or not re.fullmatch(r"[\w-]+", words[1]):
        usage()
    if verb == incr and most == len(words) and not (
            re.fullmatch("[0-9]{1,7}", words[3]) and int(words[3])):
        usage()
    return lambda nc: verb(Bucket(nc, words[1]), *words[2:])


work = understand(sys.argv[1:])
signals = client.Signals()
try:
    work(client.Client(client.urls(), "kv", signals=signals, steady=True))
except client.Stopped:
    pass
except (Failure, client.Closed, OSError) as error:
    sys.exit(f"kv: {error}")
