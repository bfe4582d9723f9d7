"""What tests that run other tests share."""

from __future__ import annotations

import gc
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import mock_sma.testing.case
import mock_sma.testing.fixtures  # noqa: F401 - see below
from mock_sma.testing.live import LiveServer
from tests.facts import OWNER
from tests.sandbox_helpers import make
from tests.server_process import get, token
from tests.testing.inner import CLIENT, OTHERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def loaded() -> None:
    """Load all that a world and its server load late.

    An inner run of pytest forgets what it was the first to import. Twice in one process, NumPy refuses, and the
    exceptions of jwt that one module raises are not those that another one catches.
    """
    with LiveServer(make()) as server:
        bearer = f"Bearer {token(server.url).json()['access_token']}"
        day = "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
        server.sandbox.consents.accept(OWNER)
        assert get(server.url + day, headers={"Authorization": bearer}).status_code == 200
        assert get(f"{server.url}/_mock/ready").status_code == 200


@pytest.fixture
def pytester(pytester: pytest.Pytester) -> Iterator[pytest.Pytester]:
    """Keep what this process has from the inner run's collector.

    pytest collects garbage several times at the end of a run. What other tests left is none of the inner run's: it
    would take long to walk through, and be counted as its own unclosed sockets.
    """
    gc.freeze()
    yield pytester
    gc.unfreeze()


@pytest.fixture
def run(pytester: pytest.Pytester, loaded: None) -> Callable[..., pytest.RunResult]:
    """Run a suite whose file starts with a small client; warnings are errors in it."""

    def go(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(CLIENT + dedent(source))
        return pytester.runpytest_inprocess(
            "-W", "error", *(word for name in OTHERS for word in ("-p", f"no:{name}")), *options
        )

    return go
