"""Clients that do one thing wrong each, and careful ones; all in process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.facts import HOUSEHOLDER, LOGIN, OWNER
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


def token_after_401() -> Sandbox:
    world = opened()
    old = access(world)
    world.clock.advance(minutes=6)
    for _ in range(4):
        ask(world, "GET", "/v1/plants", bearer=old)
    return world


def token_per_request() -> Sandbox:
    world = opened()
    for plant in ("13", "24", "35", "46"):
        ask(world, "GET", f"/v1/plants/{plant}", bearer=access(world))
    return world


def token_never_refreshed() -> Sandbox:
    world = opened()
    for _ in range(3):
        bearer = access(world)
        ask(world, "GET", "/v1/plants", bearer=bearer)
        world.clock.advance(minutes=10)
        ask(world, "GET", "/v1/plants", bearer=bearer)
    return world


def refresh_token_reused() -> Sandbox:
    world = opened()
    first = tokens(world)
    for _ in range(2):
        world.clock.advance(minutes=4)
        refreshed(world, first["refresh_token"])
    return world


def refresh_race() -> Sandbox:
    world = opened()
    first = tokens(world)
    world.clock.advance(minutes=4)
    refreshed(world, first["refresh_token"])
    refreshed(world, first["refresh_token"])
    return world


def refresh_after_logout() -> Sandbox:
    world = opened()
    first = tokens(world)
    ask(world, "POST", "/oauth2/logout", form={"refresh_token": first["refresh_token"], **CLIENT})
    refreshed(world, first["refresh_token"])
    return world


def _code(world: Sandbox, **parameters: str) -> str:
    """Let the owner log in and permit, and return the code."""
    visitor = Visitor(world)
    visitor.go(authorize_path(**parameters))
    visitor.submit(**LOGIN)
    back = visitor.submit(decision="accept").header(b"location")
    assert back is not None
    return parse_qs(urlsplit(back.decode()).query)["code"][0]


def state_missing() -> Sandbox:
    world = make()
    ask(world, "GET", authorize_path(state="", **PKCE))
    return world


PKCE = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""The example of RFC 7636, appendix B."""


def pkce_missing() -> Sandbox:
    world = make()
    ask(world, "GET", authorize_path())
    return world


def _redeem(world: Sandbox, code: str) -> None:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    token(world, **form, **APP)


def code_used_twice() -> Sandbox:
    world = make()
    code = _code(world, **PKCE)
    for _ in range(2):
        _redeem(world, code)
    return world


def secret_in_address() -> Sandbox:
    world = opened()
    form = "grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
    ask(world, "POST", f"/oauth2/token?{form}")
    return world


def _ask_consent(world: Sandbox, bearer: str) -> int:
    return ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer).status


def consent_asked_again() -> Sandbox:
    world = make()
    for _ in range(4):
        _ask_consent(world, access(world))
        world.clock.advance(minutes=10)
    return world


def consent_asked_after_rejection() -> Sandbox:
    world = make()
    for _ in range(3):
        _ask_consent(world, access(world))
        world.consents.reject(OWNER, "demo_api")
        world.clock.advance(minutes=10)
    return world


def closed_plant_asked() -> Sandbox:
    world = opened()
    world.consents.revoke(OWNER, "demo_api")
    bearer = access(world)
    for _ in range(4):
        ask(world, "GET", "/v1/plants/13", bearer=bearer)
    return world


def consent_posted_blindly() -> Sandbox:
    world = make()
    bearer = access(world)
    world.faults.add({"match": {"method": "POST", "path": BC}, "effect": {"fault": "connection_reset"}, "times": 1})
    for _ in range(2):
        _ask_consent(world, bearer)
    return world


def retry_after_ignored() -> Sandbox:
    world = opened()
    bearer = access(world)
    world.faults.add({"effect": {"quota_exhausted": True}, "times": 3})
    for _ in range(4):
        ask(world, "GET", "/v1/plants", bearer=bearer)
        world.clock.advance(seconds=1)
    return world


def quota_burst() -> Sandbox:
    world = opened("rate-limited", HOUSEHOLDER)
    bearer = access(world)
    plant = world.scenario.plants[0].id
    for _ in range(1_501):
        if ask(world, "GET", f"/v1/plants/{plant}", bearer=bearer).status == 429:
            break
    return world


def asked_too_soon() -> Sandbox:
    world = opened()
    bearer = access(world)
    for _ in range(4):
        ask(world, "GET", f"{DAY}?Date=2025-06-15", bearer=bearer)
        world.clock.advance(seconds=5)
    return world


def year_day_by_day() -> Sandbox:
    world = opened()
    bearer = access(world)
    for month in (1, 2, 3):
        for day in range(1, 29):
            ask(world, "GET", f"{DAY}?Date=2025-{month:02}-{day:02}", bearer=bearer)
    return world


def total_polled() -> Sandbox:
    world = opened()
    for _ in range(8):
        ask(world, "GET", "/v1/plants/13/measurements/sets/EnergyBalance/Total", bearer=access(world))
        world.clock.advance(minutes=15)
    return world


def set_not_offered() -> Sandbox:
    world = opened()
    ask(world, "GET", "/v1/plants/13/measurements/sets/Sensor/Day?Date=2025-06-14", bearer=access(world))
    return world


def balance_not_offered() -> Sandbox:
    world = opened("pv-only", HOUSEHOLDER)
    plant = world.scenario.plants[0].id
    ask(world, "GET", f"/v1/plants/{plant}/measurements/sets/EnergyBalance/Day?Date=2025-06-14", bearer=access(world))
    return world


def unknown_set() -> Sandbox:
    world = opened()
    ask(world, "GET", "/v1/plants/13/measurements/sets/EnergieBilanz/Day?Date=2025-06-14", bearer=access(world))
    return world


def date_off_by_one() -> Sandbox:
    world = opened(now="2025-06-14T23:30:00+02:00")
    ask(world, "GET", f"{DAY}?Date=2025-06-15", bearer=access(world))
    return world


def redirect_not_learnt() -> Sandbox:
    world = opened("migration", HOUSEHOLDER)
    bearer = access(world)
    for _ in range(3):
        ask(world, "GET", f"/v1/plants/{OLD}", bearer=bearer)
    return world


def unknown_parameter() -> Sandbox:
    world = opened()
    ask(world, "GET", f"{DAY}?Date=2025-06-14&ReturnEnergy=true", bearer=access(world))
    return world


def obsolete_endpoint() -> Sandbox:
    world = opened()
    ask(world, "GET", "/v1/plants/13/devices", bearer=access(world))
    return world


def wrong_host() -> Sandbox:
    world = opened()
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=access(world), host="monitoring.smaapis.de")
    return world


BAD: dict[str, Story] = {
    name.replace("_", "-"): story
    for name, story in list(globals().items())
    if getattr(story, "__annotations__", None) == {"return": "Sandbox"}
}
"""By the finding that each of them has."""


# ---- careful ones -----------------------------------------------------------------------------------------


def reader() -> Sandbox:
    """Read the list, the sets and days, and refresh in time."""
    world = opened()
    got = tokens(world)
    for day in (12, 13, 14, 15):
        ask(world, "GET", "/v1/plants", bearer=got["access_token"])
        ask(world, "GET", "/v1/plants/13/measurements/sets", bearer=got["access_token"])
        ask(world, "GET", f"{DAY}?Date=2025-06-{day}&ReturnEnergyValues=true", bearer=got["access_token"])
        world.clock.advance(minutes=4)
        got = refreshed(world, got["refresh_token"])
    return world


def waits_as_told() -> Sandbox:
    world = opened()
    world.faults.add({"match": {"path": "/v1/*"}, "effect": {"quota_exhausted": True}, "times": 2})
    for _ in range(3):
        if ask(world, "GET", "/v1/plants", bearer=access(world)).status == 429:
            world.clock.advance(minutes=5)
    return world


def five_in_flight() -> Sandbox:
    """Five tasks share a token that runs out; each asks once more with the next."""
    world = opened()
    old = access(world)
    world.clock.advance(minutes=5)
    plants = ("13", "24", "35", "46", "57")
    for plant in plants:
        ask(world, "GET", f"/v1/plants/{plant}", bearer=old)
    new = access(world)
    for plant in plants:
        ask(world, "GET", f"/v1/plants/{plant}", bearer=new)
    return world


def three_programs() -> Sandbox:
    """Three programs with the same credentials have a token each."""
    world = opened()
    bearers = [access(world) for _ in range(3)]
    for bearer, plant in zip(bearers, ("13", "24", "35"), strict=True):
        for path in ("", "/location", "/status"):
            ask(world, "GET", f"/v1/plants/{plant}{path}", bearer=bearer)
    return world


def struck_by_us() -> Sandbox:
    """Answers are lost, cut off and refused by fault rules; the client asks once more each time."""
    world = opened()
    got = tokens(world)
    for effect in ({"fault": "connection_reset"}, {"fault": "malformed_json"}, {"status": 500}, {"status": 504}):
        world.faults.add({"match": {"path": DAY}, "effect": effect, "times": 1})
        for _ in range(2):
            ask(world, "GET", f"{DAY}?Date=2025-06-14", bearer=got["access_token"])
        world.clock.advance(minutes=15)
        got = refreshed(world, got["refresh_token"])
    world.faults.add({"match": {"path": "/oauth2/token"}, "effect": {"fault": "empty_response"}, "times": 1})
    for _ in range(2):
        refreshed(world, got["refresh_token"])
    return world


def asks_and_looks() -> Sandbox:
    """Ask for consent once over a broken connection, look, and take the answer."""
    world = make()
    bearer = access(world)
    world.faults.add({"match": {"method": "POST", "path": BC}, "effect": {"fault": "connection_reset"}, "times": 1})
    _ask_consent(world, bearer)
    ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer)
    world.consents.accept(OWNER)
    ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer)
    ask(world, "GET", "/v1/plants", bearer=bearer)
    return world


def learns_the_new_id() -> Sandbox:
    world = opened("migration", HOUSEHOLDER)
    bearer = access(world)
    where = ask(world, "GET", f"/v1/plants/{OLD}", bearer=bearer).header(b"location")
    assert where is not None
    for path in ("", "/location", "/status"):
        ask(world, "GET", where.decode() + path, bearer=bearer)
    return world


def refused_and_looks() -> Sandbox:
    """Take a 403 as the sign to list the plants anew."""
    world = opened()
    bearer = access(world)
    world.consents.revoke(OWNER, "demo_api")
    for _ in range(3):
        ask(world, "GET", "/v1/plants/13", bearer=bearer)
        ask(world, "GET", "/v1/plants", bearer=bearer)
    return world


def code_flow() -> Sandbox:
    world = make()
    _redeem(world, _code(world, **PKCE))
    return world


CAREFUL: tuple[Story, ...] = (
    reader,
    waits_as_told,
    five_in_flight,
    three_programs,
    struck_by_us,
    asks_and_looks,
    learns_the_new_id,
    refused_and_looks,
    code_flow,
)
