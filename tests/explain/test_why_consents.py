"""Why plants are hidden or shown: named situations, each with its exact sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.people import PlantUser
from mock_sma.domain.scenario import Switches
from mock_sma.sandbox.world.codes import Code
from tests.explain.story import PLANTS, Story
from tests.facts import HOUSEHOLDER, LOGIN, NOW, OWNER
from tests.page_helpers import Visitor, authorize_path
from tests.sandbox_helpers import APP, BC, ask, token, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.world.entry import Entry


CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"


def never_asked() -> Entry:
    return Story(consent=False).get(PLANTS)


def pending() -> Entry:
    story = Story(consent=False)
    ask(story.world, "POST", BC, bearer=story.bearer, json={"loginHint": OWNER})
    return story.get(PLANTS)


def rejected() -> Entry:
    story = Story(consent=False)
    story.world.consents.reject(OWNER)
    return story.get(PLANTS)


def revoked() -> Entry:
    story = Story()
    story.world.consents.revoke(OWNER)
    return story.get(PLANTS)


def ran_out() -> Entry:
    story = Story(consent=False)
    ask(story.world, "POST", BC, bearer=story.bearer, json={"loginHint": OWNER})
    story.world.consents.expire(OWNER)
    return story.get(PLANTS)


def unregistered() -> Entry:
    return Story("unregistered-owner").get(PLANTS)


def new_plant() -> Entry:
    return Story("new-plant-after-consent").get(PLANTS)


def lost_plant() -> Entry:
    story = Story("ownership-lost")
    story.world.clock.advance(hours=2)
    story.bearer = tokens(story.world)["access_token"]
    return story.get(PLANTS)


def nobodys_plant() -> Entry:
    return Story().change("13", lambda plant: replace(plant, users=())).get(PLANTS)


def never_owned_plant() -> Entry:
    story = Story(consent=False)
    story.change("13", lambda plant: replace(plant, users=()))
    story.world.consents.accept(OWNER)
    return story.get(PLANTS + "/13")


def somebody_elses_plant() -> Entry:
    story = Story()
    story.change("13", lambda plant: replace(plant, users=(PlantUser(email="eve@example.org", owner=True),)))
    story.world.consents.revoke(OWNER)
    story.world.consents.accept(OWNER)
    code = Code(
        client_id="demo_app", user=OWNER.lower(), scopes=("monitoringApi:read",), redirect_uri="x", challenge=None,
        expires=story.world.clock.time() + 60,
    )  # fmt: skip
    form = {"grant_type": "authorization_code", "code": story.world.codes.issue(code), "redirect_uri": "x"} | APP
    reply = token(story.world, **form)
    return story.get(PLANTS, bearer=json.loads(reply.body)["access_token"])


def forbidden_plant() -> Entry:
    return Story(consent=False).get(PLANTS + "/13")


def filtered() -> Entry:
    return Story().get(PLANTS + "?Filter=zzz")


def all_open() -> Entry:
    return Story().get(PLANTS)


def unknown_owner() -> Entry:
    story = Story()
    ask(story.world, "POST", BC, bearer=story.bearer, json={"loginHint": "who@example.org"})
    return story.last()


def simulated() -> Entry:
    story = Story(consent=False)
    ask(story.world, "POST", BC, bearer=story.bearer, json={"loginHint": OWNER})
    ask(story.world, "PUT", f"{BC}/{OWNER}/status", bearer=story.bearer, json={"state": "Rejected"})
    return story.last()


def on_the_screen() -> Entry:
    story = Story(consent=False)
    visitor = Visitor(story.world)
    visitor.go(authorize_path())
    visitor.submit(**LOGIN)
    visitor.post(decision="accept")
    return story.last()


SITUATIONS: list[tuple[Callable[[], Entry], str]] = [
    (never_asked, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {OWNER} was never asked"),
    (pending, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {OWNER} has not answered the request yet"),
    (rejected, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {OWNER} declined the request"),
    (revoked, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {OWNER} has withdrawn the consent (R08)"),
    (ran_out, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: the request to {OWNER} ran out without an answer"),
    (unregistered, "plant 2100 is hidden: invited@example.org never completed registration (R04)"),
    (
        new_plant,
        f"plant 2200 is hidden: {HOUSEHOLDER} accepted before this was theirs; a new request covers it (R09)",
    ),
    (lost_plant, f"plant 2200 is hidden: {HOUSEHOLDER} accepted, but no longer owns it (R10)"),
    (nobodys_plant, f"plant 13 is hidden: {OWNER} accepted, but no longer owns it (R10)"),
    (
        never_owned_plant,
        "no consent opens plant 13 to 'demo_api': nobody carries the owner flag, so nobody can open it",
    ),
    (
        somebody_elses_plant,
        f"plant 13 is hidden: the token is {OWNER.lower()}'s, and the owner is eve@example.org",
    ),
    (forbidden_plant, f"no consent opens plant 13 to 'demo_api': {OWNER} was never asked"),
    (filtered, "the list is empty: no name holds the Filter 'zzz'"),
    (all_open, "consents open 9 of 9 plants"),
    (unknown_owner, "nobody has the e-mail who@example.org: the request stays pending and expires (R04)"),
    (simulated, f"the simulated owner {OWNER} rejected the consent"),
    (on_the_screen, f"the owner {OWNER} accepted the consent"),
]


@pytest.mark.parametrize(("situation", "sentence"), SITUATIONS, ids=[item[0].__name__ for item in SITUATIONS])
def test_situation(situation: Callable[[], Entry], sentence: str) -> None:
    entry = situation()
    assert sentence in list(entry.why)
    assert json.dumps([step.as_dict() for step in entry.why.steps])


def test_reasons_of_many_people_are_bounded_and_each_is_named() -> None:
    scenario = load_scenario("portfolio")
    world = Sandbox(replace(scenario, consents=()), now=NOW)
    world.consents.accept("anna@example.org")
    world.consents.reject("ben@example.org")
    bearer = tokens(world)["access_token"]
    ask(world, "GET", PLANTS, bearer=bearer)
    steps = list(world.requests[-1].why)
    assert "consents open 2 of 5 plants" in steps
    assert f"plants 3300, {CLASSIC} are hidden: ben@example.org declined the request" in steps
    assert f"plant {CLASSIC[:-1]}2 is hidden: clara@example.org was never asked" in steps


def test_forbidden_as_404_says_why_all_the_same() -> None:
    scenario = replace(load_scenario("sandbox"), switches=Switches(forbidden_as=404))
    world = Sandbox(scenario, now=NOW)
    ask(world, "GET", PLANTS + "/13", bearer=tokens(world)["access_token"])
    assert (world.requests[-1].status, "no consent opens plant 13" in world.requests[-1].why) == (404, True)


def test_words_are_made_once_and_only_when_read() -> None:
    entry = all_open()
    assert entry.told is None
    assert entry.why is entry.why
    assert "; ".join(entry.why) == str(entry.why)
