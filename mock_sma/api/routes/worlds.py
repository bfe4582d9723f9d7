"""``/_mock/worlds``: isolated worlds in one process, one for each test worker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from mock_sma.api.library import Scenarios  # noqa: TC001 - FastAPI reads it
from mock_sma.api.worker import in_thread
from mock_sma.clock import MAX_RATE
from mock_sma.errors import ConflictError, UsageError
from mock_sma.scenarios import load_scenario

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.scenarios.cache import ScenarioCache
    from mock_sma.scenarios.library import Library
    from mock_sma.worlds.worlds import Worlds


class Wish(BaseModel):
    """The world that is wanted; what is absent is as ``serve`` has it by default.

    ``scenario`` is a name, or a whole document as an object. ``from`` names a running world that it is to be a fork
    of; all but the name comes from that one then.
    """

    model_config = ConfigDict(extra="forbid")

    origin: str | None = Field(None, alias="from")

    name: str | None = None
    scenario: str | dict[str, Any] = "sandbox"
    now: str | None = None
    seed: int | None = Field(None, ge=0, lt=2**63)
    rate: float | None = Field(None, ge=0.0, le=MAX_RATE)


class ClientBody(BaseModel):
    """A client of a world, with the secret that it logs in with."""

    client_id: str
    client_secret: str
    flow: str
    redirect_uris: list[str]


class OwnerBody(BaseModel):
    """A plant owner, with the password of the login page."""

    email: str
    password: str


class WorldBody(BaseModel):
    """A world, with what a client needs to use it."""

    name: str
    scenario: str
    seed: int
    now: str
    clients: list[ClientBody]
    owners: list[OwnerBody]


def as_json(world: Sandbox) -> dict[str, Any]:
    """Return a world with what a client needs to use it."""
    owners = {user.key: user for plant in world.estate.plants.values() for user in plant.owners()}
    people = [world.estate.users[key] for key in owners if key in world.estate.users]
    return {
        "name": world.name,
        "scenario": world.scenario.name,
        "seed": world.seed,
        "now": world.clock.isoformat(),
        "clients": [
            {
                "client_id": client.id,
                "client_secret": client.secret,
                "flow": client.flow.value,
                "redirect_uris": list(client.redirect_uris),
            }
            for client in world.clients.values()
        ],
        "owners": [{"email": user.email, "password": user.password} for user in people if user.registered],
    }


router = APIRouter(prefix="/worlds", tags=["worlds"])


@router.get("", response_model=list[WorldBody])
async def list_worlds(request: Request) -> list[dict[str, Any]]:
    """List the worlds, the default one first."""
    worlds: Worlds = request.app.state.worlds
    return [as_json(world) for world in worlds]


@router.post("", status_code=201, response_model=WorldBody)
async def create_world(request: Request, wish: Wish, library: Scenarios) -> dict[str, Any]:
    """Make a world with clients of its own, by which requests find it; no header is needed."""
    worlds: Worlds = request.app.state.worlds
    if wish.origin is not None:
        origin = _origin(worlds, wish)
        return as_json(await in_thread(lambda: worlds.fork(origin, name=wish.name)))
    scenario = await _scenario(request, wish.scenario, library)
    made = partial(worlds.create, scenario, name=wish.name, now=wish.now, seed=wish.seed, rate=wish.rate)
    return as_json(await in_thread(made))


def _origin(worlds: Worlds, wish: Wish) -> Sandbox:
    also = wish.model_fields_set & {"scenario", "now", "seed", "rate"}
    if also:
        raise UsageError(f"a fork has all from its world: leave out {', '.join(sorted(also))}, or 'from'")
    origin = worlds.named(str(wish.origin))
    if origin is None:
        raise HTTPException(404, worlds.unknown(str(wish.origin)))
    return origin


async def _scenario(request: Request, wanted: str | dict[str, Any], library: Library) -> Scenario:
    if isinstance(wanted, str):
        cache: ScenarioCache = request.app.state.scenarios
        return cache.load(wanted)
    return await run_in_threadpool(load_scenario, wanted, library=library)


@router.delete("/{world}", status_code=204)
async def delete_world(request: Request, world: str) -> Response:
    """Remove a world; its tokens are answered 401 from now on."""
    worlds: Worlds = request.app.state.worlds
    try:
        worlds.delete(world)
    except ConflictError:
        raise
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
    return Response(status_code=204)
