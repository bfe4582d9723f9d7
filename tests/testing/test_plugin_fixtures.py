"""The fixtures of the plugin as a user meets them: worlds, hosts, the server; suites of their own, run by pytester."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.testing.inner import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


pytest_plugins = ["pytester"]


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


def test_other_hosts_are_refused_unless_told_otherwise(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    suite = """
        import respx

        def test_refused(sma_mock):
            with pytest.raises(AssertionError, match="example.org.*not one of SMA's hosts"):
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
            with pytest.raises(AssertionError, match="not one of SMA's hosts"):
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


def test_fixtures_can_build_on_ours_and_ask_for_them_late(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        @pytest.fixture
        def sma_sandbox(sma_sandbox):
            sma_sandbox.consents.accept("apiTestUser@apiSandbox.com")
            return sma_sandbox

        @pytest.fixture
        def sma_mock(sma_mock):
            sma_mock.router.get("https://example.org/").respond(204)
            return sma_mock

        @pytest.mark.sma(seed=3)
        def test_it(sma_mock):
            assert len(plants()) == 9
            assert get("https://example.org/").status_code == 204
            assert sma_mock.sandbox.seed == 3

        @pytest.mark.parametrize("seed", [pytest.param(seed, marks=pytest.mark.sma(seed=seed)) for seed in (4, 5)])
        def test_late(request, seed):
            mock = request.getfixturevalue("sma_mock")
            assert len(plants()) == 9
            assert mock.sandbox.seed == seed == request.getfixturevalue("sma_sandbox").seed
        """
    )
    result.assert_outcomes(passed=3)


def test_without_respx_both_libraries_are_answered_all_the_same(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        import asyncio
        import sys

        import httpx
        import httpx2

        from mock_sma.errors import UsageError

        PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"

        @pytest.fixture
        def no_respx(monkeypatch):
            monkeypatch.setitem(sys.modules, "respx", None)

        async def asked(http):
            async with http.AsyncClient() as client:
                return (await client.get(PLANTS)).status_code

        @pytest.mark.parametrize("http", [httpx, httpx2])
        def test_it(no_respx, sma_mock, http):
            assert http.get(PLANTS).status_code == asyncio.run(asked(http)) == 401
            sma_mock.sandbox.faults.add({"effect": {"fault": "empty_response"}})
            with pytest.raises(http.RemoteProtocolError):
                http.get(PLANTS)
            with pytest.raises(AssertionError, match="pass_through"):
                http.get("https://example.org/")
            sma_mock.pass_through("localhost")
            with pytest.raises(http.ConnectError):
                http.get("http://localhost:1/")
            with pytest.raises(UsageError, match="pip install respx"):
                sma_mock.router.get("https://example.org/")
            assert not hasattr(sma_mock.router, "_no_such_name")

        def test_afterwards_their_transports_are_their_own():
            assert httpx.HTTPTransport.handle_request.__module__.startswith("httpx")
            assert httpx2.AsyncHTTPTransport.handle_async_request.__module__.startswith("httpx2")
        """
    )
    result.assert_outcomes(passed=3)


def test_without_httpx_and_httpx2_the_fixture_says_what_to_install(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        import sys

        @pytest.fixture
        def neither(monkeypatch):
            for name in ("httpx", "httpx2", "respx"):
                monkeypatch.setitem(sys.modules, name, None)
            for name in list(sys.modules):
                if name == "mock_sma.http_library" or name.startswith("mock_sma.testing.convert"):
                    monkeypatch.delitem(sys.modules, name)

        def test_it(neither, sma_mock):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    assert "mock-sma: the fixture sma_mock needs httpx or httpx2: neither httpx nor httpx2 is installed" in text_of(
        result
    )
