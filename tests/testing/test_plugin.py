"""The pytest plugin as a user meets it: suites of their own, run by pytester."""

from __future__ import annotations

import re
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.server_process import environment

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]

OTHERS = ("asyncio", "randomly", "xdist", "cacheprovider", "hypothesispytest", "faker", "schemathesis")
"""Plugins that an inner run has no use for; each costs time."""
CLIENT = """
import httpx, pytest, ssl
from functools import partial

AUTH, API = "https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the system's authorities take longer to read than a test to run
get = partial(httpx.get, verify=PLAIN)

def token(origin=AUTH, **form):
    return httpx.post(f"{origin}/oauth2/token", data={**FORM, **form}, verify=PLAIN).json()["access_token"]

def plants(origin=f"{API}/monitoring", auth=AUTH):
    access = {"Authorization": f"Bearer {token(auth)}"}
    answer = get(f"{origin}/v1/plants", headers=access)
    return [plant["plantId"] for plant in answer.json()["plants"]]
"""


@pytest.fixture
def run(pytester: pytest.Pytester, loaded: None) -> Callable[..., pytest.RunResult]:
    """Run a suite whose file starts with a small client; warnings are errors in it."""

    def go(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(CLIENT + dedent(source))
        return pytester.runpytest_inprocess(
            "-W", "error", *(word for name in OTHERS for word in ("-p", f"no:{name}")), *options
        )

    return go


def text_of(result: pytest.RunResult) -> str:
    return result.stdout.str()


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    heavy = "numpy httpx respx fastapi uvicorn yaml pydantic orjson jwt cryptography hypothesis faker"
    code = (
        "import sys, pytest; import mock_sma.testing.plugin; "
        f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert result.stdout.strip() == "[]"


def test_sma_mock_answers_sync_and_async_clients_for_all_hosts(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        import asyncio

        def test_sync(sma_mock):
            assert plants() == []
            sma_mock.sandbox.consents.accept("apiTestUser@apiSandbox.com")
            assert len(plants()) == 9
            assert len(plants("https://monitoring.smaapis.de", "https://auth.smaapis.de")) == 9
            assert len(sma_mock.router.calls) == 6

        def test_async(sma_mock):
            async def go():
                async with httpx.AsyncClient(verify=PLAIN) as client:
                    return await client.post(f"{AUTH}/oauth2/token", data=FORM)

            assert asyncio.run(go()).status_code == 200
            assert sma_mock.router.sma.called
            assert (sma_mock.client_id, sma_mock.client_secret) == ("demo_api", "demo_secret")
        """
    )
    result.assert_outcomes(passed=2)


def test_each_test_has_a_fresh_world_with_a_frozen_clock(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        @pytest.mark.parametrize("time", [1, 2])
        def test_it(sma_sandbox, sma_mock, sma_server, time):
            assert sma_mock.sandbox is sma_sandbox
            assert sma_server.sandbox is sma_sandbox
            assert sma_sandbox.clock.isoformat() == "2025-06-15T12:00:00.000+02:00"
            assert sma_sandbox.clock.frozen
            assert len(sma_sandbox.requests) == 0
            sma_sandbox.consents.accept("apiTestUser@apiSandbox.com")
            sma_sandbox.clock.advance(hours=1)
            assert len(plants()) == 9
        """
    )
    result.assert_outcomes(passed=2)


def test_the_marker_chooses_the_world(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("beside.yaml").write_text("name: beside\nusers: [{email: a@example.org}]\n")
    result = run(
        """
        from pathlib import Path

        @pytest.mark.sma(scenario="gap-week")
        class TestClass:
            def test_a_scenarios_own_time(self, sma_sandbox):
                assert sma_sandbox.clock.isoformat().startswith("2025-03-12T12:00:00")

            @pytest.mark.sma(now="2025-06-16T12:00:00+02:00", seed=7)
            def test_the_nearest_marker_wins_key_by_key(self, sma_sandbox):
                assert sma_sandbox.scenario.name == "gap-week"
                assert sma_sandbox.seed == 7
                assert sma_sandbox.clock.isoformat().startswith("2025-06-16T12:00:00")

        @pytest.mark.sma("beside.yaml")
        def test_a_file_beside_the_test(sma_sandbox):
            assert sma_sandbox.scenario.name == "beside"

        @pytest.mark.sma({"name": "made", "extends": "ennexos"})
        def test_a_document(sma_sandbox):
            assert sma_sandbox.scenario.name == "made"

        @pytest.mark.sma(consent="accepted")
        def test_consent(sma_mock):
            assert len(plants()) == 9
            sma_mock.sandbox.reset()
            assert len(plants()) == 9

        @pytest.mark.sma(scenario="ennexos", consent="none")
        def test_no_consent(sma_mock):
            assert plants() == []

        @pytest.mark.sma(consent={"apitestuser@apisandbox.com": "revoked"})
        def test_consent_of_one(sma_sandbox):
            assert [record.state for record in sma_sandbox.consents] == ["Revoked"]

        @pytest.mark.sma(scenario="unregistered-owner", consent="accepted")
        def test_r04_whoever_never_registered_has_accepted_nothing(sma_sandbox):
            able = {user.email for user in sma_sandbox.scenario.users if user.registered}
            assert {record.email for record in sma_sandbox.consents} <= able

        @pytest.mark.sma(quota={"requests": 1}, switches={"forbidden_as": 404}, rate=1)
        def test_keys_of_a_scenario(sma_mock):
            assert not sma_mock.sandbox.clock.frozen
            access = {"Authorization": f"Bearer {token()}"}
            assert get(f"{API}/monitoring/v1/plants/13", headers=access).status_code == 404
            assert get(f"{API}/monitoring/v1/plants/13", headers=access).status_code == 429
        """
    )
    result.assert_outcomes(passed=9)


MISTAKES = [
    ("cosent='accepted'", "the marker sma has no keyword 'cosent'; did you mean 'consent'?"),
    ("consent='acepted'", "no consent is 'acepted'; did you mean 'accepted'?"),
    ("consent={'x@example.org': 'accepted'}", "no user 'x@example.org'; this world has apiTestUser@"),
    ("scenario='sandbx'", "no scenario 'sandbx'; did you mean 'sandbox'?"),
    ("'sandbox', 'ennexos'", "takes one positional argument, the scenario; name all others"),
    ("switches={'forbidden_as': 500}", "switches.forbidden_as:"),
    ("seed='x'", "the marker's seed has to be a whole number, not 'x'"),
    ("rate='fast'", "the marker's rate has to be a number, not 'fast'"),
    ("now='yesterday'", "'yesterday' is not an ISO 8601 date and time"),
]


def test_a_mistake_in_the_marker_is_one_clear_line(run: Callable[..., pytest.RunResult]) -> None:
    tests = [f"@pytest.mark.sma({marker})\ndef test_{i}(sma_sandbox): pass\n" for i, (marker, _) in enumerate(MISTAKES)]
    result = run("\n".join(tests))
    result.assert_outcomes(errors=len(MISTAKES))
    _, *reports = re.split(r"_ ERROR at setup of test_\d+ _", text_of(result))
    for (_, message), report in zip(MISTAKES, reports, strict=True):
        assert message in report
    for noise in ("Traceback", "plugin.py", "During handling"):
        assert noise not in text_of(result)


def test_options_and_ini_keys_choose_for_tests_that_name_nothing(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    suite = """
        def test_defaults(sma_sandbox):
            print("world", sma_sandbox.scenario.name, sma_sandbox.seed, sma_sandbox.clock.isoformat()[:10])

        @pytest.mark.sma(scenario="sandbox", seed=1)
        def test_marker(sma_sandbox):
            assert (sma_sandbox.scenario.name, sma_sandbox.seed) == ("sandbox", 1)
        """
    pytester.makeini("[pytest]\nsma_scenario = ennexos\nsma_seed = 3\nsma_now = 2025-01-02T12:00:00Z\n")
    assert "world ennexos 3 2025-01-02" in text_of(run(suite, "-s"))
    assert "world classic 4 2025-01-02" in text_of(run(suite, "-s", "--sma-scenario", "classic", "--sma-seed", "4"))
    pytester.makeini("[pytest]\nsma_seed = three\n")
    assert "the ini key sma_seed has to be a whole number, not 'three'" in text_of(run(suite))


def test_other_hosts_are_refused_unless_told_otherwise(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    suite = """
        import respx

        def test_refused(sma_mock):
            with pytest.raises(AssertionError, match="example.org.*no host of SMA's"):
                get("https://example.org/")

        def test_own_routes_beside_it(sma_mock, sma_server):
            sma_mock.router.get("https://example.org/").respond(204)
            assert get("https://example.org/").status_code == 204
            assert plants() == []

        def test_own_routes_for_smas_hosts_win(sma_mock):
            sma_mock.router.get(f"{API}/monitoring/v1/plants").respond(503)
            assert get(f"{API}/monitoring/v1/plants").status_code == 503
            assert get(f"{API}/monitoring/v1/plants/13").status_code == 401

        def test_another_router_wins_too(sma_mock):
            with respx.mock(assert_all_mocked=False) as mock:
                mock.get(f"{API}/monitoring/v1/plants").respond(418)
                assert get(f"{API}/monitoring/v1/plants").status_code == 418
                assert get(f"{API}/monitoring/v1/plants/13").status_code == 401

        def test_respx_fixture_beside_it(respx_mock, sma_mock):
            respx_mock.get("https://example.org/").respond(204)
            assert get("https://example.org/").status_code == 204
            assert plants() == []

        def test_one_let_through(sma_mock, sma_server):
            sma_mock.pass_through("127.0.0.1")
            assert get(f"{sma_server.url}/v1/plants", trust_env=False).status_code == 401
            with pytest.raises(AssertionError, match="no host of SMA's"):
                get("https://example.org/")

        def test_addresses_are_refused(sma_mock):
            from mock_sma.errors import MockSmaError
            for address in ("https://example.org/", "example.org:443"):
                with pytest.raises(MockSmaError, match="takes names of hosts"):
                    sma_mock.pass_through(address)

        def test_all_let_through(sma_mock, sma_server):
            sma_mock.pass_through()
            assert get(f"{sma_server.url}/v1/plants", trust_env=False).status_code == 401
        """
    run(suite).assert_outcomes(passed=8)
    pytester.makeini("[pytest]\nsma_pass_through = 127.0.0.1 localhost\n")
    result = run(
        "def test_it(sma_mock, sma_server):\n"
        "    assert get(f'{sma_server.url}/v1/plants', trust_env=False).status_code == 401\n"
    )
    result.assert_outcomes(passed=1)


def test_a_wrong_host_of_the_ini_file_is_named_without_a_traceback(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    pytester.makeini("[pytest]\nsma_pass_through = https://example.org/\n")
    result = run("def test_it(sma_mock): pass\n")
    result.assert_outcomes(errors=1)
    wrong = "the ini key sma_pass_through: pass_through takes names of hosts such as 'example.org', not 'https://"
    assert wrong in result.stdout.str()
    assert "Traceback" not in result.stdout.str()
    assert "fixtures.py" not in result.stdout.str()


def test_one_server_serves_the_session_with_a_world_per_test(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        urls = set()

        @pytest.mark.sma(consent="accepted")
        def test_one(sma_server):
            urls.add(sma_server.url)
            assert len(plants(sma_server.url, sma_server.url)) == 9
            answer = get(f"{sma_server.url}/_mock/ready")
            assert answer.json()["scenario"] == "sandbox"

        @pytest.mark.sma(scenario="ennexos", clients=[{"id": "mine", "secret": "s3"}])
        def test_two(sma_server):
            urls.add(sma_server.url)
            assert (sma_server.client_id, sma_server.client_secret) == ("demo_api", "demo_secret")
            FORM.update(client_id="mine", client_secret="s3")
            assert plants(sma_server.url, sma_server.url) == ["2100", "2200"]
            assert [entry.path for entry in sma_server.sandbox.requests] == ["/oauth2/token", "/v1/plants"]
            assert len(urls) == 1
        """
    )
    result.assert_outcomes(passed=2)


def test_a_failure_shows_the_last_exchanges_with_why_and_curl(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        def test_mock(sma_mock):
            access = token()
            assert plants() == ["13"]

        def test_server(sma_server):
            get(f"{sma_server.url}/v1/plants/13?code=geheim", headers={"Authorization": "Bearer expired"})
            assert not sma_server.url

        def test_nothing(sma_sandbox):
            assert len(sma_sandbox.requests) == 1

        def test_fine(sma_sandbox):
            pass

        def test_without(request):
            raise ValueError
        """
    )
    result.assert_outcomes(passed=1, failed=4)
    text = text_of(result)
    assert text.count("- mock-sma -") == 3
    assert "nothing was asked of mock-sma" in text
    result.stdout.fnmatch_lines(
        [
            "*- mock-sma -*",
            "3  2025-06-15 12:00:00  GET     /monitoring/v1/plants  200     empty  demo_api",
            "3 GET /monitoring/v1/plants: 200 empty",
            "  why:  the operation is getPlants",
            "        consents open 0 of 9 plants",
            "  curl: curl -sS -H 'Authorization: Bearer ***' https://sandbox.smaapis.de/monitoring/v1/plants",
            "*- mock-sma -*",
            "1 GET /v1/plants/13: 401 refused",
            "  curl: curl -sS*http://127.0.0.1:*/v1/plants/13?code=*'",
        ]
    )
    assert "geheim" not in text.replace('?code=geheim", headers', "")
    assert "client_secret=***" in text


def test_a_long_journal_is_cut_to_the_last_exchanges(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        def test_it(sma_mock):
            for number in range(14):
                get(f"{API}/monitoring/v1/plants/{number}", headers={"Authorization": "Bearer x"})
            assert False
        """
    )
    assert "4 earlier ones" in text_of(result)
    assert "/monitoring/v1/plants/3 " not in text_of(result)
    assert "/monitoring/v1/plants/4 " in text_of(result)


def test_unittest_classes_have_a_world_by_their_base(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        import unittest
        from mock_sma.testing import SmaTestCase

        class Reads(SmaTestCase):
            sma_world = {"consent": "accepted"}

            def test_plants(self):
                self.assertEqual(len(plants()), 9)
                self.assertEqual(len(self.sma_sandbox.requests), 2)

            def test_fails(self):
                plants()
                self.fail("shown")

        class ReadsAsync(SmaTestCase, unittest.IsolatedAsyncioTestCase):
            async def test_token(self):
                async with httpx.AsyncClient(verify=PLAIN) as client:
                    answer = await client.post(f"{AUTH}/oauth2/token", data=FORM)
                self.assertEqual(answer.status_code, 200)

        @pytest.mark.usefixtures("sma_mock")
        class ReadsByFixture(unittest.TestCase):
            def test_plants(self):
                self.assertEqual(plants(), [])
        """
    )
    result.assert_outcomes(passed=3, failed=1)
    assert "2 GET /monitoring/v1/plants: 200" in text_of(result)


def test_a_conftest_may_put_its_own_world_in_place(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        from mock_sma import Sandbox, load_scenario

        @pytest.fixture
        def sma_sandbox():
            return Sandbox(load_scenario("pv-only"), now="2025-06-15T12:00:00Z")

        def test_it(sma_mock, sma_server):
            assert sma_mock.sandbox.scenario.name == sma_server.sandbox.scenario.name == "pv-only"
        """
    )
    result.assert_outcomes(passed=1)


def test_without_the_plugin_pytest_says_what_is_missing(run: Callable[..., pytest.RunResult]) -> None:
    result = run("def test_it(sma_mock): pass\n", "-p", "no:mock_sma")
    result.assert_outcomes(errors=1)
    assert "fixture 'sma_mock' not found" in text_of(result)


def test_without_respx_the_fixture_says_what_to_install(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        import sys

        @pytest.fixture
        def no_respx(monkeypatch):
            monkeypatch.setitem(sys.modules, "respx", None)
            monkeypatch.delitem(sys.modules, "mock_sma.testing.respx_router", raising=False)

        def test_it(no_respx, sma_mock):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    assert "mock-sma: the fixture sma_mock needs respx and httpx" in text_of(result)


def test_help_and_markers_tell_what_there_is(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    result = pytester.runpytest_inprocess("--help", "-p", "no:randomly")
    for word in ("--sma-scenario", "--sma-seed", "sma_scenario", "sma_seed", "sma_now", "sma_pass_through"):
        assert word in text_of(result)
    assert "@pytest.mark.sma(scenario=" in text_of(pytester.runpytest_inprocess("--markers", "-p", "no:randomly"))
