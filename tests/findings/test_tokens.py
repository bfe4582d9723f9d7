"""What a captured token of a client holds, and what marks ours."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest

from mock_sma.sandbox.world.tokens import key_ids
from tests.facts import LOGIN, OWNER
from tests.page_helpers import CALLBACK, Visitor, answered, authorize_path
from tests.sandbox_helpers import APP, ask, content, make, token, tokens

if TYPE_CHECKING:
    from mock_sma import Sandbox

ISSUER = "https://sandbox-auth.smaapis.de/auth/realms/SMA"
ACCESS = ["exp", "iat", "jti", "iss", "sub", "typ", "azp", "session_state", "acr", "scope", "sid", "uid"]
CLIENTS = ["clientId", "clientHost", "preferred_username", "clientAddress"]
REFRESH = ["exp", "iat", "jti", "iss", "aud", "sub", "typ", "azp", "session_state", "scope", "sid"]


def part(text: str, number: int) -> dict[str, Any]:
    encoded = text.split(".")[number]
    found = orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert isinstance(found, dict)
    return found


def test_a_client_s_access_token_has_the_captured_claims_in_their_order() -> None:
    answer = tokens(make())
    claims = part(answer["access_token"], 1)
    assert list(claims) == ACCESS + CLIENTS
    assert (claims["iss"], claims["typ"], claims["acr"], claims["azp"]) == (ISSUER, "Bearer", "1", "demo_api")
    assert claims["exp"] - claims["iat"] == 300
    assert str(UUID(claims["sub"])) == claims["sub"] != claims["jti"] == str(UUID(claims["jti"]))
    assert claims["session_state"] == claims["sid"] == answer["session_state"]
    assert claims["scope"] == answer["scope"]
    assert claims["uid"].isdigit()
    assert claims["clientId"] == "demo_api"
    assert claims["clientHost"] == claims["clientAddress"]
    assert re.fullmatch(r"demo_api_[0-9a-f]{8}@.+\.invalid", claims["preferred_username"])


def test_a_refresh_token_has_its_own() -> None:
    answer = tokens(make())
    claims, access = part(answer["refresh_token"], 1), part(answer["access_token"], 1)
    assert list(claims) == REFRESH
    assert claims["aud"] == claims["iss"] == ISSUER
    assert (claims["typ"], claims["exp"] - claims["iat"], answer["not-before-policy"]) == ("Refresh", 1_800, 0)
    assert {name: claims[name] for name in ("sub", "azp", "sid", "scope")} == {
        name: access[name] for name in ("sub", "azp", "sid", "scope")
    }


def test_headers_are_keycloak_s_and_the_key_ids_as_long_as_its() -> None:
    answer = tokens(make())
    access, refresh = part(answer["access_token"], 0), part(answer["refresh_token"], 0)
    assert list(access) == list(refresh) == ["alg", "typ", "kid"]
    assert (access["alg"], refresh["alg"]) == ("RS256", "HS256")
    assert len(access["kid"]) == 43
    assert str(UUID(refresh["kid"])) == refresh["kid"]


def test_the_mark_of_ours_is_in_the_key_id() -> None:
    assert part(tokens(make())["access_token"], 0)["kid"].startswith("mock-sma-fake-")


def test_production_is_another_issuer_with_another_algorithm() -> None:
    answer = tokens(make("ennexos"))
    claims = part(answer["refresh_token"], 1)
    assert claims["iss"] == claims["aud"] == "https://auth.smaapis.de/auth/realms/SMA"
    assert part(answer["refresh_token"], 0)["alg"] == "HS512"


def test_who_a_token_is_of_stays_the_same_and_is_another_for_another_client_and_world() -> None:
    def known(world: Sandbox, **more: str) -> tuple[str, str]:
        claims = part(tokens(world, **more)["access_token"], 1)
        return claims["sub"], claims["uid"]

    first = make()
    assert known(first) == known(first) == known(make())
    assert known(first) != known(make(seed=6))


@pytest.fixture
def person() -> dict[str, Any]:
    world = make()
    visitor = Visitor(world)
    visitor.go(authorize_path())
    visitor.submit(**LOGIN)
    code = answered(visitor.post(decision="accept"))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return content(token(world, **form, **APP))


def test_a_token_of_the_code_flow_names_the_person_and_no_client_s_address(person: dict[str, Any]) -> None:
    claims = part(person["access_token"], 1)
    assert list(claims) == [*ACCESS, "name", "preferred_username", "email"]
    assert (claims["name"], claims["preferred_username"], claims["email"]) == ("API test user", OWNER, OWNER)
    assert (claims["azp"], claims["iss"]) == ("demo_app", ISSUER)
    assert str(UUID(claims["sub"])) == part(person["refresh_token"], 1)["sub"]


def test_a_token_of_another_world_is_refused_though_the_issuer_is_the_same() -> None:
    here, there = make(name="here"), make(name="there")
    stranger = tokens(there)["access_token"]
    assert part(stranger, 1)["iss"] == ISSUER
    assert ask(here, "GET", "/v1/plants", bearer=stranger).status == 401
    assert "it belongs to another world" in here.requests[-1].why
    assert ask(there, "GET", "/v1/plants", bearer=stranger).status == 200


def test_no_two_worlds_share_a_key_id() -> None:
    names = ["default", "gw0", "gw1", "gw10", "GW0"]
    found = [key_id for name in names for key_id in key_ids(name)]
    assert len(set(found)) == 2 * len(names)
