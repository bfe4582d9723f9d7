"""A world that is set up once for many tests: ``sma_base``, run by pytester."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_sma.testing.live import LiveServer
from tests.sandbox_helpers import make
from tests.testing.inner import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


pytest_plugins = ["pytester"]

SUITE = """
    MADE = []

    @pytest.fixture(scope="module")
    def sma_base(sma_sandbox_factory):
        world = sma_sandbox_factory(scenario="sandbox", now="2025-06-15T12:00:00+02:00")
        world.consents.accept("apiTestUser@apiSandbox.com")
        world.clock.advance(days=3)
        MADE.append(world)
        return world

    def listed(world):
        client = next(iter(world.clients.values()))
        return len(plants_of(client.id, client.secret))

    def plants_of(client_id, secret):
        access = {"Authorization": f"Bearer {token(client_id=client_id, client_secret=secret)}"}
        return get(f"{API}/monitoring/v1/plants", headers=access).json()["plants"]

    @pytest.mark.parametrize("again", range(3))
    def test_each_begins_with_it(sma_mock, again):
        world = sma_mock.sandbox
        assert world is MADE[0] and len(MADE) == 1
        assert world.clock.now().timestamp() == 1750240800
        assert listed(world) == 9
        world.consents.revoke("apiTestUser@apiSandbox.com")
        world.clock.advance(days=100)
        assert listed(world) == 0

    @pytest.mark.sma(scenario="ennexos", consent="accepted")
    def test_with_a_marker_of_its_own(sma_mock):
        assert sma_mock.sandbox not in MADE
        assert plants() == ["2100", "2200"]
"""


def test_each_test_begins_with_the_world_as_it_was_set_up(run: Callable[..., pytest.RunResult]) -> None:
    run(SUITE).assert_outcomes(passed=4)


def test_elsewhere_too(run: Callable[..., pytest.RunResult]) -> None:
    with LiveServer(make()) as server:
        result = run(SUITE, "--sma-url", server.url)
    result.assert_outcomes(passed=4)


def test_a_wrong_keyword_of_the_factory_is_told(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        @pytest.fixture(scope="session")
        def sma_base(sma_sandbox_factory):
            return sma_sandbox_factory(scenari="sandbox")

        def test_it(sma_sandbox):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    assert "no keyword 'scenari'" in text_of(result)
