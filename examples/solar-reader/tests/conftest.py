"""The readers under test, on the emulator's clock: nobody waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from solar_reader import Reader


@pytest.fixture
def reader(sma_mock: Any) -> Iterator[Reader]:
    """Give a reader whose time is the world's."""
    clock = sma_mock.sandbox.clock
    with Reader(sma_mock.client_id, sma_mock.client_secret, now=clock.time, sleep=clock.advance) as made:
        yield made
