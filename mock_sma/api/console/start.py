"""The first page: where everything is, who is who, what time it is, and requests to copy."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mock_sma.api.console.page import BERLIN, page
from mock_sma.api.console.snippets import Caller, snippets
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

BASES = (
    ("Tokens", "/oauth2/token", "client credentials, code, refresh"),
    ("Authorisation", "/oauth2/auth", "code flow: where “Connect SMA” leads"),
    ("Consent", "/oauth2/v2/bc-authorize", "custom flow, back channel"),
    ("Monitoring", "/monitoring/v1", "as on the sandbox host"),
    ("Monitoring", "/v1", "as on the production host"),
    ("BasicReporting", "/basicreporting/v1", "PV generation only"),
)
STEPS = {"5 min": 300, "1 h": 3_600, "1 day": 86_400}


async def show(visit: Visit) -> Response:
    """Show where everything is."""
    world = visit.world
    owners = [(user, world.estate.owned_by(user.email)) for user in world.estate.users.values()]
    owners.sort(key=lambda pair: not pair[1])
    caller = Caller.of(world, visit.origin)
    return page(
        visit,
        "start",
        bases=[(name, visit.origin + path, about) for name, path, about in BASES],
        owners=owners,
        snippets=snippets(caller) if caller is not None else [],
        steps=STEPS,
    )


async def set_clock(visit: Visit) -> Response:
    """Freeze, run, move or set the clock."""
    clock = visit.world.clock
    match visit.field("do"):
        case "freeze":
            clock.freeze()
        case "run":
            clock.unfreeze()
        case "rate":
            clock.set_rate(_number(visit.field("rate")))
        case "advance":
            clock.advance(_number(visit.field("seconds")))
        case "jump":
            clock.set(_local(visit.field("now")))
        case _:
            raise UsageError("The clock can freeze, run, rate, advance and jump.")
    return visit.back("clock")


async def reset(visit: Visit) -> Response:
    """Put the world back to its scenario."""
    visit.world.reset()
    return visit.back("reset")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a number.") from None


def _local(text: str) -> datetime:
    """Return the instant of a browser's date and time field, read in the time that the console shows."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a date and time such as 2025-06-15T12:00.") from None
    return value if value.tzinfo is not None else value.replace(tzinfo=BERLIN)
