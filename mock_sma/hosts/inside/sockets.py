"""``socket``: look-ups and connections of nearly every library."""

from __future__ import annotations

import _socket

from mock_sma.hosts.inside.doors import numeric

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from mock_sma.hosts.inside.doors import Doors


def change_socket(doors: Doors, module: ModuleType) -> None:
    """Change the module ``socket``."""
    _change_lookups(doors, module)
    _change_connections(doors, module)


def _change_lookups(doors: Doors, module: Any) -> None:
    # socket.getaddrinfo asks this one, by whatever name a library has imported it.
    original = _socket.getaddrinfo

    def getaddrinfo(
        host: Any,
        port: Any,
        family: int = 0,
        type: int = 0,  # noqa: A002 - its name
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        address = doors.lookup(host)
        if address is not None:
            host, flags = numeric(address, family, flags)
        return original(host, port, family, type, proto, flags)

    getaddrinfo.doors = doors  # type: ignore[attr-defined]
    doors.put(_socket, "getaddrinfo", getaddrinfo)
    for name in ("gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        changed = _by_address(doors, getattr(module, name))
        doors.put(_socket, name, changed)
        doors.put(module, name, changed)


def _by_address(doors: Doors, original: Any) -> Any:
    def lookup(host: Any) -> Any:
        return original(doors.lookup(host) or host)

    return lookup


def _change_connections(doors: Doors, module: Any) -> None:
    kind = module.socket
    original, original_ex = kind.connect, kind.connect_ex

    def connect(self: Any, address: Any) -> None:
        original(self, doors.target(address))

    def connect_ex(self: Any, address: Any) -> int:
        try:
            address = doors.target(address)
        except ConnectionRefusedError as error:
            return error.errno or 0
        return int(original_ex(self, address))

    doors.put(kind, "connect", connect)
    doors.put(kind, "connect_ex", connect_ex)
