"""Capsules: what they hold, and that a world opened from one, or asked again, answers the same bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma import Sandbox, cli
from mock_sma.api.app import App
from mock_sma.capsule import Capsule, Verdict, capsule_of, opened, read_capsule, replay, restore
from mock_sma.errors import ConflictError, UsageError
from mock_sma.sandbox.world.journal import Journal
from mock_sma.worlds.worlds import Worlds
from tests.facts import OWNER
from tests.sandbox_helpers import APP, BC, CLIENT, ask, content, make, token, tokens
from tests.server_process import get, serve

if TYPE_CHECKING:
    from pathlib import Path

DAY = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
WRONG = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "not this one"}


def written(world: Sandbox) -> Capsule:
    """Return a world's capsule by way of its text."""
    return read_capsule(capsule_of(world).model_dump_json().encode())


def story(world: Sandbox) -> None:
    """Live through tokens, a consent asked and given, data, a token that expires, refusals and a revocation."""
    ask(world, "GET", DAY)
    token(world, **WRONG)
    answer = tokens(world)
    bearer = answer["access_token"]
    ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)
    ask(world, "POST", BC, bearer=bearer, json={"loginHint": OWNER})
    ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer)
    world.consents.accept(OWNER)
    ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer)
    ask(world, "GET", DAY, bearer=bearer)
    world.clock.advance(minutes=6)
    ask(world, "GET", DAY, bearer=bearer)
    refreshed = token(world, grant_type="refresh_token", refresh_token=answer["refresh_token"], **CLIENT)
    bearer = content(refreshed)["access_token"]
    ask(world, "GET", f"{DAY}&WithTotal=true", bearer=bearer)
    ask(world, "GET", "/no/such/path", bearer=bearer)
    world.consents.revoke(OWNER)
    ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)


def statuses(world: Sandbox) -> list[int]:
    return [entry.status for entry in world.requests]


def continued(world: Sandbox) -> list[tuple[int, bytes, list[tuple[bytes, bytes]]]]:
    """Return what a world answers from here on: status, body and headers, tokens and ids included."""
    found = []
    reply = token(world, grant_type="client_credentials", **CLIENT)
    bearer = content(reply)["access_token"]
    found.append(reply)
    paths = ("/monitoring/v1/plants", DAY, f"{BC}/{OWNER}")
    found.extend(ask(world, "GET", path, bearer=bearer) for path in paths)
    found.append(ask(world, "POST", BC, bearer=bearer, json={"loginHint": OWNER}))
    return [(reply.status, reply.body, reply.headers) for reply in found]


@pytest.mark.slow
def test_a_world_opened_from_a_capsule_goes_on_with_the_same_bytes() -> None:
    world = make()
    story(world)
    again = opened(written(world))
    assert again.clock.isoformat() == world.clock.isoformat()
    assert [record.state for record in again.consents] == [record.state for record in world.consents]
    assert [entry.why for entry in again.requests] == [entry.why for entry in world.requests]
    assert continued(again) == continued(world)


@pytest.mark.slow
def test_a_capsule_of_a_restored_world_is_the_same_capsule() -> None:
    world = make()
    story(world)
    capsule = written(world)
    assert written(opened(capsule)) == capsule


@pytest.mark.slow
def test_a_capsule_holds_no_token_and_no_secret_that_was_sent() -> None:
    world = make()
    story(world)
    answer = tokens(world)
    text = capsule_of(world).model_dump_json()
    assert answer["access_token"] not in text
    assert answer["refresh_token"] not in text
    assert "not this one" not in text
    assert "eyJ" not in text


@pytest.mark.slow
def test_a_replay_gives_the_same_bytes_for_the_whole_story() -> None:
    world = make()
    story(world)
    assert statuses(world) == [401, 401, 200, 200, 201, 200, 200, 200, 401, 200, 200, 404, 200]
    outcomes = list(replay(written(world)))
    assert [(item.verdict, item.text) for item in outcomes] == [(Verdict.SAME, "")] * 13
    assert [item.after.id for item in outcomes if item.after] == [entry.id for entry in world.requests]


def test_a_replay_asks_with_the_right_secret_where_something_else_was_refused() -> None:
    world = make()
    token(world, grant_type="client_credentials", **APP)
    token(world, **WRONG)
    assert statuses(world) == [401, 401]
    assert [(item.verdict, item.text) for item in replay(written(world))] == [(Verdict.SAME, "")] * 2


@pytest.mark.slow
def test_a_replay_tells_an_answer_that_has_changed() -> None:
    world = make()
    story(world)
    text = json.loads(capsule_of(world).model_dump_json())
    text["requests"][7]["response_body"] += " "
    text["requests"][9]["status"] = 500
    outcomes = list(replay(read_capsule(json.dumps(text).encode())))
    different = {index: item.text for index, item in enumerate(outcomes) if item.verdict is Verdict.DIFFERENT}
    assert set(different) == {7, 9}
    assert different[9].startswith("500 then, 200 now: ")


@pytest.mark.slow
def test_a_replay_after_a_forgetful_journal_brings_tokens_of_its_own() -> None:
    world = make()
    story(world)
    kept = list(world.requests)[6:]
    world.requests = Journal()
    world.requests.put_back(kept, 13)
    outcomes = list(replay(written(world)))
    assert {item.verdict for item in outcomes} == {Verdict.SAME}
    assert len(outcomes) == 7


def test_what_a_person_logged_in_for_is_skipped_and_its_consent_stands() -> None:
    world = make()
    world.consents.accept(OWNER, "demo_app")
    token(world, grant_type="authorization_code", code="x", redirect_uri="http://localhost/", **APP)
    ask(world, "GET", "/oauth2/auth?response_type=code&client_id=demo_app")
    (first, second) = replay(written(world))
    assert (first.verdict, second.verdict) == (Verdict.SKIPPED, Verdict.SKIPPED)
    assert "secret" in first.text


def test_a_fault_rule_added_by_hand_is_kept_and_its_victims_are_skipped() -> None:
    world = make()
    world.faults.add({"match": {"path": "/monitoring/v1/plants"}, "effect": {"status": 503}, "times": 3})
    ask(world, "GET", "/monitoring/v1/plants")
    capsule = written(world)
    assert [fault.remaining for fault in opened(capsule).faults.active] == [2]
    assert [item.verdict for item in replay(capsule)] == [Verdict.SKIPPED]


@pytest.mark.slow
def test_plants_changed_by_hand_come_along() -> None:
    world = make()
    world.consents.accept(OWNER)
    world.estate.set_owner("13", OWNER, owner=False)
    bearer = tokens(world)["access_token"]
    ask(world, "GET", DAY, bearer=bearer)
    assert statuses(world)[-1] != 200
    capsule = written(world)
    assert opened(capsule).estate.plants == world.estate.plants
    assert {item.verdict for item in replay(capsule)} == {Verdict.SAME}


def test_what_the_timeline_did_happens_again() -> None:
    world = make("new-plant-after-consent")
    world.clock.advance(days=40)
    tokens(world)
    capsule = written(world)
    again = opened(capsule)
    assert again.estate.plants == world.estate.plants
    assert [record.plants for record in again.consents] == [record.plants for record in world.consents]
    assert {item.verdict for item in replay(capsule)} == {Verdict.SAME}


@pytest.mark.slow
def test_a_quota_that_was_spent_stays_spent() -> None:
    world = make("rate-limited")
    bearer = tokens(world)["access_token"]
    for _ in range(1_501):
        reply = ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)
    assert reply.status == 429
    again = opened(written(world))
    bearer = tokens(again)["access_token"]
    assert ask(again, "GET", "/monitoring/v1/plants", bearer=bearer).status == 429


@pytest.mark.parametrize(
    ("text", "said"),
    [(b"{}", "world: Field required"), (b"no", "the text: Invalid JSON"), (b'{"version": 2}', "version: Input")],
)
def test_what_is_no_capsule_is_named(text: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_capsule(text)


def test_bytes_that_are_no_text_come_back() -> None:
    world = make()
    ask(world, "GET", "/no/such/path")
    world.requests[-1].response_body = b"\xff\xfe"
    part = written(world).requests[-1]
    assert part.base64 == ["response_body"]
    assert part.entry().response_body == b"\xff\xfe"


def test_a_capsule_of_another_world_is_refused() -> None:
    with pytest.raises(ConflictError, match="serve --capsule"):
        restore(make(), capsule_of(make(name="gw0")))


@pytest.mark.slow
async def test_over_http_a_capsule_is_read_and_put_back() -> None:
    world, other = make(), make(seed=9)
    story(world)
    clients = [httpx.ASGITransport(App(Worlds(item))) for item in (world, other)]
    async with (
        httpx.AsyncClient(transport=clients[0], base_url="http://localhost") as mine,
        httpx.AsyncClient(transport=clients[1], base_url="http://localhost") as theirs,
    ):
        answer = await mine.get("/_mock/capsule")
        assert 'filename="default.capsule.json"' in answer.headers["content-disposition"]
        put = await theirs.put("/_mock/capsule", content=answer.content, headers={"content-type": "application/json"})
        assert put.status_code == 200
        assert put.json()["requests"] == 13
        refused = await theirs.put("/_mock/capsule", json={"world": "default"})
        assert refused.status_code == 400
    assert continued(other) == continued(world)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    world = make()
    story(world)
    path = tmp_path / "failed.capsule.json"
    path.write_text(capsule_of(world).model_dump_json())
    return path


@pytest.mark.slow
def test_the_command_replay_says_what_came_out(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["replay", str(file)]) == 0
    *lines, total = capsys.readouterr().out.splitlines()
    assert total == "13 same, 0 different, 0 skipped"
    assert lines[2] == "same      200 POST /oauth2/token"
    document: dict[str, Any] = json.loads(file.read_text())
    document["requests"][7]["status"] = 418
    document["total"] += 1
    file.write_text(json.dumps(document))
    assert cli.main(["replay", "--quiet", str(file)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("1 older request was no longer in the journal")
    assert "different 418 GET" in out


@pytest.mark.slow
def test_a_server_begins_with_a_capsule(file: Path) -> None:
    with serve("--capsule", str(file)) as (_, ready):
        assert ready["now"].startswith("2025-06-15T12:06:00.000")
        found = get(f"{ready['url']}/_mock/requests").json()
        assert len(found) == 13
    assert cli.main(["serve", "--capsule", str(file), "--watch"]) == 2


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [("clock", "now", 1e300), ("clock", "started", -1.0), ("clock", "now", 8e9), ("requests", "at", 1e15)],
)
def test_a_capsule_with_times_beyond_the_calendar_is_refused(part: str, name: str, value: float) -> None:
    world = make()
    tokens(world)
    text = json.loads(capsule_of(world).model_dump_json())
    (text[part] if part == "clock" else text[part][0])[name] = value
    with pytest.raises(UsageError, match=name):
        read_capsule(json.dumps(text).encode())
