"""Every refusal of the token endpoint in Keycloak's words, one test each; and the 401 of the resource hosts."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.facts import LOGIN, OWNER
from tests.page_helpers import CALLBACK, Visitor, answered, authorize_path
from tests.sandbox_helpers import APP, BC, CLIENT, ask, content, make, shipped, token, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.sandbox import Sandbox

CC = {"grant_type": "client_credentials"}
REFRESH = {"grant_type": "refresh_token"}
CODE = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
BAD_CREDENTIALS = "Invalid client or Invalid client credentials"


@pytest.fixture
def world() -> Sandbox:
    return make()


def code_of(world: Sandbox) -> str:
    visitor = Visitor(world)
    visitor.go(authorize_path())
    visitor.submit(**LOGIN)
    return answered(visitor.post(decision="accept"))["code"]


def refused(reply: Reply, status: int, error: str, description: str) -> bool:
    assert (reply.header(b"cache-control"), reply.header(b"pragma")) == (b"no-store", b"no-cache")
    return (reply.status, content(reply)) == (status, {"error": error, "error_description": description})


def test_client_credentials_with_a_code_flow_client(world: Sandbox) -> None:
    text = "Client not enabled to retrieve service account"
    assert refused(token(world, **CC, **APP), 401, "unauthorized_client", text)


def test_wrong_secret(world: Sandbox) -> None:
    form = {**CC, **CLIENT, "client_secret": "wrong"}
    assert refused(token(world, **form), 401, "unauthorized_client", BAD_CREDENTIALS)


def test_unknown_client_id(world: Sandbox) -> None:
    form = {**CC, "client_id": "nobody", "client_secret": "x"}
    assert refused(token(world, **form), 401, "invalid_client", BAD_CREDENTIALS)


def test_no_client_id(world: Sandbox) -> None:
    assert refused(token(world, **CC), 400, "invalid_client", "Missing client_id parameter")


def test_no_grant_type(world: Sandbox) -> None:
    assert refused(token(world, **CLIENT), 400, "invalid_request", "Missing form parameter: grant_type")


def test_unknown_grant_type(world: Sandbox) -> None:
    reply = token(world, grant_type="password", **CLIENT)
    assert refused(reply, 400, "unsupported_grant_type", "Unsupported grant_type")


def test_a_parameter_twice(world: Sandbox) -> None:
    reply = ask(world, "POST", "/oauth2/token?grant_type=client_credentials&scope=a&scope=b")
    assert refused(reply, 400, "invalid_request", "duplicated parameter")


def test_code_missing(world: Sandbox) -> None:
    assert refused(token(world, **CODE, **APP), 400, "invalid_request", "Missing parameter: code")


def test_code_unknown(world: Sandbox) -> None:
    assert refused(token(world, **CODE, **APP, code="x"), 400, "invalid_grant", "Code not valid")


def test_code_used_before_also_kills_the_session(world: Sandbox) -> None:
    code = code_of(world)
    first = content(token(world, **CODE, **APP, code=code))
    assert refused(token(world, **CODE, **APP, code=code), 400, "invalid_grant", "Code not valid")
    again = token(world, **REFRESH, **APP, refresh_token=first["refresh_token"])
    assert refused(again, 400, "invalid_grant", "Session not active")


def test_code_expired(world: Sandbox) -> None:
    code = code_of(world)
    world.clock.advance(seconds=60)
    assert refused(token(world, **CODE, **APP, code=code), 400, "invalid_grant", "Code is expired")


def test_redirect_uri_differs(world: Sandbox) -> None:
    form = {**CODE, "redirect_uri": CALLBACK + "/", "code": code_of(world)}
    assert refused(token(world, **form, **APP), 400, "invalid_grant", "Incorrect redirect_uri")


def test_consent_withdrawn_between_code_and_token(world: Sandbox) -> None:
    code = code_of(world)
    world.consents.revoke(OWNER, "demo_app")
    text = "Client no longer has requested consent from user"
    assert refused(token(world, **CODE, **APP, code=code), 400, "invalid_scope", text)


def test_refresh_token_expired(world: Sandbox) -> None:
    given = content(token(world, **CODE, **APP, code=code_of(world)))
    assert given["refresh_expires_in"] == 172_800
    world.clock.advance(seconds=172_800)
    reply = token(world, **REFRESH, **APP, refresh_token=given["refresh_token"])
    assert refused(reply, 400, "invalid_grant", "Token is not active")


def test_after_logout(world: Sandbox) -> None:
    given = tokens(world)["refresh_token"]
    assert ask(world, "POST", "/oauth2/logout", form={**CLIENT, "refresh_token": given}).status == 204
    reply = token(world, **REFRESH, **CLIENT, refresh_token=given)
    assert refused(reply, 400, "invalid_grant", "Session not active")


@pytest.mark.parametrize("garbage", ["x", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30.", "\u00e4"])
def test_garbage_refresh_token(world: Sandbox, garbage: str) -> None:
    reply = token(world, **REFRESH, **CLIENT, refresh_token=garbage)
    assert refused(reply, 400, "invalid_grant", "Invalid refresh token")


def test_refresh_token_missing(world: Sandbox) -> None:
    assert refused(token(world, **REFRESH, **CLIENT), 400, "invalid_request", "No refresh token")
    reply = ask(world, "POST", "/oauth2/logout", form=CLIENT)
    assert refused(reply, 400, "invalid_request", "No refresh token")


def test_unknown_scope(world: Sandbox) -> None:
    reply = token(world, **CC, **CLIENT, scope="monitoringApi:read liveApi:read")
    assert refused(reply, 400, "invalid_scope", "Invalid scopes: monitoringApi:read liveApi:read")


@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/logout"])
def test_get_on_the_token_endpoint(world: Sandbox, path: str) -> None:
    reply = ask(world, "GET", path)
    assert (reply.status, reply.header(b"allow")) == (405, b"POST")


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("auth.smaapis.de", "/.well-known/openid-configuration"),
        ("auth.smaapis.de", "/anything"),
        ("sandbox-auth.smaapis.de", "/oauth2/v2/bc-authorize"),
        ("auth.smaapis.de", "/oauth2/authorize"),
        ("auth.smaapis.de", "/portal/mailbox"),
        ("localhost", "/oauth2/authorize"),
    ],
)
def test_unknown_path_on_the_auth_host(world: Sandbox, host: str, path: str) -> None:
    reply = ask(world, "GET", path, host=host)
    assert (reply.status, reply.body) == (404, b"")


@pytest.mark.parametrize(("alias", "status"), [(True, 200), (False, 401)])
def test_token_endpoint_on_the_sandboxs_shared_host_follows_the_switch(alias: bool, status: int) -> None:
    from dataclasses import replace  # noqa: PLC0415 - one use

    from mock_sma.sandbox.sandbox import Sandbox  # noqa: PLC0415 - one use

    scenario = shipped("sandbox")
    switches = replace(scenario.switches, sandbox_token_alias=alias)
    world = Sandbox(replace(scenario, switches=switches), now="2025-06-15T12:00:00Z")
    reply = ask(world, "POST", "/oauth2/token", form={**CC, **CLIENT}, host="sandbox.smaapis.de")
    assert reply.status == status
    assert ask(world, "POST", "/oauth2/token", form={**CC, **CLIENT}, host="sandbox-auth.smaapis.de").status == 200


# ---- the resource hosts: no, invalid and expired bearer ---------------------------------------------------


def signed(claims: dict[str, Any], key: Any, algorithm: str) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "mock-sma-fake-signing-key"})


def forged(world: Sandbox) -> dict[str, str]:
    """Return tokens that look right and are not."""
    good = tokens(world)["access_token"]
    head, payload, signature = good.split(".")
    claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    stranger = rsa.generate_private_key(65537, 2048)
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    from mock_sma.sandbox.world.tokens import signing_key  # noqa: PLC0415 - one use

    changed = base64.urlsafe_b64encode(orjson.dumps(claims | {"exp": 9_999_999_999})).rstrip(b"=").decode()
    public = signing_key().public_key().public_numbers().n.to_bytes(256, "big")
    return {
        "signed by another key": signed(claims, stranger, "RS256"),
        "alg none": f"{none}.{payload}.",
        "alg none with a signature": f"{none}.{payload}.{signature}",
        "HMAC with the public key": signed(claims, public, "HS256"),
        "payload changed": f"{head}.{changed}.{signature}",
        "signature cut off": f"{head}.{payload}.",
        "padding appended": good + "=",
        "a letter appended": good + "A",
        "a byte appended": good + "AA",
        "a sign appended that decoders skip": good + "!",
        "padding in the payload": f"{head}.{payload}=.{signature}",
        "no JWT": "garbage",
        "refresh token as a bearer": tokens(world)["refresh_token"],
        "another world's": tokens(make(name="other"))["access_token"],
        "non-ASCII": "\u00e4\u00f6",
    }


def unauthorised(reply: Reply) -> bool:
    assert reply.header(b"www-authenticate") == b"Bearer"
    return (reply.status, content(reply)) == (401, {"message": "Unauthorized", "code": "401"})


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/monitoring/v1/plants", f"{BC}/{OWNER}", "/v1/devices/16"])
def test_forged_and_foreign_tokens_are_401_with_smas_body(world: Sandbox, path: str) -> None:
    for name, bearer in forged(world).items():
        assert unauthorised(ask(world, "GET", path, headers={"authorization": f"Bearer {bearer}"})), name
        assert "token" in world.requests[-1].why, name
    assert unauthorised(ask(world, "GET", path))
    assert unauthorised(ask(world, "GET", path, headers={"authorization": "Basic eDp5"}))


def test_expired_token_is_401_and_says_so(world: Sandbox) -> None:
    bearer = tokens(world)["access_token"]
    assert ask(world, "GET", "/v1/plants", bearer=bearer).status == 200
    world.clock.advance(seconds=300)
    assert unauthorised(ask(world, "GET", "/v1/plants", bearer=bearer))
    assert "expired" in world.requests[-1].why


def test_credentials_in_the_consent_requests_body_are_no_bearer(world: Sandbox) -> None:
    assert unauthorised(ask(world, "POST", BC, json={"loginHint": OWNER, **CLIENT}))


@pytest.mark.parametrize("world_policy", ["grace", "strict", "allowed"])
def test_two_refreshes_in_flight_behave_as_the_policy_says(world_policy: str) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - one use
    from dataclasses import replace  # noqa: PLC0415 - one use

    from mock_sma.domain.scenario import RefreshReuse  # noqa: PLC0415 - one use
    from mock_sma.sandbox.sandbox import Sandbox  # noqa: PLC0415 - one use

    scenario = shipped("sandbox")
    switches = replace(scenario.switches, refresh_reuse=RefreshReuse(world_policy))
    world = Sandbox(replace(scenario, switches=switches), now="2025-06-15T12:00:00Z")
    given = tokens(world)["refresh_token"]
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda _: token(world, **REFRESH, **CLIENT, refresh_token=given), range(2)))
    assert sorted(reply.status for reply in replies) == ([200, 400] if world_policy == "strict" else [200, 200])
    if world_policy == "strict":
        return
    newest = [content(reply)["refresh_token"] for reply in replies]
    assert len(set(newest)) == 2
    assert token(world, **REFRESH, **CLIENT, refresh_token=newest[0]).status == 200
    late = token(world, **REFRESH, **CLIENT, refresh_token=given)
    assert late.status == (400 if world_policy == "grace" else 200)
    assert token(world, **REFRESH, **CLIENT, refresh_token=newest[1]).status == 200
