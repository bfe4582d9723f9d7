"""Clients that do one thing wrong each; all in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.facts import HOUSEHOLDER, OWNER
from tests.findings.steps import DAY, OLD, PKCE, access, ask_consent, code_of, opened, redeem, refreshed
from tests.page_helpers import authorize_path
from tests.sandbox_helpers import BC, CLIENT, ask, make, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox

    Story = Callable[[], Sandbox]


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


def state_missing() -> Sandbox:
    world = make()
    ask(world, "GET", authorize_path(state="", **PKCE))
    return world


"""The example of RFC 7636, appendix B."""


def pkce_missing() -> Sandbox:
    world = make()
    ask(world, "GET", authorize_path())
    return world


def code_used_twice() -> Sandbox:
    world = make()
    code = code_of(world, **PKCE)
    for _ in range(2):
        redeem(world, code)
    return world


def secret_in_address() -> Sandbox:
    world = opened()
    form = "grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
    ask(world, "POST", f"/oauth2/token?{form}")
    return world


def consent_asked_again() -> Sandbox:
    world = make()
    for _ in range(4):
        ask_consent(world, access(world))
        world.clock.advance(minutes=10)
    return world


def consent_asked_after_rejection() -> Sandbox:
    world = make()
    for _ in range(3):
        ask_consent(world, access(world))
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
        ask_consent(world, bearer)
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
