"""Run a command where nothing leads out, and count what means to leave: name look-ups, and packets without a route.

``counted.py FILE COMMAND…`` writes what it has counted to FILE as JSON, and ends with the command's status. Run as root
in fresh namespaces for network and mounts. Look-ups go to a resolver on loopback, which knows no name.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Thread

RESOLVER = "127.0.0.53"
UNKNOWN = b"\x81\x83"
"""Flags of the answer that there is no such name (RFC 1035, section 4.1.1)."""


def name_of(question: bytes) -> str:
    """Return the name that a DNS message asks for."""
    labels, at = [], 12
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode("ascii", "replace"))
        at += 1 + length
    return ".".join(labels)


def resolve(sock: socket.socket, names: list[str]) -> None:
    """Take down every name that is looked up, and answer that there is none."""
    while True:
        question, sender = sock.recvfrom(4096)
        names.append(name_of(question))
        sock.sendto(question[:2] + UNKNOWN + question[4:6] + bytes(6) + question[12:], sender)


def without_route() -> int:
    """Return how many packets of this network had no way out."""
    head, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines()[:2])
    six = [line.split() for line in Path("/proc/net/snmp6").read_text().splitlines()]
    return int(values[head.index("OutNoRoutes")]) + sum(int(n) for name, n in six if name == "Ip6OutNoRoutes")


def seal(resolv: str) -> None:
    """Bring loopback up, and let names be looked up there, as the file ``resolv`` says."""
    for words in ("mount --make-rprivate /", f"mount --bind {resolv} /etc/resolv.conf", "ip link set lo up"):
        subprocess.run(words.split(), check=True)


def main() -> int:
    """Run the command of the command line."""
    file, *command = sys.argv[1:]
    names: list[str] = []
    # The file must stay: nothing can be bound over one that has gone.
    with tempfile.NamedTemporaryFile("w") as resolv, socket.socket(type=socket.SOCK_DGRAM) as sock:
        resolv.write(f"nameserver {RESOLVER}\noptions timeout:1 attempts:1\n")
        resolv.flush()
        seal(resolv.name)
        sock.bind((RESOLVER, 53))
        Thread(target=resolve, args=(sock, names), daemon=True).start()
        before = without_route()
        status = subprocess.run(command, check=False).returncode
        Path(file).write_text(json.dumps({"looked up": names, "without route": without_route() - before}))
    return status


if __name__ == "__main__":
    sys.exit(main())
