"""The same tests against a server elsewhere: in its default world, and with workers in worlds of their own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma import Sandbox
from mock_sma.errors import ConflictError, UnknownError, UsageError
from mock_sma.fault_rules.document import rule_of
from mock_sma.scenarios import load_scenario
from mock_sma.testing.remote.line import Line
from mock_sma.testing.remote.sandbox import RemoteSandbox
from tests.facts import NOW, OWNER
from tests.server_process import environment, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

SUITE = """
import asyncio, subprocess, sys
import httpx, pytest, requests

AUTH, PLANTS = "https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de/monitoring/v1/plants"

def form(world):
    return {"grant_type": "client_credentials", "client_id": world.client_id, "client_secret": world.client_secret}

@pytest.mark.parametrize("time", range(3))
@pytest.mark.sma(consent="accepted")
def test_mock(sma_mock, time):
    token = httpx.post(f"{AUTH}/oauth2/token", data=form(sma_mock)).json()["access_token"]
    access = {"Authorization": f"Bearer {token}"}
    assert len(httpx.get(PLANTS, headers=access).json()["plants"]) == 9
    sandbox = sma_mock.sandbox
    sandbox.consents.revoke("apiTestUser@apiSandbox.com")
    assert httpx.get(PLANTS, headers=access).json() == {"plants": []}
    assert "consent" in sandbox.requests[-1].why
    sandbox.clock.advance(minutes=6)
    assert sandbox.clock.isoformat() == "2025-06-15T12:06:00.000+02:00"
    assert httpx.get(PLANTS, headers=access).status_code == 401
    assert "expired" in sandbox.requests[-1].why
    assert sandbox.requests.of("GET", "/v1/plants").statuses == [200, 200, 401]
    sandbox.requests.assert_order("POST /oauth2/token", "GET /v1/plants")

@pytest.mark.parametrize("time", range(3))
@pytest.mark.sma(scenario="ennexos", quota={"requests": 1})
def test_server(sma_server, time):
    with httpx.Client(base_url=sma_server.url, trust_env=False, timeout=60) as client:
        token = client.post("/oauth2/token", data=form(sma_server)).json()["access_token"]
        access = {"Authorization": f"Bearer {token}"}
        assert client.get("/v1/plants/2100", headers=access).status_code == 200
        assert client.get("/v1/plants/2100", headers=access).status_code == 429
    assert sma_server.sandbox.requests.statuses == [200, 200, 429]

@pytest.mark.parametrize("time", range(3))
def test_hosts(sma_hosts, time):
    sma_hosts.sandbox.faults.add({"effect": {"fault": "connection_reset"}, "times": 1})
    with requests.Session() as session:
        with pytest.raises(requests.ConnectionError):
            session.post(f"{AUTH}/oauth2/token", data=form(sma_hosts), timeout=20)
        assert session.post(f"{AUTH}/oauth2/token", data=form(sma_hosts), timeout=20).status_code == 200
    code = f"import requests; print(requests.get('{PLANTS}').status_code)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "401\\n"
    sma_hosts.sandbox.requests.of("POST").assert_count(2)

def test_async_and_faults(sma_mock):
    sma_mock.sandbox.faults.add({"effect": {"fault": "connection_reset"}, "times": 1})

    async def go():
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ReadError):
                await client.post(f"{AUTH}/oauth2/token", data=form(sma_mock))
            return await client.post(f"{AUTH}/oauth2/token", data=form(sma_mock))

    assert asyncio.run(go()).status_code == 200
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve("--rate", "1", "--seed", "5") as (_, ready):
        yield ready["url"]


@pytest.fixture
def world(url: str) -> Iterator[RemoteSandbox]:
    made = RemoteSandbox(Line(url), load_scenario("sandbox"), now=NOW, own=True)
    yield made
    made.close()


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
    )
    blocked = [
        word for name in ("cacheprovider", "schemathesis", "pytest_cov", "faker") for word in ("-p", f"no:{name}")
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *blocked, *options, str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment(no_proxy="*"),
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_same_tests_run_against_a_server_elsewhere(tmp_path: Path, url: str, workers: str) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE)
    result = run(tmp_path, "-n", workers, "--sma-url", url)
    assert result.returncode == 0, result.stdout
    assert "10 passed" in result.stdout
    worlds = httpx.get(f"{url}/_mock/worlds", trust_env=False, timeout=60).json()
    assert [item["name"] for item in worlds] == ["default"]


def test_a_failure_there_shows_the_same_section(pytester: pytest.Pytester, loaded: None, url: str) -> None:
    pytester.makepyfile(
        """
        import httpx

        def test_it(sma_mock):
            assert httpx.get("https://sandbox.smaapis.de/monitoring/v1/plants").status_code == 200
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:xdist", "-p", "no:randomly", "--sma-url", url)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- mock-sma -*", "1 GET /monitoring/v1/plants: 401 refused", "  curl: curl -sS *"])


def test_a_server_that_is_not_there_is_one_clear_line(pytester: pytest.Pytester, loaded: None) -> None:
    pytester.makepyfile("def test_it(sma_sandbox): pass")
    for given, message in (
        ("http://127.0.0.1:9", "no mock-sma answers on http://127.0.0.1:9"),
        ("localhost:8080", "'localhost:8080' is not the address of a server such as http://127.0.0.1:8080"),
    ):
        result = pytester.runpytest_inprocess(
            "-p", "no:asyncio", "-p", "no:xdist", "-p", "no:randomly", "--sma-url", given
        )
        result.assert_outcomes(errors=1)
        assert f"mock-sma: {message}" in result.stdout.str()


def test_a_world_elsewhere_has_the_verbs_of_one_here(world: RemoteSandbox) -> None:
    assert world.clock.frozen
    assert world.clock.isoformat() == "2025-06-15T12:00:00.000+02:00"
    world.clock.advance(hours=1, minutes=1, seconds=1)
    world.clock.set("2025-06-16T12:00:00+02:00")
    assert world.clock.now().isoformat() == "2025-06-16T12:00:00+02:00"
    world.clock.set_rate(60)
    assert (world.clock.frozen, world.clock.rate) == (False, 60.0)
    world.clock.freeze("2025-06-16T12:00:00+02:00")
    assert world.clock.time() == 1750068000.0
    world.clock.unfreeze()
    assert not world.clock.frozen
    world.reset()
    assert world.clock.isoformat() == "2025-06-15T12:00:00.000+02:00"


def test_consents_elsewhere(world: RemoteSandbox) -> None:
    (client_id,) = (client.id for client in world.clients.values() if client.flow == "custom")
    (accepted,) = world.consents.accept(OWNER, client_id)
    assert (accepted.state, accepted.email, len(accepted.plants)) == ("Accepted", OWNER, 9)
    assert [change.event for change in accepted.history] == ["request", "accept"]
    assert [record.state for record in world.consents.revoke(OWNER)] == ["Revoked"]
    assert len(world.consents) == 1
    assert [record.state for record in world.consents] == ["Revoked"]
    with pytest.raises(ConflictError, match="409 nothing to expire"):
        world.consents.expire(OWNER)
    with pytest.raises(UnknownError, match="404 no user 'who@"):
        world.consents.accept("who@example.org")
    world.consents.reject(OWNER, client_id)
    assert len(world.consents) == 2


def test_faults_mails_and_requests_elsewhere(world: RemoteSandbox) -> None:
    rule = rule_of({"match": {"path": "/v1/plants"}, "effect": {"status": 503}, "times": 2})
    added = world.faults.add(rule)
    assert (added.rule, added.hits, added.remaining) == (rule, 0, 2)
    world.faults.add({"effect": {"status": 500}})
    assert len(world.faults) == 2
    world.faults.remove(added.id)
    with pytest.raises(UnknownError, match="no fault rule"):
        world.faults.remove(added.id)
    assert [fault.rule.effect.status for fault in world.faults] == [500]
    world.faults.clear()
    client = next(client for client in world.clients.values() if client.flow == "custom")
    with httpx.Client(base_url=world.url, trust_env=False, timeout=60) as http:
        form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
        token = http.post("/oauth2/token", data=form).json()["access_token"]
        http.post("/oauth2/v2/bc-authorize", json={"loginHint": OWNER}, headers={"Authorization": f"Bearer {token}"})
    assert [mail.to for mail in world.mailbox] == [OWNER]
    assert world.mailbox[0].link.endswith(world.mailbox[0].consent_id)
    assert world.mailbox[:1] == list(world.mailbox)
    world.mailbox.clear()
    assert len(world.mailbox) == 0
    first, second = world.requests
    assert first.sent == form | {"client_secret": "***"}
    assert second.json["state"] == "Pending"
    assert world.requests.find(second.id) is second
    assert list(world.requests[:1]) == [first]
    world.requests.clear()
    assert len(world.requests) == 0


def test_another_scenario_can_be_loaded_and_what_is_missing_is_said(world: RemoteSandbox) -> None:
    before = set(world.clients)
    world.load(load_scenario("gap-week"))
    assert world.clock.isoformat() == "2025-03-12T12:00:00.000+01:00"
    assert set(world.clients) == before
    with pytest.raises(UsageError, match="a world on another server has no 'estate'; it has clock"):
        _ = world.estate


def test_the_truth_is_told_as_by_a_world_of_this_process(world: RemoteSandbox) -> None:
    here = Sandbox(world.scenario, now=world.clock.isoformat(), seed=world.seed)
    told, own = (made.truth("13", date(2025, 6, 15)) for made in (world, here))
    assert abs(told.final_at - own.final_at) < timedelta(milliseconds=1)
    assert replace(told, final_at=own.final_at) == own
    assert told.final["pvGeneration"] > told.now["pvGeneration"] > 0


def test_a_server_with_a_token_wants_it() -> None:
    with serve("--control-token", "t") as (_, ready):
        with pytest.raises(UsageError, match="401 this server wants its control token"):
            RemoteSandbox(Line(ready["url"]), load_scenario("sandbox"), now=NOW)
        world = RemoteSandbox(Line(ready["url"], "t"), load_scenario("sandbox"), now=NOW, rate=60)
        assert world.clock.rate == 60.0
        assert world.seed == 20250615
