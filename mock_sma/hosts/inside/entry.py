"""Bring a rule into force."""

from __future__ import annotations

import _socket

from mock_sma.hosts.inside.doors import Doors
from mock_sma.hosts.inside.loops import change_aiohttp, change_uvloop, change_windows
from mock_sma.hosts.inside.proxies import change_urllib
from mock_sma.hosts.inside.sockets import change_socket
from mock_sma.hosts.inside.trust import change_ssl, change_truststore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.hosts.inside.rules import Rule

CHANGES = {
    "socket": change_socket,
    "ssl": change_ssl,
    "urllib.request": change_urllib,
    "uvloop": change_uvloop,
    "aiohttp.connector": change_aiohttp,
    "truststore._api": change_truststore,
    "asyncio.windows_events": change_windows,
}

DOORS = Doors(CHANGES)


def enter(rule: Rule) -> Callable[[], None]:
    """Let a rule hold for this process; returns what ends it. With the last rule everything is as it was."""
    # Open doors are found where they are: they may be those of another copy of this module.
    opened: Doors | None = getattr(_socket.getaddrinfo, "doors", None)
    if opened is None:
        opened = DOORS
        opened.open()
    doors = opened
    doors.rules.append(rule)

    def leave() -> None:
        doors.rules.remove(rule)
        if not doors.rules:
            doors.close()

    return leave
