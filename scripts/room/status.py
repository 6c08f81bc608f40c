"""Print a table of the nodes whose monitoring addresses are the arguments.

Nodes are n1, n2, ... in the order of the arguments. Only json and socket: the
workbench has a minimal python3.
"""

import json
import socket
import sys

ROW = "{:<6}{:<11}{:>11}{:>12}{:>9}{:>11}"


def get(address, path):
    """Return the JSON document at path; OSError or ValueError if none."""
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=2) as server:
        server.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        with server.makefile("rb") as answer:
            _, _, body = answer.read().partition(b"\r\n\r\n")
    return json.loads(body)


def row(name, address):
    try:
        var = get(address, "/varz")
        js = get(address, "/jsz")
    except (OSError, ValueError):
        return name, "down", "-", "-", "-", "-"
    leader = js.get("meta_cluster", {}).get("leader")
    role = "leader" if leader == name else "follower"
    return (name, role if leader else "no leader", var["connections"],
            var["leafnodes"], js.get("streams", 0),
            f"{var['mem'] / 2**20:.0f} MiB")


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: status.py HOST:MONITOR_PORT...")
    print(ROW.format("node", "role", "connections", "leaf nodes", "streams",
                     "memory"))
    for number, address in enumerate(sys.argv[1:], 1):
        print(ROW.format(*row(f"n{number}", address)))


if __name__ == "__main__":
    main()
