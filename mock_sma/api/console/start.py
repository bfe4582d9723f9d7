"""The first page: where everything is, who is who, what time it is, and requests to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.console import losses
from mock_sma.api.console.page import page
from mock_sma.api.console.snippets import Caller, snippets
from mock_sma.api.console.undo import step
from mock_sma.api.worker import in_thread

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
        question=losses.reset(world),
        is_new=not world.requests.without_assets(),
    )


async def reset(visit: Visit) -> Response:
    """Put the world back to its scenario."""
    question = losses.reset(visit.world)
    if not losses.is_sure(visit):
        return losses.ask(visit, question)
    async with step(visit.world):
        await in_thread(visit.world.reset)
    return visit.back("reset")
