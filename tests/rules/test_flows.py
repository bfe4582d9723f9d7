"""R07 to R17 from outside, where no other test says it in one place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mock_sma.domain.people import Client, Flow
from mock_sma.domain.scenario import Profile
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import parse_scenario
from tests.facts import LOGIN, NOW, OWNER
from tests.page_helpers import CALLBACK, Visitor, answered, authorize_path
from tests.sandbox_helpers import APP, BC, ask, content, make, shipped, token, tokens

CONTROL = "gridControlApi:read"
MONITORING = "monitoringApi:read"


def plants(world: Sandbox, bearer: str) -> list[str]:
    reply = ask(world, "GET", "/v1/plants", bearer=bearer)
    assert reply.status == 200
    return [item["plantId"] for item in content(reply)["plants"]]


def state(world: Sandbox, bearer: str, email: str = OWNER) -> str:
    reply = ask(world, "GET", f"{BC}/{email}", bearer=bearer)
    return str(content(reply)["state"]) if reply.status == 200 else str(reply.status)


def bearer_of(world: Sandbox, client_id: str, scope: str = "") -> str:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "demo_secret"}
    return str(content(token(world, **form, **({"scope": scope} if scope else {})))["access_token"])


def with_more_clients() -> Sandbox:
    scenario = shipped("sandbox")
    more = (
        Client(id="other_api", secret="demo_secret"),
        Client(id="wide_api", secret="demo_secret", scopes=(MONITORING, CONTROL)),
    )
    return Sandbox(replace(scenario, clients=(*scenario.clients, *more)), now=NOW, seed=5)


def test_r07_one_consent_opens_classic_and_ennexos_plants_alike() -> None:
    world = make("portfolio")
    for email in ("anna@example.org", "clara@example.org"):
        world.consents.revoke(email, "demo_api")
    assert plants(world, tokens(world)["access_token"]) == ["3300", "11111111-aaaa-4bbb-8ccc-000000000001"]


def test_r08_accepted_consent_has_no_expiry() -> None:
    world = make()
    world.consents.accept(OWNER, "demo_api")
    world.clock.advance(days=2000)
    assert len(plants(world, tokens(world)["access_token"])) == 9


def test_r09_declining_the_request_for_new_plants_leaves_the_older_consent_in_force() -> None:
    world = make()
    world.estate.set_owner("13", OWNER, owner=False)
    world.consents.accept(OWNER, "demo_api")
    world.estate.set_owner("13", OWNER, owner=True)
    bearer = tokens(world)["access_token"]
    assert state(world, bearer) == "Accepted"
    assert ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer).status == 201
    assert state(world, bearer) == "Pending"
    world.consents.reject(OWNER, "demo_api")
    assert state(world, bearer) == "Rejected"
    assert len(plants(world, bearer)) == 8
    world.estate.set_owner("13", OWNER, owner=False)
    assert state(world, bearer) == "Accepted"


def test_r11_consent_to_one_client_opens_nothing_to_another() -> None:
    world = with_more_clients()
    world.consents.accept(OWNER, "demo_api")
    assert len(plants(world, bearer_of(world, "demo_api"))) == 9
    assert plants(world, bearer_of(world, "other_api")) == []
    assert state(world, bearer_of(world, "other_api")) == "404"


def test_r11_another_api_needs_a_consent_of_its_own() -> None:
    world = with_more_clients()
    reading, controlling = (bearer_of(world, "wide_api", scope) for scope in (MONITORING, CONTROL))
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=controlling)
    world.consents.accept(OWNER, "wide_api")
    assert state(world, controlling) == "Accepted"
    assert state(world, reading) == "404"
    assert plants(world, reading) == []
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=reading)
    world.consents.accept(OWNER, "wide_api")
    assert len(plants(world, reading)) == 9
    assert plants(world, controlling) == []


def test_r11_offline_access_is_no_api_and_needs_no_consent_of_its_own() -> None:
    world = make()
    plain, offline = (bearer_of(world, "demo_api", scope) for scope in ("", f"{MONITORING} offline_access"))
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=plain)
    world.consents.accept(OWNER, "demo_api")
    assert state(world, offline) == "Accepted"
    assert len(plants(world, offline)) == 9


def test_r12_valid_client_token_without_a_consent_gets_200_and_an_empty_list() -> None:
    world = make()
    assert plants(world, tokens(world)["access_token"]) == []
    assert "consent" in world.requests[-1].why


@pytest.mark.parametrize("client_id", ["demo_api", "demo_app", "nobody"])
def test_r13_every_application_has_credentials_that_are_asked_for_everywhere(client_id: str) -> None:
    world = make()
    for grant in ("client_credentials", "refresh_token", "authorization_code"):
        for secret in ("", "wrong"):
            form = {"grant_type": grant, "client_id": client_id, "client_secret": secret, "code": "x"}
            assert token(world, **form, refresh_token="x").status == 401
    form = {"client_id": client_id, "client_secret": "wrong", "refresh_token": "x"}
    assert ask(world, "POST", "/oauth2/logout", form=form).status == 401
    assert ask(world, "GET", "/v1/plants").status == 401


def test_r14_custom_flow_belongs_to_its_clients_only() -> None:
    world = make()
    visitor = Visitor(world)
    visitor.go(authorize_path())
    visitor.submit(**LOGIN)
    code = answered(visitor.post(decision="accept"))["code"]
    given = token(world, grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **APP)
    bearer = content(given)["access_token"]
    reply = ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer)
    assert (reply.status, content(reply)) == (403, {"message": "Forbidden", "code": "403"})


def test_r15_code_flow_token_sees_only_the_plants_of_who_logged_in() -> None:
    world = make("portfolio")
    seen: dict[str, list[str]] = {}
    for email in ("anna@example.org", "clara@example.org"):
        visitor = Visitor(world)
        visitor.go(authorize_path())
        visitor.submit(username=email, password="MyPass123!")
        code = answered(visitor.post(decision="accept"))["code"]
        given = token(world, grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **APP)
        seen[email] = plants(world, content(given)["access_token"])
    assert seen == {
        "anna@example.org": ["3100", "3200"],
        "clara@example.org": ["11111111-aaaa-4bbb-8ccc-000000000002"],
    }


def test_r16_both_flows_show_the_same_screen() -> None:
    scenario = shipped("sandbox")
    clients = tuple(replace(item, name="The app", terms_url="https://t.example") for item in scenario.clients)
    world = Sandbox(replace(scenario, clients=clients), now=NOW)
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=tokens(world)["access_token"])
    by_mail, by_code = Visitor(world), Visitor(world)
    by_mail.go("/portal/consents/" + world.mailbox[-1].consent_id)
    by_code.go(authorize_path())
    screens = []
    for visitor in (by_mail, by_code):
        visitor.submit(**LOGIN)
        screens.append(visitor.page)
    parts = ["<h1>", "The app", "TestPlant9", "https://t.example", 'value="accept"', 'value="decline"']
    assert all(part in screen for screen in screens for part in parts)
    headings = [[line for line in screen.splitlines() if line.startswith("<h")] for screen in screens]
    assert headings[0][1:] == headings[1][1:] != []


@pytest.mark.parametrize(
    ("profile", "quota"),
    [(Profile.SANDBOX, None), (Profile.PRODUCTION_2020, None), (Profile.PRODUCTION_2025, 1500)],
)
def test_r17_quota_is_a_matter_of_the_profile(profile: Profile, quota: int | None) -> None:
    text = f"version: 1\nname: q\nprofile: {profile.value}\nusers: [{{email: a@example.org, country: DE}}]\n"
    text += "plants: [{id: 2100, name: one, commissioned: 2024-01-01, owner: a@example.org}]\n"
    found: Any = parse_scenario(text.encode(), format="yaml").quota
    assert (found.requests if found else None) == quota


def test_flows_of_the_shipped_clients_are_one_each() -> None:
    flows = {client.id: client.flow for client in shipped("sandbox").clients}
    assert flows == {"demo_api": Flow.CUSTOM, "demo_app": Flow.CODE}
