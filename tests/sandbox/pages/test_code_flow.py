"""The code flow through the pages: login, consent screen, and the way back (AUTH 3.1 to 3.3; R15, R16)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import pytest

from mock_sma.domain.people import Flow, User
from mock_sma.domain.scenario import ConsentState
from mock_sma.sandbox.sandbox import Sandbox
from tests.domain.test_redirect import TRICKS
from tests.page_helpers import CALLBACK, OWNER, Visitor, answered, authorize_path
from tests.sandbox_helpers import APP, EMAIL, NOW, ask, content, make, shipped, token

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply

LOGIN_FORM = 'name="username"'
SCREEN_FORM = 'name="decision" value="accept"'


def with_clients(**changes: object) -> Sandbox:
    """Return the sandbox world with its code-flow client changed."""
    scenario = shipped("sandbox")
    clients = tuple(replace(item, **changes) if item.id == "demo_app" else item for item in scenario.clients)  # type: ignore[arg-type]
    return Sandbox(replace(scenario, clients=clients), now=NOW, seed=5)


def redeem(world: Sandbox, code: str, **more: str) -> Reply:
    return token(world, grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **APP, **more)


def logged_in(world: Sandbox, **parameters: str) -> Visitor:
    visitor = Visitor(world)
    assert visitor.go(authorize_path(**parameters)).status == 200
    visitor.submit(**OWNER)
    return visitor


def plants(world: Sandbox, bearer: str) -> list[str]:
    reply = ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)
    assert reply.status == 200
    return [plant["plantId"] for plant in content(reply)["plants"]]


def test_r15_owner_logs_in_permits_and_the_application_reads_the_plants() -> None:
    world = make()
    visitor = Visitor(world)
    assert visitor.go(authorize_path()).status == 200
    assert LOGIN_FORM in visitor.page
    assert visitor.submit(**OWNER).status == 200
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
    visitor.submit(**OWNER)
    assert "code" in answered(visitor.post(decision="accept"))


def test_r16_declining_gives_access_denied_and_no_access() -> None:
    world = make()
    visitor = logged_in(world)
    assert answered(visitor.post(decision="decline")) == {"error": "access_denied", "state": "xyz"}
    assert [record.state for record in world.consents] == [ConsentState.REJECTED]
    assert not world.consents.covers_user("demo_app", EMAIL.casefold(), frozenset({"monitoringApi:read"}))


def test_consent_screen_names_who_asks_for_which_plants_and_data() -> None:
    world = with_clients(terms_url="https://app.example.org/terms", privacy_url="https://app.example.org/privacy")
    page = logged_in(world, ui_locales="en").page
    for text in ("Demo app", "TestPlant9", ">101<", "Energy data", "app.example.org/terms", "/privacy", EMAIL):
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
    world.consents.revoke(EMAIL, "demo_app")
    assert visitor.go(authorize_path()).status == 200
    assert SCREEN_FORM in visitor.page


def test_r09_new_plant_brings_the_screen_back_and_is_marked() -> None:
    world = make()
    world.estate.set_owner("13", EMAIL, owner=False)
    visitor = logged_in(world, ui_locales="en")
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    world.estate.set_owner("13", EMAIL, owner=True)
    assert "13" not in plants(world, tokens["access_token"])
    visitor.go(authorize_path(ui_locales="en"))
    assert visitor.page.count('<strong class="mark">new</strong>') == 1
    visitor.post(decision="accept")
    assert "13" in plants(world, tokens["access_token"])


def test_r06_who_carries_no_flag_may_decline_only() -> None:
    world = make()
    for plant in world.estate.owned_by(EMAIL):
        world.estate.set_owner(plant, EMAIL, owner=False)
    visitor = logged_in(world, ui_locales="en")
    assert "(R06)" in visitor.page
    assert SCREEN_FORM not in visitor.page
    assert visitor.post(decision="accept").status == 403
    assert answered(visitor.post(decision="decline"))["error"] == "access_denied"


def test_r04_unregistered_person_cannot_log_in() -> None:
    scenario = shipped("sandbox")
    invited = User(email="invited@example.org", registered=False)
    world = Sandbox(replace(scenario, users=(*scenario.users, invited)), now=NOW)
    visitor = Visitor(world)
    visitor.go(authorize_path())
    assert visitor.submit(username=invited.email, password=invited.password).status == 200
    assert LOGIN_FORM in visitor.page
    assert "R04" in world.requests[-1].why


@pytest.mark.parametrize(("name", "password"), [(EMAIL, "wrong"), ("nobody@example.org", "MyPass123!"), ("", "")])
def test_wrong_login_shows_the_login_again(name: str, password: str) -> None:
    visitor = Visitor(make())
    visitor.go(authorize_path(ui_locales="en"))
    assert visitor.submit(username=name, password=password).status == 200
    assert 'role="alert"' in visitor.page
    assert "Invalid username or password." in visitor.page
    assert visitor.submit(username=f" {EMAIL.upper()} ", password="MyPass123!").status == 200
    assert SCREEN_FORM in visitor.page


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"client_id": ""}, "Missing parameter: client_id"),
        ({"client_id": "nobody"}, "Client not found."),
        ({"redirect_uri": ""}, "Invalid parameter: redirect_uri"),
        ({"redirect_uri": "http://localhost:8000/other"}, "Invalid parameter: redirect_uri"),
        ({"client_id": "demo_api"}, "Invalid parameter: redirect_uri"),
    ],
)
def test_unknown_client_or_redirect_uri_is_a_page_never_a_redirect(parameters: dict[str, str], message: str) -> None:
    visitor = Visitor(make())
    reply = visitor.go(authorize_path(**parameters, ui_locales="en"))
    assert (reply.status, reply.header(b"location")) == (400, None)
    assert message in visitor.page


def test_error_page_says_what_would_be_right() -> None:
    visitor = Visitor(make())
    visitor.go(authorize_path(redirect_uri="http://localhost:8000/<b>"))
    assert "&lt;b&gt;" in visitor.page
    assert "&#39;demo_app&#39; has http://localhost:8000/callback" in visitor.page
    visitor.go(authorize_path(client_id="nobody"))
    assert "client_id=nobody&amp;redirect_uri=" in visitor.page
    assert "this world has demo_api, demo_app" in visitor.page


def test_redirect_tricks_are_never_redirected_to() -> None:
    visitor = Visitor(with_clients(redirect_uris=("https://app.example.org/callback", CALLBACK)))
    for name, uri in TRICKS.items():
        query = f"client_id=demo_app&response_type=code&redirect_uri={quote(uri)}&prompt=none"
        reply = visitor.send("GET", f"/oauth2/auth?{query}")
        assert (reply.status, reply.header(b"location")) == (400, None), name


@pytest.mark.parametrize(
    ("parameters", "error", "description"),
    [
        ({"response_type": ""}, "invalid_request", "Missing parameter: response_type"),
        ({"response_type": "token"}, "unsupported_response_type", None),
        ({"response_type": "code id_token"}, "unsupported_response_type", None),
        ({"scope": "monitoringApi:read other"}, "invalid_scope", "Invalid scopes: monitoringApi:read other"),
        ({"response_mode": "fragment"}, "invalid_request", "Invalid parameter: response_mode"),
        ({"code_challenge_method": "S256"}, "invalid_request", "Missing parameter: code_challenge"),
        ({"code_challenge": "short"}, "invalid_request", "Invalid parameter: code_challenge"),
        (
            {"code_challenge": "x" * 43, "code_challenge_method": "S1"},
            "invalid_request",
            "Invalid parameter: code_challenge_method",
        ),
        ({"prompt": "none"}, "login_required", None),
    ],
)
def test_other_mistakes_are_told_to_the_application(
    parameters: dict[str, str], error: str, description: str | None
) -> None:
    answer = answered(Visitor(make()).go(authorize_path(**parameters)))
    expected = {"error": error} | ({"error_description": description} if description else {}) | {"state": "xyz"}
    assert answer == expected


def test_client_without_the_code_flow_is_told_so() -> None:
    answer = answered(Visitor(with_clients(flow=Flow.CUSTOM)).go(authorize_path()))
    assert answer["error"] == "unauthorized_client"
    assert "Standard flow is disabled" in answer["error_description"]


def test_repeated_parameter_is_told_to_the_application() -> None:
    answer = answered(Visitor(make()).go(authorize_path() + "&scope=a&scope=a"))
    assert answer["error_description"] == "duplicated parameter"


def test_state_comes_back_as_it_is_or_not_at_all() -> None:
    odd = "a&b=c#d\r\nX: y é"
    assert answered(Visitor(make()).go(authorize_path(state=odd, prompt="none")))["state"] == odd
    assert "state" not in answered(Visitor(make()).go(authorize_path(state="", prompt="none")))


def test_state_reads_the_same_where_plus_is_no_space() -> None:
    location = Visitor(make()).go(authorize_path(state="a b+c", prompt="none")).header(b"location") or b""
    assert "a b+c" in [unquote(pair.partition("=")[2]) for pair in urlsplit(location.decode()).query.split("&")]


def test_prompt_login_asks_for_the_login_once_more_and_then_goes_on() -> None:
    visitor = logged_in(make())
    visitor.go(authorize_path(prompt="login consent"))
    assert LOGIN_FORM in visitor.page
    visitor.submit(**OWNER)
    assert SCREEN_FORM in visitor.page
    assert answered(visitor.go(authorize_path(prompt="none")))["error"] == "interaction_required"


def test_offline_access_gives_a_refresh_token_without_an_end() -> None:
    world = make()
    visitor = logged_in(world, scope="offline_access")
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    assert tokens["refresh_expires_in"] == 0
    assert tokens["scope"] == "profile monitoringApi:read email offline_access"
    world.clock.advance(days=400)
    again = token(world, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **APP)
    assert again.status == 200


def log_out(world: Sandbox, refresh_token: str) -> None:
    assert ask(world, "POST", "/oauth2/logout", form={**APP, "refresh_token": refresh_token}).status == 204


def test_logout_ends_the_login_of_the_browser_that_the_session_came_from() -> None:
    world = make()
    visitor, other = logged_in(world), logged_in(world)
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    second = content(token(world, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **APP))
    log_out(world, second["refresh_token"])
    assert f"the login of {EMAIL.lower()} in the browser has ended with the session" in world.requests[-1].why
    visitor.go(authorize_path())
    assert LOGIN_FORM in visitor.page
    assert "code" in answered(other.go(authorize_path()))  # another browser, another login


def test_logout_of_an_offline_session_leaves_the_browser_logged_in() -> None:
    world = make()
    visitor = logged_in(world, scope="offline_access")
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    log_out(world, tokens["refresh_token"])
    assert "code" in answered(visitor.go(authorize_path()))


def test_logout_of_a_browser_that_has_left_already_is_fine() -> None:
    world = make()
    visitor = logged_in(world)
    tokens = content(redeem(world, answered(visitor.post(decision="accept"))["code"]))
    visitor.go(authorize_path(prompt="consent"))
    visitor.submit(form=1)
    assert LOGIN_FORM in visitor.page
    log_out(world, tokens["refresh_token"])


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


def test_another_account_can_be_taken() -> None:
    visitor = logged_in(make())
    visitor.submit(form=1)
    assert LOGIN_FORM in visitor.page


def test_decision_without_a_login_or_without_a_value_shows_the_right_page() -> None:
    world = make()
    visitor = logged_in(world)
    assert visitor.post(decision="perhaps").status == 400
    world.clock.advance(hours=11)
    assert visitor.submit(decision="accept").status == 403
    visitor = logged_in(world)
    session = world.browser_sessions.find(str(visitor.cookie, "ascii").partition("=")[2])
    assert session is not None
    session.user = None
    visitor.submit(decision="accept")
    assert LOGIN_FORM in visitor.page
