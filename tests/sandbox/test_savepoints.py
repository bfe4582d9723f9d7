"""Save points and forks: what was, again and as often as wanted; and two worlds out of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma import Sandbox
from mock_sma.domain.scenario import AutoAnswer
from mock_sma.errors import ConflictError, MockSmaError
from mock_sma.scenarios.entries import read_entry
from mock_sma.worlds.worlds import Worlds
from tests.examples import examples
from tests.facts import HOUSEHOLDER, NOW, OWNER
from tests.sandbox.test_reset import ACTIONS, LOADED, SCENARIOS, Driver, digest
from tests.sandbox_helpers import APP, CLIENT, ask, content, make, token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = "/v1/plants/{}/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
HISTORY = st.lists(ACTIONS.filter(lambda item: item[0] != "rate"), max_size=10)
"""With a clock that stands: the time of two worlds that run is never quite the same."""


def live(driver: Driver, history: Iterable[tuple[str, Any]]) -> None:
    for action, what in history:
        try:
            driver.do(action, what)
        except MockSmaError:
            continue


@pytest.mark.slow
@examples(60)
@given(st.sampled_from(SCENARIOS), HISTORY, HISTORY, HISTORY)
def test_a_restored_world_goes_on_as_if_nothing_had_happened_since(
    name: str, before: list[Any], aside: list[Any], after: list[Any]
) -> None:
    world, other = (Sandbox(LOADED[name], now=NOW, seed=3) for _ in range(2))
    driver, twin = Driver(world), Driver(other)
    for one in (driver, twin):
        live(one, before)
    bearer = driver.bearer
    point = world.save()
    for history in (aside, [*aside, *after]):
        live(driver, history)
        digest(world)
        world.restore(point)
        driver.bearer = bearer
    for one in (driver, twin):
        live(one, after)
    assert digest(world) == digest(other)


@pytest.mark.slow
@examples(40)
@given(st.sampled_from(SCENARIOS), HISTORY, HISTORY)
def test_a_fork_is_what_its_world_was_and_neither_sees_what_the_other_does(
    name: str, before: list[Any], after: list[Any]
) -> None:
    world, other = (Sandbox(LOADED[name], now=NOW, seed=3) for _ in range(2))
    driver, twin = Driver(world), Driver(other)
    for one in (driver, twin):
        live(one, before)
    fork = world.fork("twin")
    assert [(item.email, item.state, item.plants) for item in fork.consents] == [
        (item.email, item.state, item.plants) for item in world.consents
    ]
    assert {item.id for item in fork.consents}.isdisjoint(item.id for item in world.consents)
    assert {item.client_id for item in fork.consents} <= set(fork.clients)
    assert (fork.clock.time(), fork.estate.plants) == (world.clock.time(), world.estate.plants)
    assert [fault.as_dict()["hits"] for fault in fork.faults] == [fault.as_dict()["hits"] for fault in world.faults]
    assert len(fork.agenda) == len(world.agenda)
    assert len(fork.requests) == 0
    live(Driver(fork), after)
    fork.clock.advance(days=30)
    # Nothing of it has reached the world it came from.
    for one in (driver, twin):
        live(one, after)
    assert digest(world) == digest(other)


def test_tokens_from_before_are_valid_again_and_later_ones_are_not() -> None:
    world = make()
    world.consents.accept(OWNER)
    early = tokens(world)
    point = world.save()
    world.consents.revoke(OWNER)
    late = tokens(world)
    refreshed = content(token(world, grant_type="refresh_token", refresh_token=early["refresh_token"], **CLIENT))
    world.clock.advance(minutes=6)
    assert ask(world, "GET", "/v1/plants", bearer=early["access_token"]).status == 401
    world.restore(point)
    assert len(content(ask(world, "GET", "/v1/plants", bearer=early["access_token"]))["plants"]) == 9
    for gone in (late, refreshed):
        assert ask(world, "GET", "/v1/plants", bearer=gone["access_token"]).status == 401
    assert "save point" in str(
        ask(world, "GET", "/v1/plants", bearer=refreshed["access_token"]) and world.requests[-1].why
    )
    reply = token(world, grant_type="refresh_token", refresh_token=refreshed["refresh_token"], **CLIENT)
    assert (reply.status, content(reply)["error"]) == (400, "invalid_grant")
    # The same steps give the same bytes again.
    assert (
        content(token(world, grant_type="refresh_token", refresh_token=early["refresh_token"], **CLIENT)) != refreshed
    )


def test_a_body_of_another_branch_is_never_shown() -> None:
    world = make("ennexos")
    world.consents.accept(HOUSEHOLDER)
    plant_id = next(iter(world.estate.plants))
    bearer = tokens(world)["access_token"]

    def name() -> str:
        return str(content(ask(world, "GET", f"/v1/plants/{plant_id}", bearer=bearer))["name"])

    def rename(to: str) -> str:
        entry = {"action": "change_plant", "plant": plant_id, "change": {"name": to}}
        world.happenings.carry_out(read_entry(entry, may_be_now=True).action)
        ask(world, "GET", DAY.format(plant_id), bearer=bearer)
        return name()

    first = world.save()
    assert rename("left") == "left"
    left = world.save()
    world.restore(first)
    assert rename("right") == "right"
    world.restore(left)
    assert name() == "left"


def test_what_was_coming_comes_again_after_each_restore() -> None:
    scenario = LOADED["no-consent"]
    answers = (AutoAnswer(email=HOUSEHOLDER, answer="accept", after=timedelta(hours=1)),)
    world = Sandbox(replace(scenario, auto_answers=answers), now=NOW)
    bearer = tokens(world)["access_token"]
    ask(world, "POST", "/oauth2/v2/bc-authorize", bearer=bearer, json={"loginHint": HOUSEHOLDER})
    point = world.save()
    for _ in range(3):
        assert [item.state for item in world.consents] == ["Pending"]
        world.clock.advance(hours=1)
        assert [item.state for item in world.consents] == ["Accepted"]
        world.restore(point)


def test_a_running_clock_goes_on_from_the_time_of_saving() -> None:
    world = make(rate=1.0)
    at, point = world.clock.time(), world.save()
    world.clock.advance(days=400)
    world.clock.freeze()
    world.restore(point)
    assert not world.clock.frozen
    assert 0 <= world.clock.time() - at < 60


def test_a_save_point_outlives_the_load_of_another_scenario() -> None:
    world = make("ennexos")
    world.consents.accept(HOUSEHOLDER)
    bearer = tokens(world)["access_token"]
    path = DAY.format(next(iter(world.estate.plants)))
    body = ask(world, "GET", path, bearer=bearer).body
    point = world.save()
    world.load(LOADED["portfolio"])
    world.restore(point)
    assert world.scenario.name == "ennexos"
    assert ask(world, "GET", path, bearer=bearer).body == body


def test_a_save_point_of_another_world_is_refused() -> None:
    with pytest.raises(ConflictError, match="of the world that made it"):
        make().restore(make().save())


def test_a_fork_has_credentials_mails_and_logins_of_its_own() -> None:
    worlds = Worlds(make("no-consent"))
    world = worlds.default
    bearer = tokens(world)["access_token"]
    ask(world, "POST", "/oauth2/v2/bc-authorize", bearer=bearer, json={"loginHint": HOUSEHOLDER})
    fork = worlds.fork(world, name="other")
    assert list(fork.clients) == [f"{name}-other" for name in world.clients]
    assert {item.secret for item in fork.clients.values()}.isdisjoint(item.secret for item in world.clients.values())
    assert ask(fork, "GET", "/v1/plants", bearer=bearer).status == 401
    (mail,), (old,) = fork.mailbox, world.mailbox
    assert (mail.to, mail.sent_at) == (old.to, old.sent_at)
    assert mail.link != old.link
    assert mail.link in mail.body
    assert fork.consents.find(mail.consent_id) is not None
    assert tokens(fork, client_id="demo_api-other", client_secret=fork.clients["demo_api-other"].secret)
    fork.reset()
    assert len(fork.mailbox) == 0
    assert len(world.mailbox) == 1
    assert APP["client_id"] in world.clients
    again = worlds.fork(fork)
    assert list(again.clients) == [f"{name}-{again.name}" for name in fork.clients]


def test_a_journal_makes_a_save_point_no_larger_and_is_none_of_its_own() -> None:
    world = make()
    for _ in range(2):
        ask(world, "GET", "/v1/plants")
    small = world.save()
    for _ in range(100):
        ask(world, "GET", "/v1/plants")
    large = world.save()
    assert len(large.state) < len(small.state) + 100  # bytes; a number may have more digits
    world.restore(large)
    ids = [entry.id for entry in world.requests]
    ask(world, "GET", "/v1/plants")
    world.restore(large)
    assert [entry.id for entry in world.requests] == ids
    assert len(ids) == world.requests.total == 102


def test_sessions_are_shared_with_save_points_rather_than_copied() -> None:
    world = make()
    tokens(world)
    small = world.save()
    answers = [tokens(world) for _ in range(100)]
    large = world.save()
    assert len(large.state) < len(small.state) + 100 * 50  # bytes: an id and a number
    refresh = {"grant_type": "refresh_token", "refresh_token": answers[0]["refresh_token"], **CLIENT}
    later = content(token(world, **refresh))
    world.restore(large)
    # What became of a session since the save point is none of it.
    again = {**refresh, "refresh_token": later["refresh_token"]}
    assert content(token(world, **again))["error_description"] == "Invalid refresh token"
    assert content(token(world, **refresh))["session_state"] == answers[0]["session_state"]
