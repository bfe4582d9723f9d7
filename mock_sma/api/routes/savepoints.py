"""``/_mock/savepoints``: what a world has become, kept under a name to come back to."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Response
from pydantic import BaseModel, ConfigDict

from mock_sma.api.worker import in_thread
from mock_sma.api.world import World
from mock_sma.errors import ConflictError, UsageError

if TYPE_CHECKING:
    from mock_sma.sandbox.world.savepoint import SavePoint

MAX_SAVEPOINTS = 50
"""Save points of one world."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

router = APIRouter(prefix="/savepoints", tags=["world"])


class SavePointWish(BaseModel):
    """The save point that is wanted; without a name it is ``savepoint-N``."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None


def _as_json(name: str, point: SavePoint) -> dict[str, Any]:
    return {"name": name, "now": point.clock.isoformat(), "requests": point.requests}


@router.get("")
async def list_savepoints(world: World) -> list[dict[str, Any]]:
    """List the save points, the oldest first."""
    return [_as_json(name, point) for name, point in world.savepoints.items()]


@router.post("", status_code=201)
async def save(world: World, wish: Annotated[SavePointWish | None, Body()] = None) -> dict[str, Any]:
    """Keep the world as it is now."""
    points = world.savepoints
    name = None if wish is None else wish.name
    if name is None:
        name = next(free for free in map("savepoint-{}".format, count(1)) if free not in points)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name[:70]!r} is no name of a save point: letters, digits, '_', '.' and '-', 64 at most, "
            "a letter or digit first"
        )
    if name in points:
        raise ConflictError(f"there is a save point {name!r} already: PUT goes back to it, DELETE forgets it")
    if len(points) >= MAX_SAVEPOINTS:
        raise ConflictError(f"a world keeps {MAX_SAVEPOINTS} save points at most; delete some")
    points[name] = await in_thread(world.save)
    return _as_json(name, points[name])


@router.put("/{name}", status_code=204)
async def restore(world: World, name: str) -> Response:
    """Put the world back to a save point: tokens handed out before it are valid again."""
    point = _found(world.savepoints, name)
    await in_thread(lambda: world.restore(point))
    return Response(status_code=204)


@router.delete("/{name}", status_code=204)
async def delete(world: World, name: str) -> Response:
    """Forget a save point."""
    _found(world.savepoints, name)
    del world.savepoints[name]
    return Response(status_code=204)


def _found(points: dict[str, SavePoint], name: str) -> SavePoint:
    if name not in points:
        raise HTTPException(404, f"there is no save point {name[:70]!r}; there are: {', '.join(points) or 'none'}")
    return points[name]
