"""Consents by rule: what is asked, who can answer, and what a token sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.scenario import ConsentState
from mock_sma.errors import UsageError
from mock_sma.sandbox.access import Access
from tests.facts import OWNER
from tests.sandbox_helpers import BC, ask, content, make, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

SCOPE = "monitoringApi:read"


def seen(world: Sandbox, scope: str = SCOPE) -> frozenset[str]:
    access = Access(client_id="demo_api", scopes=frozenset({scope}), user=None, expires=0.0, session="")
    return world.consents.permitted(access).ids


def request(world: Sandbox, email: str = OWNER) -> str:
    reply = ask(world, "POST", BC, json={"loginHint": email}, bearer=tokens(world)["access_token"])
    assert reply.status == 201
    return str(content(reply)["state"])


def test_r04_nobody_accepts_for_an_unknown_person_and_the_request_expires() -> None:
    world = make()
    assert request(world, "stranger@example.org") == "Pending"
    with pytest.raises(UsageError, match="R04"):
        world.consents.accept("stranger@example.org")
    world.clock.advance(days=7)
    assert next(iter(world.consents)).state is ConsentState.EXPIRED
    assert seen(world) == frozenset()


def test_r07_acceptance_opens_the_plants_owned_at_that_moment() -> None:
    world = make()
    assert seen(world) == frozenset()
    assert request(world) == "Pending"
    world.consents.accept(OWNER)
    assert request(world) == "Accepted"
    assert seen(world) == frozenset(world.estate.owned_by(OWNER)) != frozenset()


def test_r09_new_plant_needs_a_new_consent_beside_the_accepted_one() -> None:
    world = make()
    late = world.estate.owned_by(OWNER)[0]
    world.estate.set_owner(late, OWNER, owner=False)
    world.consents.accept(OWNER, "demo_api")
    world.estate.set_owner(late, OWNER, owner=True)
    before = seen(world)
    assert late not in before
    assert request(world) == "Pending"
    assert seen(world) == before
    world.consents.accept(OWNER, "demo_api")
    assert seen(world) == before | {late}


def test_r10_lost_ownership_closes_a_plant_and_regained_ownership_opens_it() -> None:
    world = make()
    world.consents.accept(OWNER, "demo_api")
    before = seen(world)
    plant = min(before)
    world.estate.set_owner(plant, OWNER, owner=False)
    assert seen(world) == before - {plant}
    world.estate.set_owner(plant, OWNER, owner=True)
    assert seen(world) == before


def test_r11_token_without_the_monitoring_scope_sees_nothing() -> None:
    world = make()
    world.consents.accept(OWNER, "demo_api")
    assert seen(world, "other:read") == frozenset()


def test_r08_revoked_consent_closes_all_and_can_be_asked_anew() -> None:
    world = make()
    world.consents.accept(OWNER, "demo_api")
    world.consents.revoke(OWNER, "demo_api")
    assert seen(world) == frozenset()
    assert request(world) == "Pending"


def test_r06_who_owns_nothing_cannot_accept() -> None:
    world = make()
    request(world)
    for plant in world.estate.owned_by(OWNER):
        world.estate.set_owner(plant, OWNER, owner=False)
    with pytest.raises(UsageError, match="R06"):
        world.consents.accept(OWNER)


def test_misuse_of_the_verbs_says_what_there_is() -> None:
    world = make()
    with pytest.raises(UsageError, match="demo_api"):
        world.consents.accept(OWNER, "nobody")
    with pytest.raises(UsageError, match="no user"):
        world.consents.accept("nobody@example.org")
    with pytest.raises(UsageError, match="nothing to expire"):
        world.consents.expire(OWNER)
    world.consents.accept(OWNER, "demo_api")
    with pytest.raises(UsageError, match="has accepted already"):
        world.consents.accept(OWNER, "demo_api")
