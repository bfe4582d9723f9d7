"""When the session's server has died, the next test has a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]

pytestmark = pytest.mark.slow  # runs pytest with servers
KILLS = {
    "it is told to end": "server._background._server.should_exit = True\n    server._background._thread.join(30)",
    "its loop is stopped": (
        "server.loop.call_soon_threadsafe(server.loop.stop)\n    server._background._thread.join(30)"
    ),
    "it is closed": "server.close()",
    "its socket is closed": "[item.close() for item in server._background._server.servers]",
}
SUITE = """
import requests

def test_1(sma_server, sma_hosts, _sma_live_server):
    assert get(f"{sma_server.url}/v1/plants", trust_env=False).status_code == 401
    server = _sma_live_server()
    KILL

@pytest.mark.parametrize("time", range(2))
def test_2(sma_server, sma_hosts, time):
    assert get(f"{sma_server.url}/v1/plants", trust_env=False).status_code == 401
    assert requests.get(f"{API}/monitoring/v1/plants", timeout=20).status_code == 401
    assert sma_hosts.sandbox.requests.statuses == [401, 401]
"""
CASE = """
import requests
from mock_sma.testing import SmaHostsTestCase

class Case(SmaHostsTestCase):
    def ask(self):
        self.assertEqual(requests.get(f"{API}/monitoring/v1/plants", timeout=20).status_code, 401)

    def test_1(self):
        self.ask()
        self._sma_session.live().close()

    def test_2(self):
        self.ask()
"""


@pytest.mark.parametrize("how", KILLS)
def test_the_next_test_has_a_new_server(run: Callable[..., pytest.RunResult], how: str) -> None:
    stopped = "ignore::pytest.PytestUnhandledThreadExceptionWarning"
    result = run(SUITE.replace("KILL", KILLS[how]), "-W", stopped, "-W", "ignore::ResourceWarning")
    result.assert_outcomes(passed=3)


def test_a_class_of_unittest_has_a_new_server_too(run: Callable[..., pytest.RunResult]) -> None:
    run(CASE).assert_outcomes(passed=2)
