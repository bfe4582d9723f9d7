"""Polls and refreshes that repeat have ways of their own in a life: whatever happens, nobody can tell."""

from __future__ import annotations

import pickle
from collections import Counter
from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest

from mock_sma.domain import actions as act
from mock_sma.domain.quota import Quota
from mock_sma.domain.scenario import RefreshReuse
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.world.entry import Entry
from mock_sma.scenarios import load_scenario
from mock_sma.testing.life import live
from mock_sma.testing.life.polled import Polled
from mock_sma.testing.life.polls import Polls
from mock_sma.testing.life.renewals import Renewals
from mock_sma.testing.life.transports import answering
from tests.polling_helpers import CLASSIC, CLIENT, NOON, SETS, TOKEN, WORLD, Poller, known_of, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mock_sma.testing.life import LifeOutcome

pytestmark = pytest.mark.slow


@pytest.fixture
def no_ways(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what closes the ways from now on."""

    def close() -> None:
        monkeypatch.setattr(Polls, "learn", lambda *_: None)
        monkeypatch.setattr(Renewals, "learn", lambda *_: None)

    return close


def counted(kind: type, taken: Counter[type]) -> Callable[..., Any]:
    """Return a way that counts how often it is taken."""
    real: Callable[..., Any] = vars(kind)["again"]

    def again(*arguments: Any) -> Any:
        found = real(*arguments)
        taken[kind] += found is not None
        return found

    return again


@pytest.mark.parametrize(("http", "seed"), [(httpx, 1), (httpx, 2), (httpx2, 3)])
def test_stories_are_the_same_as_by_the_ordinary_way(
    http: Any, seed: int, tmp_path: Path, no_ways: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: Counter[type] = Counter()
    for kind in (Polls, Renewals):
        monkeypatch.setattr(kind, "again", counted(kind, taken))

    def lived() -> tuple[LifeOutcome, list[Any]]:
        program = Poller(http, every=600.0)
        options: dict[str, Any] = {"scenario": load_scenario(WORLD), "days": 14, "seed": seed, "rules": ()}
        start = "2025-03-21T00:00:00+01:00"  # the clocks change in these days
        return live(program.live, start=start, failures=tmp_path, **options), program.got

    ours, got = lived()
    quick = dict(taken)
    no_ways()
    theirs, expected = lived()
    assert len({chapter.kind for chapter in ours.story.chapters}) == 10
    assert got == expected
    assert (ours.digest, ours.requests) == (theirs.digest, theirs.requests)
    assert known_of(ours.world) == known_of(theirs.world)
    assert taken == quick  # none was taken the second time
    assert quick[Polls] > 0.5 * len(got)
    assert quick[Renewals] > 0.5 * ours.story.days * 144


# ---- each thing that happens, on the very next request ------------------------------------------------


@pytest.fixture
def world() -> Iterator[Sandbox]:
    made = Sandbox(load_scenario(WORLD), now=NOON)
    with answering(made):
        yield made


@pytest.fixture
def program(world: Sandbox) -> Poller:
    """Return a program that has polled for a while, so that all of it goes by ways of its own."""
    made = Poller()
    for _ in range(3):
        step(world, made)
    assert isinstance(world.requests[-1], Polled)
    return made


def step(world: Sandbox, program: Poller) -> list[int]:
    """Let five minutes pass, and return the statuses of what is asked then."""
    world.clock.advance(300)
    return [program.refresh(), *(program.poll(plant).status_code for plant in SETS)]


def test_a_poll_goes_by_its_own_way_and_is_told_of_as_any(world: Sandbox, program: Poller) -> None:
    plain = Sandbox(load_scenario(WORLD), now=NOON)
    with httpx.Client(transport=httpx.MockTransport(lambda request: reply_of(plain, request))) as client:
        other = Poller()
        other.client = client
        for _ in range(3):
            step(plain, other)
    assert other.got == program.got
    assert known_of(world) == known_of(plain)
    entry = world.requests[-1]
    assert not hasattr(entry, "nothing")
    for other in (pickle.loads(pickle.dumps(entry)), copy(entry)):  # noqa: S301 - ours
        assert (type(other), told(other)) == (Entry, told(entry))


def reply_of(world: Sandbox, request: Any) -> httpx.Response:
    from mock_sma.testing.convert import answer  # noqa: PLC0415 - the ordinary way

    return answer(world, request, httpx)  # type: ignore[no-any-return]


def test_a_fault_rule_strikes_the_next_request(world: Sandbox, program: Poller) -> None:
    world.faults.add({"match": {"path": "*/Recent"}, "effect": {"status": 503}, "times": 1})
    assert step(world, program) == [200, 503, 200, 200]
    world.faults.add({"match": {"path": "/oauth2/token"}, "effect": {"status": 503}, "times": 1})
    assert step(world, program) == [503, 401, 401, 401]
    assert step(world, program) == [200] * 4


def test_a_consent_that_is_revoked_closes_at_once(world: Sandbox, program: Poller) -> None:
    world.consents.revoke("anna@example.org")
    assert step(world, program) == [200, 403, 403, 403]
    world.consents.accept("anna@example.org")
    assert step(world, program) == [200] * 4


def test_r17_a_quota_counts_from_the_next_request_on(world: Sandbox, program: Poller) -> None:
    world.quota.change(Quota(requests=2), None)
    assert step(world, program) == [200, 200, 200, 429]
    assert world.requests[-2].trace[0] == ("quota", {"used": 2, "of": 2, "window": 300})
    world.quota.change(None, None)
    assert step(world, program) == [200] * 4


def test_a_migration_and_a_replaced_device_are_seen(world: Sandbox, program: Poller) -> None:
    device = next(item for item in world.estate.plants["4100"].devices if item.generates_pv)
    before = world.estate.version
    world.happenings.carry_out(act.ReplaceDevice(device_id=device.id))
    assert step(world, program) == [200] * 4
    assert world.estate.version != before
    assert world.requests[-3].trace[0][1].plant is world.estate.plants["4100"]
    world.happenings.carry_out(act.Migrate(plant_id=CLASSIC, to="770010"))
    assert step(world, program) == [200, 200, 200, 308]


def test_a_token_that_has_expired_or_changed_is_refused(world: Sandbox, program: Poller) -> None:
    world.clock.advance(301)
    assert [program.poll(plant).status_code for plant in SETS] == [401] * 3
    assert step(world, program) == [200] * 4
    good = program.tokens["access_token"]
    for wrong in (f"{good[:-2]}AA", "nonsense", ""):
        program.tokens["access_token"] = wrong
        assert program.poll("4100").status_code == 401
    program.tokens["access_token"] = good
    request = next(iter(program.built.values()))
    request.headers["Authorization"] = f"Basic {good}"
    assert program.client.send(request).status_code == 401
    del request.headers["Authorization"]
    assert program.client.send(request).status_code == 401


def test_other_headers_other_methods_and_other_bodies_are_other_requests(world: Sandbox, program: Poller) -> None:
    program.poll("4100")
    request = next(iter(program.built.values()))
    request.headers["User-Agent"] = "another"
    assert program.client.send(request).status_code == 200
    assert world.requests[-1].user_agent == "another"
    request.method = "PUT"
    assert program.client.send(request).status_code in (404, 405)


def test_a_refresh_token_is_used_once(world: Sandbox, program: Poller) -> None:
    used = {"grant_type": "refresh_token", "refresh_token": program.tokens["refresh_token"]}
    assert step(world, program)[0] == 200
    assert step(world, program)[0] == 200
    assert world.switches.refresh_reuse is not RefreshReuse.ALLOWED
    assert program.client.post(TOKEN, data=used | CLIENT).status_code == 400
    world.clock.advance(timedelta(days=3))
    assert step(world, program)[0] == 400


def test_a_session_that_has_ended_gives_no_token(world: Sandbox, program: Poller) -> None:
    end = {"refresh_token": program.tokens["refresh_token"]}
    assert program.client.post(TOKEN.replace("token", "logout"), data=end | CLIENT).status_code == 204
    assert step(world, program)[0] == 400
    assert step(world, program)[0] == 200


def test_what_a_reset_a_savepoint_and_another_scenario_change_is_seen(world: Sandbox, program: Poller) -> None:
    point, kept = world.save(), list(world.requests)
    before = dict(program.tokens)
    assert step(world, program) == [200] * 4
    world.restore(point)
    assert all(entry is other for entry, other in zip(world.requests, kept, strict=True))
    program.tokens = before
    assert step(world, program) == [200] * 4
    assert known_of(world)[1] == 16
    world.reset()
    assert step(world, program) == [400, 401, 401, 401]
    assert step(world, program) == [200] * 4
    assert [entry.number for entry in world.requests] == list(range(1, 9))
