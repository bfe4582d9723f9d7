"""Each tool by protocol, as an agent calls it: of the present and of last year's versions."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.control import ControlClient
from mock_sma.testing.live import LiveServer
from tests.facts import OWNER
from tests.late import Late
from tests.sandbox_helpers import make
from tests.server_process import PATIENCE, get, token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from mcp.types import CallToolResult

    from mock_sma.mcp.link import Link

pytestmark = pytest.mark.slow

sdk, linking, offering = Late("mcp"), Late("mock_sma.mcp.link"), Late("mock_sma.mcp.server")
ALL = {
    "explain", "findings", "coverage", "check_scenario", "plant_truth",
    "scenario", "clock", "consent", "fault", "exam",
}  # fmt: skip


@pytest.fixture(scope="module")
def live() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


@pytest.fixture
def server(live: LiveServer) -> LiveServer:
    live.serve(make())
    return live


async def called(link: Link, name: str, /, **arguments: Any) -> CallToolResult:
    """Call a tool by the protocol."""
    async with sdk.Client(offering.server_of(link, runs_programs=True)) as client:
        result: CallToolResult = await client.call_tool(name, arguments)
        return result


async def told(server: LiveServer, name: str, /, **arguments: Any) -> str:
    """Return what a tool says, which must not fail."""
    result = await called(linking.Link(server.url), name, **arguments)
    assert not result.is_error, result.content
    return words(result)


async def refused(server: LiveServer, name: str, /, **arguments: Any) -> str:
    """Return why a tool refuses."""
    result = await called(linking.Link(server.url), name, **arguments)
    assert result.is_error
    return words(result)


def words(result: CallToolResult) -> str:
    return "\n".join(getattr(item, "text", "") for item in result.content)


def access(server: LiveServer) -> str:
    bearer: str = token(server.url).json()["access_token"]
    return bearer


def plants(server: LiveServer, bearer: str) -> httpx.Response:
    return get(f"{server.url}/v1/plants", headers={"Authorization": f"Bearer {bearer}"})


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
async def test_ten_tools_are_offered_in_both_ages_of_the_protocol(server: LiveServer, mode: str) -> None:
    async with sdk.Client(offering.server_of(linking.Link(server.url), runs_programs=True), mode=mode) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == ALL
        assert tools[0].name == "explain"
        assert all(tool.description and "  " not in tool.description.splitlines()[0] for tool in tools)
        assert {tool.name for tool in tools if tool.annotations and tool.annotations.read_only_hint} == {
            "explain", "findings", "coverage", "check_scenario", "plant_truth",
        }  # fmt: skip
        now = {"now": "2025-06-15T12:00:00.000+02:00", "frozen": True, "rate": 0.0}
        assert (await client.call_tool("clock", {})).structured_content == now


async def test_programs_are_run_only_where_that_is_wanted(server: LiveServer) -> None:
    async with sdk.Client(offering.server_of(linking.Link(server.url), runs_programs=False)) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == ALL - {"exam"}


async def test_an_argument_that_a_tool_does_not_have_is_refused(server: LiveServer) -> None:
    assert "limt" in await refused(server, "explain", limt=3)


async def test_a_token_that_is_never_renewed_is_explained_at_once(server: LiveServer) -> None:
    bearer = access(server)
    server.sandbox.consents.accept(OWNER)
    assert plants(server, bearer).status_code == 200
    await told(server, "clock", do="advance", value="PT6M")
    assert plants(server, bearer).status_code == 401
    text = await told(server, "explain")
    assert "the token expired 60 s ago" in text
    assert "renew it before its expires_in seconds have passed" in text
    assert "/oauth2/token 200" not in text, "what went well is left out"
    assert "POST /oauth2/token: 200" in await told(server, "explain", everything=True)


async def test_an_owner_who_was_never_asked_is_explained_at_once(server: LiveServer) -> None:
    assert plants(server, access(server)).json() == {"plants": []}
    text = await told(server, "explain", limit=1)
    assert "consents open 0 of 9 plants" in text
    assert "ask the owner for consent (POST /oauth2/v2/bc-authorize" in text


async def test_a_client_that_ignores_retry_after_is_explained_by_two_calls(server: LiveServer) -> None:
    bearer = access(server)
    rule = {"match": {"path": "/v1/plants"}, "effect": {"quota_exhausted": True}, "times": 4}
    await told(server, "fault", do="add", rule=rule)
    for _ in range(4):
        assert plants(server, bearer).status_code == 429
    assert "a fault rule did this, and the client has to bear it" in await told(server, "explain")
    text = await told(server, "findings")
    assert "retry-after-ignored" in text
    assert "Retry-After" in text


async def test_gaps_of_coverage_come_with_tests_that_can_be_run(server: LiveServer) -> None:
    plants(server, access(server))
    text = await told(server, "coverage", limit=2)
    assert "situations met; never met:" in text
    assert "consent-rejected: the owner has declined (R16)" in text
    assert text.count("def test_my_client_meets_") == 2
    one = await told(server, "coverage", situation="consent-rejected")
    compile(one, "copied", "exec")
    assert "def test_my_client_meets_consent_rejected(sma_mock):" in one
    assert "there is no situation 'no'; there are " in await refused(server, "coverage", situation="no")


async def test_a_scenario_is_checked_with_line_and_nearest_word(server: LiveServer, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("plnats: []\n", encoding="utf-8")
    for given in ({"document": "plnats: []\n"}, {"path": str(file)}):
        text = await refused(server, "check_scenario", **given)
        assert "1: plnats" in text
        assert "plants" in text
    assert await told(server, "check_scenario", document="extends: no-consent\n") == "the scenario is valid"
    assert "cannot be read" in await refused(server, "check_scenario", path=str(tmp_path / "no.yaml"))
    assert "give either" in await refused(server, "check_scenario")


async def test_scenarios_are_told_and_loaded(server: LiveServer) -> None:
    here = json.loads(await told(server, "scenario"))
    assert (here["url"], here["running"]["name"]) == (server.url, "sandbox")
    assert {"client_id": "demo_api", "client_secret": "demo_secret"}.items() <= here["clients"][0].items()
    assert "gap-week" in [item["name"] for item in here["known"]]
    assert json.loads(await told(server, "scenario", name="gap-week"))["running"]["name"] == "gap-week"
    own = json.loads(await told(server, "scenario", document="extends: no-consent\nname: mine"))
    assert own["running"]["name"] == "mine"
    assert "gap-weak" in await refused(server, "scenario", name="gap-weak")
    assert "give either" in await refused(server, "scenario", name="a", document="b")


@pytest.mark.parametrize(
    ("do", "value", "key", "expected"),
    [
        ("advance", "90", "now", "2025-06-15T12:01:30.000+02:00"),
        ("set", "2025-06-16T00:00:00+02:00", "now", "2025-06-16T00:00:00.000+02:00"),
        ("rate", "60", "rate", 60.0),
        ("run", None, "frozen", False),
        ("freeze", None, "frozen", True),
    ],
)
async def test_the_clock_is_moved(server: LiveServer, do: str, value: str | None, key: str, expected: object) -> None:
    assert json.loads(await told(server, "clock", do=do, value=value))[key] == expected


async def test_a_mistake_about_the_clock_is_told(server: LiveServer) -> None:
    assert "need a value" in await refused(server, "clock", do="advance")
    assert "'soon' is no number" in await refused(server, "clock", do="advance", value="soon")
    assert "offset" in await refused(server, "clock", do="set", value="2025-06-16T00:00:00")


@pytest.mark.parametrize(
    ("do", "value", "expected"),
    [
        ("advance", "nan", "'nan' is no number"),
        ("rate", "inf", "'inf' is no number"),
        ("advance", "PT", "value: has to be seconds or an ISO 8601 duration"),
        ("rate", "1e9", "value: Input should be less than or equal to 1000000"),
        ("advance", "-5", "use set to go back"),
    ],
)
async def test_a_mistake_about_the_clock_is_told_by_the_tools_own_names(
    server: LiveServer, do: str, value: str, expected: str
) -> None:
    text = await refused(server, "clock", do=do, value=value)
    assert expected in text
    assert "body" not in text


async def test_owners_are_answered_for(server: LiveServer) -> None:
    assert json.loads(await told(server, "consent")) == {"consents": []}
    await told(server, "consent", do="accept", email=OWNER, client_id="demo_api")
    (record,) = json.loads(await told(server, "consent", client_id="demo_api"))["consents"]
    assert record["state"] == "Accepted"
    assert "give the owner's email" in await refused(server, "consent", do="revoke")


async def test_faults_are_added_listed_and_removed(server: LiveServer) -> None:
    effect = {"match": {"path": "/v1/plants"}, "effect": {"status": 503}}
    await told(server, "fault", do="add", rule=effect)
    assert plants(server, access(server)).status_code == 503
    (rule,) = json.loads(await told(server, "fault"))["rules"]
    assert rule["hits"] == 1
    await told(server, "fault", do="remove", fault_id=rule["id"])
    await told(server, "fault", do="add", rule=effect)
    assert json.loads(await told(server, "fault", do="clear")) == {"rules": []}
    assert "give a rule with add" in await refused(server, "fault", do="add")
    assert "effect" in await refused(server, "fault", do="add", rule={"effect": {"stauts": 503}})


async def test_the_truth_of_a_plant_is_told(server: LiveServer) -> None:
    assert len(json.loads(await told(server, "plant_truth"))["plants"]) == 9
    truth = json.loads(await told(server, "plant_truth", plant_id="13", date="2025-06-14"))
    assert truth["is_final"]
    assert truth["final"]["pvGeneration"] > 0
    assert json.loads(await told(server, "plant_truth", plant_id="13"))["date"] == "2025-06-15"
    assert "no plant" in await refused(server, "plant_truth", plant_id="0")


async def test_another_world_of_the_server_is_meant_by_its_name(server: LiveServer) -> None:
    with ControlClient(server.url, timeout=PATIENCE) as control:
        control.create_world("gw7", scenario="gap-week")
        result = await called(linking.Link(server.url, world="gw7"), "scenario")
        control.delete_world("gw7")
    here = json.loads(words(result))
    assert here["running"]["name"] == "gap-week"
    assert here["clients"][0]["client_id"] != "demo_api"


async def test_a_server_that_is_gone_is_told_of() -> None:
    result = await called(linking.Link("http://127.0.0.1:9"), "explain")
    assert result.is_error
    assert "is mock-sma serve running there?" in words(result)


async def test_a_program_sits_an_exam(server: LiveServer, tmp_path: Path) -> None:
    program = [sys.executable, "-c", "raise SystemExit(3)"]
    text = await told(server, "exam", command=program, only=["no-consent"], directory=str(tmp_path))
    assert text.startswith("[1/1] FAIL no-consent")
    assert "no-consnet" in await refused(server, "exam", command=program, only=["no-consnet"])
    assert "cannot begin" in await refused(server, "exam", command=program, directory=str(tmp_path / "no"))
