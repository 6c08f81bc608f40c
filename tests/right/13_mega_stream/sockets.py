"""mega, without a NATS library: JetStream is requests, and its answers are JSON.
What a stream's configuration has, and this program does not know, stays."""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

MEGA, ORDERS = "global_orders", "orders"


class Failure(Exception):
    pass


def api(nc, call, document=None, prefix="$JS.API"):
    """A request to JetStream; its answer, unless that is an error."""
    data = b"" if document is None else json.dumps(document).encode()
    reply = nc.request(f"{prefix}.{call}", data, 5)
    if client.is_nobody(reply):
        raise Failure(f"nobody answers at {prefix}")
    answer = json.loads(reply.data)
    if "error" in answer:
        raise Failure(answer["error"]["description"])
    return answer


def present(nc):
    """The configuration, None where there is no such stream."""
    names = api(nc, "STREAM.NAMES").get("streams") or []
    if MEGA not in names:
        return None
    return api(nc, f"STREAM.INFO.{MEGA}")["config"]


def add(nc, domain):
    prefix = f"$JS.{domain}.API"
    api(nc, f"STREAM.INFO.{ORDERS}", prefix=prefix)
    source = {"name": ORDERS, "external": {"api": prefix}}
    config = present(nc)
    if config is None:
        api(nc, f"STREAM.CREATE.{MEGA}", {
            "name": MEGA, "storage": "file", "num_replicas": 3,
            "retention": "limits", "discard": "old", "sources": [source]})
        return
    if any(other.get("external", {}).get("api") == prefix
           for other in config["sources"]):
        raise Failure(f"{domain} is a source already")
    config["sources"] = [source] + config["sources"]
    api(nc, f"STREAM.UPDATE.{MEGA}", config)


def show(nc):
    for source in api(nc, f"STREAM.INFO.{MEGA}").get("sources", []):
        prefix = source.get("external", {}).get("api", "$JS.-.API")
        domain = client.shown(prefix[len("$JS."):-len(".API")])
        active = (f"active {source['active'] // 10**6} ms ago"
                  if source["active"] >= 0 else "never active")
        print(f"{domain}: lag {source['lag']}, {active}")


def command(words):
    match words:
        case ["add", domain] if client.is_token(domain):
            return lambda nc: add(nc, domain)
        case ["list"]:
            return show
    print("usage: mega add DOMAIN\n       mega list", file=sys.stderr)
    sys.exit(2)


work = command(sys.argv[1:])
try:
    work(client.Client(client.urls(), "mega"))
except (Failure, client.Closed, TimeoutError, OSError) as error:
    sys.exit(f"mega: {error}")
