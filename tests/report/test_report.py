"""The report of a journal: safe to print, and its commands work as they stand."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.report.again import curl
from mock_sma.report.text import BEGINNING, failure_report
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from mock_sma.testing import LiveServer
from tests.facts import OWNER
from tests.sandbox_helpers import BC, CLIENT, ask, make, token, tokens
from tests.server_process import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.world.entry import Entry

BASIC = {"authorization": "Basic " + b64encode(b"demo_api:demo_secret").decode()}


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as made:
        yield made


def again(entry: Entry, server: LiveServer, origin: str | None) -> Entry:
    """Run the command of an entry in a shell, and return what it asked last."""
    command = curl(entry, origin)
    assert "demo_" not in command
    env = environment(MOCK_SMA_CLIENT_ID="demo_api", MOCK_SMA_CLIENT_SECRET="demo_secret", MOCK_SMA_URL=server.url)
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=30, check=False, env=env | {"no_proxy": "*"}
    )
    assert done.returncode == 0, done.stderr
    return server.sandbox.requests[-1]


def asked(server: LiveServer) -> dict[str, Entry]:
    """Ask a fresh world in all ways, and return the entries by what they are about."""
    world = make()
    server.serve(world)
    got = tokens(world)
    access = got["access_token"]
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=access, host="sandbox.smaapis.de")
    world.consents.accept(OWNER)
    ask(world, "GET", "/v1/plants?WithStatus=true", bearer=access, host="monitoring.smaapis.de")
    ask(world, "PUT", f"{BC}/{OWNER}/status", json={"state": "it's"}, bearer=access)
    token(world, grant_type="refresh_token", refresh_token=got["refresh_token"], **CLIENT)
    ask(world, "POST", "/oauth2/token", form={"grant_type": "client_credentials"}, headers=BASIC)
    ask(world, "GET", "/v1/plants/13/%27%24(touch%20x)")
    names = ("token", "consent", "plants", "state", "refresh", "basic", "without")
    return dict(zip(names, world.requests, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("by_environment", [True, False])
@pytest.mark.parametrize("name", ["token", "consent", "plants", "state", "refresh", "basic", "without"])
def test_its_command_asks_the_emulator_the_same_again(server: LiveServer, name: str, by_environment: bool) -> None:
    entry = asked(server)[name]
    last = again(entry, server, None if by_environment else server.url)
    for attribute in ("method", "path", "query", "operation", "status"):
        assert getattr(last, attribute) == getattr(entry, attribute)
    assert last.host == (entry.host or "127.0.0.1")


@pytest.mark.slow
def test_it_holds_no_secret_and_no_whole_token(server: LiveServer) -> None:
    asked(server)
    world = server.sandbox
    access, refresh = (tokens(world)[name] for name in ("access_token", "refresh_token"))
    ask(world, "GET", "/v1/plants", bearer=access)
    token(world, grant_type="refresh_token", refresh_token=refresh, **CLIENT)
    for text in (
        failure_report(world.requests),
        httpx.get(f"{server.url}/_mock/report", trust_env=False, timeout=60).text,
    ):
        assert "demo_secret" not in text
        for secret in (access, refresh):
            assert secret not in text
            assert secret.rpartition(".")[2][:20] not in text


def test_it_leads_to_no_host_of_smas(server: LiveServer) -> None:
    asked(server)
    commands = [line for line in failure_report(server.sandbox.requests).splitlines() if line.startswith("  curl: ")]
    assert len(commands) == 7
    assert not any("//sandbox" in command or ".de/" in command for command in commands)


def test_it_shows_the_beginning_of_an_answer() -> None:
    world = make()
    world.consents.accept(OWNER)
    ask(world, "GET", "/v1/plants", bearer=tokens(world)["access_token"])
    ask(world, "GET", "/nothing", host="auth.smaapis.de")
    lines = failure_report(world.requests).splitlines()
    shown = [line.removeprefix("  body: ") for line in lines if line.startswith("  body: ")]
    assert shown[1].startswith('{"plants":[{"plantId":"13"')
    assert shown[1].endswith("…")
    assert len(shown[1]) == BEGINNING
    assert shown[2] == "(empty)"


def fixes(world: Sandbox, **options: bool) -> list[str]:
    """Return what the report says to do, by exchange."""
    lines = failure_report(world.requests, **options).splitlines()
    return [line.removeprefix("  fix:  ") for line in lines if line.startswith("  fix:  ")]


@pytest.mark.slow
def test_it_says_what_to_do_where_a_request_is_refused_or_empty() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    day = "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
    ask(world, "GET", "/v1/plants", bearer=bearer)
    ask(world, "GET", day, bearer=bearer)
    world.consents.accept(OWNER)
    ask(world, "GET", day, bearer=bearer)
    ask(world, "GET", day.replace("Day", "Dya"), bearer=bearer)
    ask(world, "GET", day.replace("2025-06-14", "2019-01-01"), bearer=bearer)
    ask(world, "GET", "/v1/plants/999", bearer=bearer)
    ask(world, "GET", "/v1/plant", bearer=bearer)
    ask(world, "DELETE", "/v1/plants", bearer=bearer)
    token(world, grant_type="client_credentials", client_id="demo_api", client_secret="wrong")
    ask(world, "POST", BC, json={}, bearer=bearer)
    beginnings = [
        "ask the owner for consent", "ask the owner for consent", "use one of the periods",
        "an empty answer is no error", "take ids from the answers", "use one of the paths",
        "use a method that", "use id and secret", "the body of the answer",
    ]  # fmt: skip
    found = fixes(world)
    assert [text[: len(begin)] for text, begin in zip(found, beginnings, strict=True)] == beginnings
    assert fixes(world, refused=True) == found


def test_r19_it_says_what_to_do_about_the_old_id_of_a_plant_that_has_migrated() -> None:
    world = make("migration")
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/v1/plants/11111111-aaaa-4bbb-8ccc-000000000001", bearer=bearer)
    assert "308 moved" in failure_report(world.requests, refused=True)
    (fix,) = fixes(world, refused=True)
    assert fix.startswith("repeat the request, token included, at the address in Location")


@pytest.mark.parametrize("status", [308, 415])
def test_what_a_fault_rule_answers_is_not_laid_at_the_clients_door(status: int) -> None:
    world = Sandbox(load_scenario({"faults": [{"effect": {"status": status}}]}))
    ask(world, "GET", "/v1/plants")
    (fix,) = fixes(world, refused=True)
    assert fix.startswith("nothing: a fault rule did this")


def test_it_says_which_body_a_path_takes() -> None:
    world = make()
    ask(world, "POST", "/oauth2/token", json={"grant_type": "client_credentials", **CLIENT})
    (fix,) = fixes(world)
    assert "application/x-www-form-urlencoded to /oauth2/token" in fix


def test_on_demand_it_leaves_out_what_went_well() -> None:
    world = make()
    world.consents.accept(OWNER)
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/v1/plants", bearer=bearer)
    words = "none of 2 exchanges was refused or led elsewhere, and no list of theirs is empty"
    assert failure_report(world.requests, refused=True) == words
    ask(world, "GET", "/v1/plants")
    assert "2 GET" not in failure_report(world.requests, refused=True)


def test_no_request_can_steer_the_terminal_that_shows_it() -> None:
    world = make()
    ask(world, "GET", "/v1/\x1b[2Jplants")
    assert "\x1b" not in failure_report(world.requests)


@pytest.mark.slow
def test_the_route_gives_it_for_every_world(server: LiveServer) -> None:
    asked(server)
    with httpx.Client(base_url=f"{server.url}/_mock", trust_env=False, timeout=60) as control:
        answer = control.get("/report")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.text.startswith("#  emulated time")
        assert f"curl -sS {server.url}/oauth2/token" in answer.text
        short = control.get("/report", params={"limit": 2}).text
        assert "5 earlier ones are in the journal" in short
        assert short.count("  why:  ") == 2
        assert control.get("/report", params={"limit": 0}).status_code == 422
        control.post("/worlds", json={"name": "gw0"})
        assert control.get("/worlds/gw0/report").text == "nothing was asked of mock-sma\n"
        assert control.get("/worlds/nobody/report").status_code == 404


def test_a_day_that_has_not_begun_points_to_the_two_clocks() -> None:
    world = make()
    world.consents.accept(OWNER)
    day = "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-16"
    ask(world, "GET", day, bearer=tokens(world)["access_token"])
    (fix,) = fixes(world)
    assert "sma(now=…)" in fix
