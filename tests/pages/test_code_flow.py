"""The code flow through the pages: login, consent screen, and the way back (R15, R16)."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest

from mock_sma.domain.scenario import ConsentState
from tests.facts import LOGIN, OWNER
from tests.page_helpers import Visitor, answered, authorize_path
from tests.pages.flow import LOGIN_FORM, SCREEN_FORM, logged_in, plants, redeem, with_clients
from tests.sandbox_helpers import APP, content, make, token


def test_r15_owner_logs_in_permits_and_the_application_reads_the_plants() -> None:
    world = make()
    visitor = Visitor(world)
    assert visitor.go(authorize_path()).status == 200
    assert LOGIN_FORM in visitor.page
    assert visitor.submit(**LOGIN).status == 200
    assert SCREEN_FORM in visitor.page
    answer = answered(visitor.post(decision="accept"))
    assert list(answer) == ["state", "session_state", "code"]
    assert answer["state"] == "xyz"
    tokens = content(redeem(world, answer["code"]))
    assert tokens["session_state"] == answer["session_state"]
    assert len(plants(world, tokens["access_token"])) == 9


@pytest.mark.parametrize("host", ["auth.smaapis.de", "sandbox-auth.smaapis.de", "sandbox.smaapis.de", "127.0.0.1"])
def test_pages_are_on_every_host_that_has_the_token_endpoint(host: str) -> None:
    visitor = Visitor(make(), host)
    visitor.go(authorize_path())
    visitor.submit(**LOGIN)
    assert "code" in answered(visitor.post(decision="accept"))


def test_r16_declining_gives_access_denied_and_no_access() -> None:
    world = make()
    visitor = logged_in(world)
    assert answered(visitor.post(decision="decline")) == {"error": "access_denied", "state": "xyz"}
    assert [record.state for record in world.consents] == [ConsentState.REJECTED]
    assert not world.consents.covers_user("demo_app", OWNER.casefold(), frozenset({"monitoringApi:read"}))


def test_consent_screen_names_who_asks_for_which_plants_and_data() -> None:
    world = with_clients(terms_url="https://app.example.org/terms", privacy_url="https://app.example.org/privacy")
    page = logged_in(world, ui_locales="en").page
    for text in ("Demo app", "TestPlant9", ">101<", "Energy data", "app.example.org/terms", "/privacy", OWNER):
        assert text in page
    assert "<script" not in page


def test_links_that_are_no_web_addresses_are_not_shown() -> None:
    world = with_clients(terms_url="javascript:alert(1)", name="<b>Evil</b>")
    page = logged_in(world).page
    assert "javascript:" not in page
    assert "<b>Evil" not in page


def test_r08_consent_is_asked_once_until_it_is_revoked() -> None:
    world = make()
    visitor = logged_in(world)
    visitor.post(decision="accept")
    assert "code" in answered(visitor.go(authorize_path(state="again")))
    assert visitor.go(authorize_path(prompt="consent")).status == 200
    assert SCREEN_FORM in visitor.page
    assert "code" in answered(visitor.post(decision="accept"))
    world.consents.revoke(OWNER, "demo_app")
    assert visitor.go(authorize_path()).status == 200
    assert SCREEN_FORM in visitor.page


def test_r09_new_plant_brings_the_screen_back_and_is_marked() -> None:
    world = make()
    world.estate.set_owner("13", OWNER, owner=False)
    visitor = logged_in(world, ui_locales="en")
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    world.estate.set_owner("13", OWNER, owner=True)
    assert "13" not in plants(world, tokens["access_token"])
    visitor.go(authorize_path(ui_locales="en"))
    assert visitor.page.count('<strong class="mark">new</strong>') == 1
    visitor.post(decision="accept")
    assert "13" in plants(world, tokens["access_token"])


def test_r06_who_carries_no_flag_may_decline_only() -> None:
    world = make()
    for plant in world.estate.owned_by(OWNER):
        world.estate.set_owner(plant, OWNER, owner=False)
    visitor = logged_in(world, ui_locales="en")
    assert "(R06)" in visitor.page
    assert SCREEN_FORM not in visitor.page
    assert visitor.post(decision="accept").status == 403
    assert answered(visitor.post(decision="decline"))["error"] == "access_denied"


def test_state_comes_back_as_it_is_or_not_at_all() -> None:
    odd = "a&b=c#d\r\nX: y é"
    assert answered(Visitor(make()).go(authorize_path(state=odd, prompt="none")))["state"] == odd
    assert "state" not in answered(Visitor(make()).go(authorize_path(state="", prompt="none")))


def test_state_reads_the_same_where_plus_is_no_space() -> None:
    location = Visitor(make()).go(authorize_path(state="a b+c", prompt="none")).header(b"location") or b""
    assert "a b+c" in [unquote(pair.partition("=")[2]) for pair in urlsplit(location.decode()).query.split("&")]


def test_offline_access_gives_a_refresh_token_without_an_end() -> None:
    world = make()
    visitor = logged_in(world, scope="offline_access")
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    assert tokens["refresh_expires_in"] == 0
    assert tokens["scope"] == "profile monitoringApi:read email offline_access"
    world.clock.advance(days=400)
    again = token(world, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **APP)
    assert again.status == 200


def test_pkce_challenge_of_the_request_is_verified_at_the_exchange() -> None:
    world = make()
    verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    visitor = logged_in(world, code_challenge=challenge, code_challenge_method="S256")
    code = answered(visitor.post(decision="accept"))["code"]
    assert content(redeem(world, code))["error_description"] == "PKCE code verifier not specified"
    assert redeem(world, code, code_verifier=verifier).status == 200


def test_loopback_redirect_on_another_port_is_taken_and_bound_to_the_code() -> None:
    world = make()
    visitor = logged_in(world, redirect_uri="http://localhost:51234/callback")
    reply = visitor.post(decision="accept")
    assert (reply.header(b"location") or b"").startswith(b"http://localhost:51234/callback?")
    assert content(redeem(world, answered(reply)["code"]))["error_description"] == "Incorrect redirect_uri"
