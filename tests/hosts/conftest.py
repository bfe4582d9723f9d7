"""Clients that are made at import, as programs make them, are closed at the end."""

from __future__ import annotations

import _socket
from typing import TYPE_CHECKING

import pytest

from mock_sma.testing import LiveServer
from mock_sma.testing.hosts import hosts
from tests.hosts.libraries import HTTPX, HTTPX2, NIQUESTS, REQUESTS, URLLIB3
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.testing.hosts import Hosts


@pytest.fixture(scope="session", autouse=True)
def _closed() -> Iterator[None]:
    yield
    REQUESTS.close()
    NIQUESTS.close()
    URLLIB3.clear()
    HTTPX.close()
    HTTPX2.close()


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names that the system is asked for from here on; addresses are not looked up."""
    asked: list[str] = []
    original = _socket.getaddrinfo

    def getaddrinfo(host: object, *rest: object, **more: object) -> object:
        text = str(host)
        if not text.replace(".", "").isdecimal() and ":" not in text:
            asked.append(text)
        return original(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(_socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.fixture(scope="session")
def led() -> Iterator[Hosts]:
    """Give a server that SMA's names can lead to, to be brought into force by hand."""
    with LiveServer(make()) as server, hosts(server) as found:
        yield found
