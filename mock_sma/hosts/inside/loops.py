"""Event loops and clients that do without ``socket``: uvloop, aiohttp, asyncio on Windows."""

from __future__ import annotations

import socket

from mock_sma.hosts.inside.doors import numeric

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mock_sma.hosts.inside.doors import Doors


def change_uvloop(doors: Doors, module: Any) -> None:
    """Change the loop of uvloop, which looks names up and connects by itself."""
    kind = module.Loop
    original, original_connect = kind.getaddrinfo, kind.create_connection

    async def getaddrinfo(self: Any, host: Any, port: Any, *, family: int = 0, flags: int = 0, **more: int) -> Any:
        address = doors.lookup(host)
        if address is not None:
            host, flags = numeric(address, family, flags)
        return await original(self, host, port, family=family, flags=flags, **more)

    async def create_connection(self: Any, factory: Any, host: Any = None, port: Any = None, **more: Any) -> Any:
        if host is not None:
            led, place = doors.target((host, port))
            if led != host and more.get("ssl") and more.get("server_hostname") is None:
                more["server_hostname"] = host
            host, port = led, place
        return await original_connect(self, factory, host, port, **more)

    doors.put(kind, "getaddrinfo", getaddrinfo)
    doors.put(kind, "create_connection", create_connection)


def change_aiohttp(doors: Doors, module: Any) -> None:
    """Change the connector of aiohttp, whose resolver may be aiodns and which keeps what it found."""
    kind = module.TCPConnector
    original = kind._resolve_host  # noqa: SLF001 - the one place before all its resolvers and its cache

    async def resolve_host(self: Any, host: str, port: int, *rest: Any, **more: Any) -> Any:
        address = doors.lookup(host)
        if address is None:
            return await original(self, host, port, *rest, **more)
        family = socket.AF_INET6 if self.family == socket.AF_INET6 else socket.AF_INET
        place, flags = numeric(address, family, 0)
        return [{"hostname": host, "host": place, "port": port, "family": family, "proto": 0, "flags": flags}]

    doors.put(kind, "_resolve_host", resolve_host)


def change_windows(doors: Doors, module: Any) -> None:
    """Change the proactor of Windows, which connects by the system's own call."""
    kind = module.IocpProactor
    original = kind.connect

    def connect(self: Any, connection: Any, address: Any) -> Any:
        return original(self, connection, doors.target(address))

    doors.put(kind, "connect", connect)
