"""Authorisation codes: 60 seconds, once, with the same redirect_uri and the PKCE verifier."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.handlers.auth.redeem import redeem as redeem_code
from mock_sma.sandbox.handlers.call import Call
from mock_sma.sandbox.hosts import LOCAL
from mock_sma.sandbox.world.codes import Challenge, Code
from tests.facts import OWNER
from tests.sandbox_helpers import APP, content, make, token

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

URI = "http://localhost:8000/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
S256 = Challenge(value="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", method="S256")
"""Verifier and challenge of RFC 7636, appendix B."""


@pytest.fixture
def world() -> Sandbox:
    world = make()
    world.consents.accept(OWNER, "demo_app")
    return world


def issue(world: Sandbox, challenge: Challenge | None = None) -> str:
    return world.codes.issue(
        Code(
            client_id="demo_app",
            user=OWNER.casefold(),
            scopes=("profile", "monitoringApi:read", "email"),
            redirect_uri=URI,
            challenge=challenge,
            expires=world.clock.time() + 60,
        )
    )


def redeem(world: Sandbox, code: str, **more: str) -> tuple[int, str]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": URI, **APP, **more}
    reply = token(world, **form)
    body = content(reply)
    return reply.status, body.get("refresh_token") or body["error_description"]


def test_code_gives_tokens_once_and_a_second_redemption_ends_the_session(world: Sandbox) -> None:
    code = issue(world)
    status, refresh = redeem(world, code)
    assert status == 200
    assert redeem(world, code) == (400, "Code not valid")
    reply = token(world, grant_type="refresh_token", refresh_token=refresh, **APP)
    assert content(reply)["error_description"] == "Session not active"


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400)])
def test_code_lives_60_seconds(world: Sandbox, seconds: int, status: int) -> None:
    code = issue(world)
    world.clock.advance(seconds=seconds)
    answer = redeem(world, code)
    assert answer[0] == status
    assert status == 200 or answer[1] == "Code is expired"


def test_other_redirect_uri_is_refused(world: Sandbox) -> None:
    assert redeem(world, issue(world), redirect_uri=URI + "/") == (400, "Incorrect redirect_uri")


@pytest.mark.parametrize("challenge", [S256, Challenge(value=VERIFIER, method="plain")])
def test_pkce_verifier_is_checked_where_a_challenge_was_sent(world: Sandbox, challenge: Challenge) -> None:
    assert redeem(world, issue(world, challenge)) == (400, "PKCE code verifier not specified")
    wrong = redeem(world, issue(world, challenge), code_verifier="x" * 43)
    assert wrong == (400, "PKCE verification failed")
    assert redeem(world, issue(world, challenge), code_verifier=VERIFIER)[0] == 200


def test_r08_consent_withdrawn_between_code_and_token_is_refused(world: Sandbox) -> None:
    code = issue(world)
    world.consents.revoke(OWNER, "demo_app")
    assert redeem(world, code) == (400, "Client no longer has requested consent from user")


@pytest.mark.slow
def test_two_hundred_redemptions_at_once_give_one_success(world: Sandbox) -> None:
    code = issue(world)
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda _: redeem(world, code)[0], range(200)))
    assert sorted(results) == [200] + [400] * 199


def test_code_of_another_client_is_not_valid(world: Sandbox) -> None:
    call = Call(world, Request("POST", "/oauth2/token"), LOCAL, {}, world.clock.time())
    with pytest.raises(ApiError, match="Code not valid"):
        redeem_code(call, world.clients["demo_api"], {"code": issue(world)})
