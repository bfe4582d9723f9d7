"""A store for servers that share a state, and two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.redis_server import Running, redis
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
