"""orders, without a NATS library: JetStream is requests, too, and its answers
are JSON."""
import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

STORE_S, RETRY_S, PAUSE_S, FETCH_MS = 0.2, 15, 0.05, 100
USAGE = """usage: orders create
       orders publish FRANCHISE SKU COUNT
       orders process FRANCHISE SKU [BATCH]"""


class Failure(Exception):
    pass


def api(nc, call, document=None):
    """A request to JetStream; its answer, unless that is an error."""
    data = b"" if document is None else json.dumps(document).encode()
    reply = nc.request(f"$JS.API.{call}", data, 5)
    if client.is_nobody(reply):
        raise Failure("no JetStream here")
    answer = json.loads(reply.data)
    if "error" in answer:
        raise Failure(answer["error"]["description"])
    return answer


def create(nc):
    api(nc, "STREAM.CREATE.orders", {
        "name": "orders", "subjects": ["orders.>"], "storage": "file",
        "num_replicas": 3, "retention": "limits", "discard": "old",
        "max_consumers": -1, "max_msgs": -1, "max_bytes": -1, "max_age": 0})


def store(nc, subject, name, order):
    """One attempt. The server's answer, or None."""
    header = f"Nats-Msg-Id: {name}".encode()
    try:
        reply = nc.request(subject, order, STORE_S, header)
        answer = json.loads(reply.data) if reply.data else {"error": None}
    except TimeoutError:
        return None
    except (client.Closed, OSError):
        nc.connect()
        return None
    return answer if "error" not in answer else None


def publish(nc, franchise, sku, count):
    for number in range(1, count + 1):
        name = f"{franchise}.{sku}.{number}"
        order = json.dumps({"id": name, "sku": sku, "quantity": 1},
                           separators=(",", ":")).encode()
        end = time.monotonic() + RETRY_S
        while not (answer := store(nc, f"orders.{franchise}.{sku}", name, order)):
            if time.monotonic() > end:
                raise Failure(f"{name} is not stored")
            nc.pause(PAUSE_S)
        word = "duplicate" if answer.get("duplicate") else "stored"
        print(word, name, flush=True)


def fetch(nc, durable, batch):
    """Until as many have come, or the server says that it ends: nothing that we
    ask for is under way when we leave."""
    inbox = f"{nc.inbox}.{nc.last + 1}"
    number = nc.subscribe(inbox)
    nc.publish(f"$JS.API.CONSUMER.MSG.NEXT.orders.{durable}",
               json.dumps({"batch": batch, "expires": FETCH_MS * 10**6}).encode(),
               inbox)
    got = []
    while len(got) < batch:
        while not nc.messages[number]:
            nc.read(time.monotonic() + 5, False)
        message = nc.messages[number].popleft()
        if message.header.startswith(b"NATS/1.0 4"):
            break
        got.append(message)
    nc.unsubscribe(number)
    return got


def process_order(nc, message):
    try:
        name = json.loads(message.data)["id"]
        if not isinstance(name, str):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        print("orders: no order:", client.shown(message.data), file=sys.stderr)
        nc.request(message.reply, b"+TERM", 5)
        return
    print(client.shown(name), flush=True)
    nc.request(message.reply, b"+ACK", 5)


def process(nc, franchise, sku, batch):
    durable = f"{franchise}_{sku}_processor"
    subject = f"orders.{franchise}.{sku}"
    api(nc, f"CONSUMER.CREATE.orders.{durable}.{subject}", {
        "stream_name": "orders", "config": {
            "name": durable, "durable_name": durable, "filter_subject": subject,
            "deliver_policy": "all", "ack_policy": "explicit",
            "ack_wait": 5 * 10**9, "replay_policy": "instant"}})
    while True:
        info = api(nc, f"CONSUMER.INFO.orders.{durable}")
        if info["num_pending"] == 0 and info["num_ack_pending"] == 0:
            return
        for message in fetch(nc, durable, batch):
            process_order(nc, message)
        nc.pause(0)  # has a signal come?


def number_of(word):
    if not (word.isascii() and word.isdigit() and len(word) < 10 and int(word)):
        usage()
    return int(word)


def usage():
    print(USAGE, file=sys.stderr)
    sys.exit(2)


def is_word(text):
    return client.is_token(text) and not any(c in '/\\"' for c in text)


def command(words):
    match words:
        case ["create"]:
            return lambda nc: create(nc)
        case ["publish", franchise, sku, count] \
                if is_word(franchise) and is_word(sku):
            number = number_of(count)
            return lambda nc: publish(nc, franchise, sku, number)
        case ["process", franchise, sku, *batch] \
                if is_word(franchise) and is_word(sku) and len(batch) < 2:
            number = number_of(batch[0]) if batch else 10
            return lambda nc: process(nc, franchise, sku, number)
    usage()


work = command(sys.argv[1:])
signals = client.Signals()
try:
    work(client.Client(client.urls(), "orders", signals=signals))
except client.Stopped:
    pass
except (Failure, client.Closed, OSError) as error:
    sys.exit(f"orders: {error}")
