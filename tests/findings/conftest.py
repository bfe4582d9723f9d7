"""A client of the sandbox, whose owner has accepted."""

from __future__ import annotations

import pytest

from mock_sma import Sandbox, load_scenario
from tests.facts import NOW
from tests.sandbox.asking import Asker, consenting


@pytest.fixture(scope="module")
def client() -> Asker:
    return consenting(Sandbox(load_scenario("sandbox"), now=NOW))
