"""R01 to R06 from outside: roles, who administers, several owners, unregistered owners, mails, the delegate."""

from __future__ import annotations

from typing import Any

import pytest

from mock_sma.domain.people import Role
from mock_sma.domain.scenario import ConsentState
from mock_sma.errors import ScenarioError, UsageError
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.world.happenings.people import register_user
from mock_sma.sandbox.world.happenings.plants import set_owner
from mock_sma.scenarios import parse_scenario
from tests.facts import HOUSEHOLDER, OWNER
from tests.page_helpers import Visitor, answered, authorize_path
from tests.sandbox_helpers import BC, ask, content, make, tokens

CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"
HEAD = "version: 1\nname: people\nnow: 2025-06-15T12:00:00+02:00\n"


def world_of(text: str) -> Sandbox:
    return Sandbox(parse_scenario((HEAD + text).encode(), format="yaml", file="people.yaml"))


def plant(users: str, plant_id: str = "2100") -> str:
    gateway = ", gateway: webconnect" if "-" in plant_id else ""
    return f"plants:\n  - {{id: {plant_id}, name: one, commissioned: 2024-01-01{gateway}, users: [{users}]}}\n"


def people(*names: str, **facts: str) -> str:
    lines = (f"  - {{email: {name}@example.org, country: {facts.get(name, 'DE')}}}\n" for name in names)
    return "users:\n" + "".join(lines)


def ask_for(world: Sandbox, email: str) -> str:
    reply = ask(world, "POST", BC, json={"loginHint": email}, bearer=tokens(world)["access_token"])
    assert reply.status == 201
    return str(content(reply)["state"])


def put(world: Sandbox, email: str, state: str) -> int:
    bearer = tokens(world)["access_token"]
    return ask(world, "PUT", f"{BC}/{email}/status", json={"state": state}, bearer=bearer).status


def plants(world: Sandbox) -> list[str]:
    reply = ask(world, "GET", "/v1/plants", bearer=tokens(world)["access_token"])
    assert reply.status == 200
    return [item["plantId"] for item in content(reply)["plants"]]


@pytest.mark.parametrize("role", ["installer", "guest"])
def test_r01_on_ennexos_only_a_standard_user_or_an_administrator_carries_the_flag(role: str) -> None:
    text = people("anna") + plant(f"{{email: anna@example.org, role: {role}, owner: true}}")
    with pytest.raises(ScenarioError) as caught:
        world_of(text)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.file) == ("R01", "people.yaml")
    assert problem.path.startswith("plants[0].users[0]")


@pytest.mark.parametrize("role", ["admin", "installer", "user", "guest"])
def test_r01_on_classic_any_role_carries_the_flag(role: str) -> None:
    text = people("anna") + plant(f"{{email: anna@example.org, role: {role}, owner: true}}", CLASSIC)
    assert world_of(text).estate.owned_by("anna@example.org") == (CLASSIC,)


@pytest.mark.parametrize("role", list(Role))
def test_r02_only_an_administrator_or_an_installer_administers_users(role: Role) -> None:
    text = people("anna", "nobody") + plant(f"{{email: Anna@example.org, role: {role.value}}}")
    item = world_of(text).estate.plants["2100"]
    assert item.may_be_administered_by("anna@EXAMPLE.org") is (role in (Role.ADMIN, Role.INSTALLER))
    assert not item.may_be_administered_by("nobody@example.org")


def test_r03_any_one_owners_consent_opens_an_ennexos_plant() -> None:
    world = make("two-owners")
    assert plants(world) == ["2100"]
    ask_for(world, "otto@example.org")
    world.consents.accept("otto@example.org", "demo_api")
    world.consents.revoke("olivia@example.org", "demo_api")
    assert plants(world) == ["2100"]
    world.consents.revoke("otto@example.org", "demo_api")
    assert plants(world) == []


def test_r03_second_owner_of_a_classic_plant_is_refused() -> None:
    two = ", ".join(f"{{email: {name}@example.org, role: user, owner: true}}" for name in ("anna", "ben"))
    with pytest.raises(ScenarioError, match="R03"):
        world_of(people("anna", "ben") + plant(two, CLASSIC))
    one = "{email: anna@example.org, owner: true}, {email: ben@example.org}"
    world = world_of(people("anna", "ben") + plant(one, CLASSIC))
    with pytest.raises(UsageError, match="R03"):
        set_owner(world.estate, CLASSIC, "ben@example.org", owner=True)


def test_r04_request_to_an_unregistered_owner_never_completes() -> None:
    world = make("unregistered-owner")
    email = "invited@example.org"
    assert ask_for(world, email) == "Pending"
    assert len(world.mailbox) == 0
    assert (put(world, email, "Accepted"), put(world, email, "Rejected")) == (404, 404)
    register_user(world.estate, email)
    assert put(world, email, "Accepted") == 404
    world.clock.advance(days=7)
    bearer = tokens(world)["access_token"]
    assert content(ask(world, "GET", f"{BC}/{email}", bearer=bearer))["state"] == "Expired"
    assert put(world, email, "Accepted") == 404
    assert plants(world) == []
    assert ask_for(world, email) == "Pending"
    assert len(world.mailbox) == 1
    assert put(world, email, "Accepted") == 200
    assert plants(world) == ["2100"]


@pytest.mark.parametrize(
    ("country", "language"),
    [("DE", "de"), ("AT", "de"), ("CH", "de"), ("LI", "de"), ("LU", "de"), ("FR", "en"), ("US", "en"), (None, "en")],
)
def test_r05_mail_is_german_or_english_by_the_owners_country(country: str | None, language: str) -> None:
    who = f"users:\n  - {{email: anna@example.org{f', country: {country}' if country else ''}}}\n"
    world = world_of(who + plant("{email: anna@example.org, owner: true}"))
    assert any("R05" in warning for warning in world.scenario.warnings) is (country is None)
    ask_for(world, "anna@example.org")
    (mail,) = world.mailbox
    assert (mail.language, mail.to) == (language, "anna@example.org")
    assert ("bittet um Zugriff" in mail.subject) is (language == "de")
    assert ("asks for access" in mail.subject) is (language == "en")
    assert mail.link in mail.body
    assert "nobody" in mail.body or "niemandem" in mail.body


def test_r05_repeated_requests_and_unknown_people_get_no_second_mail() -> None:
    world = make()
    for _ in range(3):
        ask_for(world, OWNER)
    ask_for(world, "stranger@example.org")
    assert len(world.mailbox) == 1
    put(world, OWNER, "Accepted")
    assert ask_for(world, OWNER) == "Accepted"
    assert len(world.mailbox) == 1


def test_r06_delegate_consents_and_the_real_owner_can_authorise_no_further_application() -> None:
    world = make("delegate-owner")
    assert plants(world) == ["2100"]
    visitor = Visitor(world)
    visitor.go(authorize_path())
    visitor.submit(username=HOUSEHOLDER, password="MyPass123!")
    assert visitor.post(decision="accept").status == 403
    assert answered(visitor.post(decision="decline"))["error"] == "access_denied"
    ask_for(world, HOUSEHOLDER)
    assert put(world, HOUSEHOLDER, "Accepted") == 404
    assert "R06" in world.requests[-1].why
    states = {record.key: record.state for record in world.consents if record.client_id == "demo_api"}
    assert states == {
        "installer@example.org": ConsentState.ACCEPTED,
        HOUSEHOLDER: ConsentState.PENDING,
    }


def auto(answer: str, after: str = "PT2H") -> Sandbox:
    rules = f"auto_answers:\n  - {{email: anna@example.org, answer: {answer}, after: {after}}}\n"
    return world_of(people("anna") + plant("{email: anna@example.org, owner: true}") + rules)


@pytest.mark.parametrize(("answer", "state"), [("accept", "Accepted"), ("reject", "Rejected")])
def test_owner_answers_by_itself_after_two_hours(answer: str, state: str) -> None:
    world = auto(answer)
    assert ask_for(world, "anna@example.org") == "Pending"
    world.clock.advance(hours=1, minutes=59)
    assert state_of(world) == "Pending"
    world.clock.advance(minutes=1)
    assert state_of(world) == state
    assert plants(world) == (["2100"] if answer == "accept" else [])
    record = next(iter(world.consents))
    assert record.history[-1].at - record.history[0].at == 7200
    assert record.history[-1].by == "owner"


def test_owner_who_never_answers_lets_the_request_expire() -> None:
    world = auto("never")
    ask_for(world, "anna@example.org")
    world.clock.advance(days=6, hours=23)
    assert state_of(world) == "Pending"
    world.clock.advance(hours=1)
    assert state_of(world) == "Expired"


def test_answer_by_hand_comes_before_the_automatic_one() -> None:
    world = auto("accept")
    ask_for(world, "anna@example.org")
    world.consents.reject("anna@example.org")
    world.clock.advance(days=1)
    assert state_of(world) == "Rejected"


def test_automatic_answer_of_who_owns_nothing_any_more_changes_nothing() -> None:
    world = auto("accept")
    ask_for(world, "anna@example.org")
    set_owner(world.estate, "2100", "anna@example.org", owner=False)
    world.clock.advance(hours=3)
    assert state_of(world) == "Pending"


def state_of(world: Sandbox) -> Any:
    bearer = tokens(world)["access_token"]
    return content(ask(world, "GET", f"{BC}/anna@example.org", bearer=bearer))["state"]
