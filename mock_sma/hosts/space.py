"""Namespaces in which SMA's host names lead to the emulator, and nothing leads anywhere else.

A network of its own with loopback alone, files bound over the system's for names and trust: whatever a program is
written in, it finds the emulator under SMA's names on port 443. Who is let through has an address of its own there,
from which the emulator hands every byte on.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.errors import UsageError
from mock_sma.frozen import frozen
from mock_sma.hosts.bundles import SYSTEM
from mock_sma.hosts.program import Space
from mock_sma.sandbox.hosts import SMA_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mock_sma.hosts.bundles import Bundles

HOME = IPv4Address("127.83.77.65")
"""Address of SMA's hosts there; those that are let through have the ones behind it."""

HTTPS, WEB = 443, frozenset({443, 80})
"""Ports of a host that is let through without one."""

RESOLVERS = ("/run/systemd/resolve/io.systemd.Resolve", "/run/nscd/socket", "/var/run/nscd/socket")
"""Sockets of programs outside that would look names up for one inside."""

NOBODY = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"


@frozen
class Passage:
    """A port inside, and where it leads."""

    address: str
    host: str
    port: int


@frozen
class Plan:
    """Namespaces and what listens in them.

    Attributes:
        space: their sockets are SMA's https port, the emulator's own, and those of the passages, in this order.
    """

    space: Space
    passages: Sequence[Passage]


def planned(port: int, passed: Iterable[tuple[str, int]], bundles: Bundles) -> Plan:
    """Return the namespaces of a program.

    Args:
        port: the port of the emulator, on loopback inside as outside.
        passed: hosts and ports that are let through; port 0 stands for those of the web.

    Raises:
        UsageError: an address that there is no way to.
    """
    found = list(_passages(passed))
    addresses = [item.address for item in found if not IPv4Address(item.address).is_loopback]
    listen = [(str(HOME), HTTPS), ("127.0.0.1", port), *((item.address, item.port) for item in found)]
    binds = [*_names(found, bundles.folder), *_trust(bundles)]
    return Plan(Space(binds=binds, listen=listen, addresses=list(dict.fromkeys(addresses))), found)


def _passages(passed: Iterable[tuple[str, int]]) -> Iterator[Passage]:
    ports: dict[str, set[int]] = {}
    for host, port in passed:
        ports.setdefault(host, set()).update({port} if port else WEB)
    for number, host in enumerate(sorted(ports), 1):
        address = _address_of(host) or str(HOME + number)
        for port in sorted(ports[host]):
            yield Passage(address, host, port)


def _address_of(host: str) -> str | None:
    """Return the address that a host has inside as outside; None: it is a name, and can have any."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        found = ip_address(host)
    except ValueError:
        return None
    if found.version == 6:
        raise UsageError(f"--pass-through {host}: name the host, or take --via proxy; namespaces have no way to IPv6")
    return str(found)


def _names(passages: Sequence[Passage], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what is bound where names are looked up."""
    ours = {name: str(HOME) for name in SMA_HOSTS}
    ours |= {item.host: item.address for item in passages if _address_of(item.host) is None}
    lines = [line for line in _read("/etc/hosts").splitlines() if not ours.keys() & set(line.lower().split())]
    lines += [f"{address} {name}" for name, address in ours.items()]
    yield _written(folder / "hosts", "\n".join(lines) + "\n"), "/etc/hosts"
    order = re.sub(r"(?m)^\s*hosts:.*$", "hosts: files dns", _read("/etc/nsswitch.conf"))
    wanted = {"/etc/resolv.conf": NOBODY, "/etc/nsswitch.conf": order}
    for place, text in wanted.items():
        if Path(place).exists():
            yield _written(folder / Path(place).name, text), place
    for place in RESOLVERS:
        if Path(place).exists():
            yield "/dev/null", place


def _trust(bundles: Bundles) -> Iterator[tuple[str, str]]:
    """Yield what is bound over the files of the authorities that the system trusts."""
    for place in dict.fromkeys(Path(name).resolve() for name in SYSTEM if Path(name).is_file()):
        yield str(bundles.holding(place)), str(place)


def _read(place: str) -> str:
    file = Path(place)
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _written(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    return str(file)
