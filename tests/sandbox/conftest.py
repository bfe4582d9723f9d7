"""What the tests of the world share."""

from __future__ import annotations

import pytest

from mock_sma import Sandbox, load_scenario
from tests.sandbox.monitoring.client import NOON, Client


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(Sandbox(load_scenario("sandbox"), now=NOON))
