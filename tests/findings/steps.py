"""What the clients of these tests do, step by step; all in process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.facts import LOGIN, OWNER
from tests.page_helpers import CALLBACK, Visitor, authorize_path
from tests.sandbox_helpers import APP, BC, CLIENT, ask, content, make, token, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox

    Story = Callable[[], Sandbox]

DAY = "/v1/plants/13/measurements/sets/EnergyBalance/Day"
OLD = "11111111-aaaa-4bbb-8ccc-000000000001"


def access(world: Sandbox) -> str:
    return str(tokens(world)["access_token"])


def opened(scenario: str = "sandbox", owner: str = OWNER, **options: Any) -> Sandbox:
    world = make(scenario, **options)
    if not world.scenario.consents:
        world.consents.accept(owner, "demo_api")
    return world


def refreshed(world: Sandbox, refresh: str) -> dict[str, Any]:
    return content(token(world, grant_type="refresh_token", refresh_token=refresh, **CLIENT))


PKCE = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def code_of(world: Sandbox, **parameters: str) -> str:
    """Let the owner log in and permit, and return the code."""
    visitor = Visitor(world)
    visitor.go(authorize_path(**parameters))
    visitor.submit(**LOGIN)
    back = visitor.submit(decision="accept").header(b"location")
    assert back is not None
    return parse_qs(urlsplit(back.decode()).query)["code"][0]


def redeem(world: Sandbox, code: str) -> None:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    token(world, **form, **APP)


def ask_consent(world: Sandbox, bearer: str) -> int:
    return ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer).status
