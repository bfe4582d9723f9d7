"""A store for servers that share a state, and two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_sma.state.shared import lease, lines, turns
from tests.redis_server import Running, redis
from tests.state.leases import LONG
from tests.state.peers import Peer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with redis(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture
def peers(store: Running) -> list[Peer]:
    url = store.url()
    return [Peer(url), Peer(url)]


@pytest.fixture
def _long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have leases last until somebody ends them, and no turns but those that are needed."""
    monkeypatch.setattr(lease, "LEASE", LONG)
    monkeypatch.setattr(lease, "TERM", LONG)
    monkeypatch.setattr(turns, "POLL", LONG)
    monkeypatch.setattr(lines, "LATER", LONG)
