"""The portal: third-party applications, revoking, a mail's link, the mailbox (R05, R08, R10, R14)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mock_sma.domain.people import User
from mock_sma.domain.scenario import ConsentState
from mock_sma.sandbox.sandbox import Sandbox
from tests.facts import LOGIN, NOW, OWNER
from tests.page_helpers import Visitor
from tests.sandbox_helpers import APP, BC, ask, content, make, shipped, token, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.world.mailbox import Mail

APPS = "/portal/third-party-apps"


def invited(world: Sandbox) -> Mail:
    """Let the custom flow's client ask, and return the mail."""
    assert ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=tokens(world)["access_token"]).status == 201
    return world.mailbox[-1]


def link(mail: Mail) -> str:
    return urlsplit(mail.link).path


def test_r14_mails_link_leads_over_the_login_to_that_very_consent_screen() -> None:
    world = make()
    mail = invited(world)
    visitor = Visitor(world)
    visitor.go(link(mail))
    assert visitor.at == "/portal/login"
    visitor.submit(username=OWNER, password="wrong")
    assert 'role="alert"' in visitor.page
    visitor.submit(**LOGIN)
    assert visitor.at == link(mail)
    assert "Demo service" in visitor.page
    visitor.submit(decision="accept")
    assert visitor.at == link(mail)
    assert 'role="status"' in visitor.page
    bearer = tokens(world)["access_token"]
    assert content(ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer))["state"] == "Accepted"
    assert len(content(ask(world, "GET", "/v1/plants", bearer=bearer))["plants"]) == 9
    assert next(iter(world.consents)).history[-1].by == "owner"


def test_r16_mails_link_can_be_declined() -> None:
    world = make()
    visitor = Visitor(world)
    visitor.go(link(invited(world)))
    visitor.submit(**LOGIN)
    visitor.submit(decision="decline")
    assert next(iter(world.consents)).state is ConsentState.REJECTED
    assert content(ask(world, "GET", "/v1/plants", bearer=tokens(world)["access_token"])) == {"plants": []}


def test_expired_and_unknown_requests_say_so() -> None:
    world = make()
    mail = invited(world)
    visitor = Visitor(world)
    visitor.go(APPS + "?ui_locales=en")
    visitor.submit(**LOGIN)
    world.clock.advance(days=7)
    visitor = Visitor(world, **{"accept-language": "en"})
    visitor.go(link(mail))
    visitor.submit(**LOGIN)
    assert "has expired" in visitor.page
    assert visitor.go("/portal/consents/00000000-0000-4000-8000-000000000000").status == 404
    assert "There is no such request." in visitor.page


@pytest.mark.slow
def test_request_to_somebody_else_cannot_be_seen_or_answered() -> None:
    scenario = shipped("sandbox")
    other = User(email="other@example.org")
    world = Sandbox(replace(scenario, users=(*scenario.users, other)), now=NOW)
    mail = invited(world)
    visitor = Visitor(world, **{"accept-language": "en"})
    visitor.go(link(mail))
    reply = visitor.submit(username=other.email, password=other.password)
    assert (reply.status, "somebody else" in visitor.page) == (403, True)
    visitor.go(APPS)
    fields = {"csrf": visitor.page.split('name="csrf" value="')[1].split('"')[0], "decision": "accept"}
    visitor.send("POST", link(mail), fields)
    assert next(iter(world.consents)).state is ConsentState.PENDING
    visitor.go(link(mail))
    visitor.submit()
    assert visitor.at == "/portal/login"


def test_r06_delegate_without_the_flag_sees_why_he_cannot_permit() -> None:
    world = make()
    mail = invited(world)
    for plant in world.estate.owned_by(OWNER):
        world.estate.set_owner(plant, OWNER, owner=False)
    visitor = Visitor(world, **{"accept-language": "en"})
    visitor.go(link(mail))
    visitor.submit(**LOGIN)
    assert "R06" in visitor.page
    assert visitor.post(decision="accept").status == 403
    assert visitor.post(decision="").status == 400


def test_r08_revoking_on_the_portal_ends_access_at_once_though_the_token_lives_on() -> None:
    world = make()
    world.consents.accept(OWNER)
    bearer = tokens(world)["access_token"]
    visitor = Visitor(world, **{"accept-language": "en"})
    visitor.go(APPS)
    visitor.submit(**LOGIN)
    assert "Demo service" in visitor.page
    assert "Demo app" in visitor.page
    assert len(content(ask(world, "GET", "/v1/plants", bearer=bearer))["plants"]) == 9
    visitor.submit(client_id="demo_api")
    assert "Demo service has no access any more." in visitor.page
    assert 'value="demo_api"' not in visitor.page
    assert 'value="demo_app"' in visitor.page
    assert content(ask(world, "GET", "/v1/plants", bearer=bearer)) == {"plants": []}
    assert ask(world, "GET", "/v1/plants/13", bearer=bearer).status == 403
    assert content(ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer))["state"] == "Revoked"
    visitor.post(client_id="nonsense")
    assert len([record for record in world.consents if record.state is ConsentState.ACCEPTED]) == 1


def test_r08_revoking_ends_the_refresh_tokens_of_the_code_flow() -> None:
    world = make()
    from tests.sandbox.handlers.auth.test_codes import issue, redeem  # noqa: PLC0415 - shared with the codes' tests

    world.consents.accept(OWNER, "demo_app")
    status, refresh = redeem(world, issue(world))
    assert status == 200
    visitor = Visitor(world)
    visitor.go(APPS)
    visitor.submit(**LOGIN)
    visitor.submit(client_id="demo_app")
    reply = token(world, grant_type="refresh_token", refresh_token=refresh, **APP)
    assert content(reply)["error_description"] == "Session not active"


def test_r10_plant_that_is_not_owned_now_is_marked_on_the_portal() -> None:
    world = make()
    world.consents.accept(OWNER, "demo_api")
    world.estate.set_owner("13", OWNER, owner=False)
    visitor = Visitor(world, **{"accept-language": "en"})
    visitor.go(APPS)
    visitor.submit(**LOGIN)
    assert visitor.page.count("not yours at the moment") == 1


def test_open_requests_lead_to_their_screens() -> None:
    world = make()
    mail = invited(world)
    visitor = Visitor(world)
    visitor.go("/portal")
    visitor.submit(**LOGIN)
    assert visitor.at == APPS
    assert f'href="{link(mail)}"' in visitor.page


def test_r05_mailbox_shows_mails_newest_first_and_by_recipient() -> None:
    world = make()
    visitor = Visitor(world, **{"accept-language": "en"})
    visitor.go("/portal/mailbox")
    assert "There is no mail." in visitor.page
    mail = invited(world)
    visitor.go("/portal/mailbox")
    assert mail.link in visitor.page
    assert f'lang="{mail.language}"' in visitor.page
    visitor.go("/portal/mailbox?to=nobody@example.org")
    assert "There is no mail." in visitor.page


@pytest.mark.parametrize(
    "place",
    [
        *("https://evil.example/", "//evil.example/portal/mailbox", "/\\evil.example", "/portal/../oauth2/auth"),
        *("/portal/consents/x", "/portal/mailbox\n", "/portal/mailbox?x", "javascript:alert(1)", ""),
    ],
)
def test_login_leads_nowhere_but_into_the_portal(place: str) -> None:
    from urllib.parse import quote  # noqa: PLC0415 - one use

    visitor = Visitor(make())
    visitor.go(f"/portal/login?next={quote(place)}")
    reply = visitor.post(**LOGIN)
    assert (reply.status, reply.header(b"location")) == (303, APPS.encode())


def test_who_is_not_logged_in_gets_the_login_and_can_log_out() -> None:
    world = make()
    visitor = Visitor(world)
    visitor.go(APPS)
    assert visitor.at == "/portal/login"
    visitor.submit(**LOGIN)
    assert visitor.at == APPS
    visitor.submit(form=0)
    assert visitor.at == "/portal/login"
    assert visitor.send("POST", APPS, {"client_id": "demo_api"}).status == 403
    visitor.go("/portal/login")
    fields = {"csrf": visitor.page.split('name="csrf" value="')[1].split('"')[0], "client_id": "demo_api"}
    assert (visitor.send("POST", APPS, fields).header(b"location") or b"").startswith(b"/portal/login")
