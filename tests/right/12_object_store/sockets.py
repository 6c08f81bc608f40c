"""files, without a NATS library: an object is a few messages in a stream, and
each chunk is asked for."""
import base64
import hashlib
import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

PIECE, WAIT_S, PATIENCE_S, PAUSE_S = 128 * 1024, 5, 10, 0.02
USAGE = """usage: files put BUCKET FILE [DESCRIPTION]
       files get BUCKET NAME [FOLDER]
       files list BUCKET
       files rm BUCKET NAME
       files watch BUCKET"""


class Failure(Exception):
    pass


class Missing(Failure):
    pass


def ask(nc, subject, data=b"", header=b""):
    reply = nc.request(subject, data, WAIT_S, header)
    if client.is_nobody(reply):
        raise Failure("no JetStream here")
    return reply


def api(nc, call, document=None):
    data = b"" if document is None else json.dumps(document).encode()
    answer = json.loads(ask(nc, f"$JS.API.{call}", data).data)
    if answer.get("error", {}).get("code") == 404:
        raise Missing("not found")
    if "error" in answer:
        raise Failure(answer["error"]["description"])
    return answer


def store(nc, subject, data, header=b""):
    answer = json.loads(ask(nc, subject, data, header).data)
    if "error" in answer:
        raise Failure(answer["error"]["description"])


def last_part(path):
    return path.rpartition("/")[2]


def meta_subject(bucket, name):
    encoded = base64.urlsafe_b64encode(name.encode()).decode()
    return f"$O.{bucket}.M.{encoded}"


def create(nc, bucket):
    api(nc, f"STREAM.CREATE.OBJ_{bucket}", {
        "name": f"OBJ_{bucket}", "subjects": [f"$O.{bucket}.C.>", f"$O.{bucket}.M.>"],
        "storage": "file", "num_replicas": 3, "retention": "limits",
        "discard": "new", "max_consumers": -1, "max_msgs": -1, "max_bytes": -1,
        "max_age": 0, "allow_rollup_hdrs": True, "allow_direct": True})


def open_bucket(nc, bucket, may_create=False):
    try:
        api(nc, f"STREAM.INFO.OBJ_{bucket}")
    except Missing:
        if not may_create:
            raise
        create(nc, bucket)


def info_of(nc, bucket, name):
    message = api(nc, f"STREAM.MSG.GET.OBJ_{bucket}", {
        "last_by_subj": meta_subject(bucket, name)})["message"]
    info = json.loads(base64.b64decode(message["data"]))
    if info.get("deleted"):
        raise Missing("not found")
    return info


def publish_info(nc, bucket, info):
    store(nc, meta_subject(bucket, info["name"]), json.dumps(info).encode(),
          b"Nats-Rollup: sub")


def purge(nc, bucket, nuid):
    api(nc, f"STREAM.PURGE.OBJ_{bucket}", {"filter": f"$O.{bucket}.C.{nuid}"})


def put(nc, bucket, path, description=""):
    name, nuid, size, chunks = last_part(path), os.urandom(11).hex(), 0, 0
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        open_bucket(nc, bucket, True)
        try:
            old = info_of(nc, bucket, name)["nuid"]
        except Missing:
            old = None
        try:
            while piece := source.read(PIECE):
                store(nc, f"$O.{bucket}.C.{nuid}", piece)
                digest.update(piece)
                size, chunks = size + len(piece), chunks + 1
        except OSError:
            purge(nc, bucket, nuid)
            raise
    publish_info(nc, bucket, {
        "name": name, "description": description, "bucket": bucket, "nuid": nuid,
        "size": size, "chunks": chunks, "options": {"max_chunk_size": PIECE},
        "mtime": "0001-01-01T00:00:00Z", "digest": "SHA-256=" +
        base64.urlsafe_b64encode(digest.digest()).decode()})
    if old:
        purge(nc, bucket, old)
    print(f"put {client.shown(name)} {size}", flush=True)


def next_chunk(nc, bucket, nuid, sequence):
    """The next one, also where it comes late; its number."""
    question = json.dumps({"seq": sequence,
                           "next_by_subj": f"$O.{bucket}.C.{nuid}"}).encode()
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        nc.pause(0)  # has a signal come?
        try:
            reply = nc.request(f"$JS.API.DIRECT.GET.OBJ_{bucket}", question, WAIT_S)
            if not reply.header.startswith((b"NATS/1.0 404", b"NATS/1.0 503")):
                words = reply.header.split(b"Nats-Sequence:")[1].split()
                return reply.data, int(words[0])
        except client.Closed:
            nc.connect()
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            nc.connect()
        nc.pause(PAUSE_S)
    raise Failure("a chunk is missing")


def receive(nc, bucket, info, target):
    digest, left, sequence = hashlib.sha256(), info["size"], 1
    while left > 0:
        data, number = next_chunk(nc, bucket, info["nuid"], sequence)
        target.write(data)
        target.flush()
        digest.update(data)
        left, sequence = left - len(data), number + 1
    wanted = base64.urlsafe_b64decode(info["digest"].removeprefix("SHA-256="))
    if left < 0 or info["size"] > 0 and digest.digest() != wanted:
        raise Failure("the digest is wrong")


def get(nc, bucket, name, folder="."):
    info = info_of(nc, bucket, name)
    temporary = os.path.join(folder, f"part-{os.getpid()}")
    try:
        with open(temporary, "xb") as target:
            receive(nc, bucket, info, target)
        os.rename(temporary, os.path.join(folder, last_part(name)))
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
    print(f"got {client.shown(name)} {info['size']}", flush=True)


def infos(nc, bucket):
    """Those that are there, None, and those that come."""
    number = nc.subscribe(f"{nc.inbox}.watch")
    created = api(nc, f"CONSUMER.CREATE.OBJ_{bucket}", {
        "stream_name": f"OBJ_{bucket}", "config": {
            "deliver_subject": f"{nc.inbox}.watch",
            "filter_subject": f"$O.{bucket}.M.>", "ack_policy": "none",
            "deliver_policy": "last_per_subject", "replay_policy": "instant",
            "max_deliver": 1, "mem_storage": True, "num_replicas": 1,
            "inactive_threshold": 60 * 10**9}})
    left = created["num_pending"] + created["delivered"]["consumer_seq"]
    while True:
        if left == 0:
            yield None
        message = nc.next(number)
        left -= 1
        yield json.loads(message.data)


def listing(nc, bucket):
    open_bucket(nc, bucket)
    for info in infos(nc, bucket):
        if info is None:
            return
        if not info.get("deleted"):
            words = [info["name"], str(info["size"]), info.get("description", "")]
            print(client.shown(" ".join(words).rstrip()), flush=True)


def remove(nc, bucket, name):
    info = info_of(nc, bucket, name)
    publish_info(nc, bucket, {**info, "deleted": True, "size": 0, "chunks": 0})
    purge(nc, bucket, info["nuid"])
    print(f"removed {client.shown(name)}", flush=True)


def watch(nc, bucket):
    open_bucket(nc, bucket)
    live = False
    try:
        for info in infos(nc, bucket):
            if info is None:
                live = True
                print("--", flush=True)
            elif not info.get("deleted"):
                print("PUT", client.shown(info["name"]), info["size"], flush=True)
            elif live:
                print("DEL", client.shown(info["name"]), flush=True)
    except client.Stopped:
        pass


def usage():
    print(USAGE, file=sys.stderr)
    sys.exit(2)


def is_plain(text):
    return not any(c < " " or c in '"\\\x7f' for c in text)


def command(words):
    match words:
        case ["put", bucket, file, *more] if len(more) < 2 and \
                last_part(file) not in ("", ".", "..") and all(map(is_plain, words)):
            return lambda: put(connect(None), bucket, file, *more)
        case ["get", bucket, name, *more] if len(more) < 2 and \
                last_part(name) not in ("", ".", ".."):
            return lambda: get(connect(client.Signals()), bucket, name, *more)
        case ["list", bucket]:
            return lambda: listing(connect(client.Signals()), bucket)
        case ["rm", bucket, name] if name != "" and is_plain(name):
            return lambda: remove(connect(client.Signals()), bucket, name)
        case ["watch", bucket]:
            return lambda: watch(connect(client.Signals()), bucket)
    usage()


def connect(signals):
    return client.Client(client.urls(), "files", signals=signals)


work = command(sys.argv[1:])
try:
    work()
except client.Stopped:
    sys.exit("files: stopped")
except (Failure, client.Closed, OSError) as error:
    sys.exit(f"files: {error}")
