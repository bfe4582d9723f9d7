"""The world that a control request is about: the default one, or the one its path names."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request

from mock_sma.api.worker import caught_up
from mock_sma.sandbox.sandbox import Sandbox


async def world_of(request: Request) -> Sandbox:
    """Return the world of ``/_mock/worlds/{world}/…``, the default one for ``/_mock/…``.

    Raises:
        HTTPException: 404, no world has that name.
    """
    worlds = request.app.state.worlds
    name = request.path_params.get("world")
    world: Sandbox | None = worlds.default if name is None else worlds.named(name)
    if world is None:
        raise HTTPException(404, worlds.unknown(str(name)))
    # A running clock brings things about by itself; whoever looks sees all that its time implies.
    await caught_up(world)
    return world


async def named(world: Annotated[str, Path(description="name of the world")]) -> None:
    """Name the world in a route's description; :func:`world_of` finds it."""


World = Annotated[Sandbox, Depends(world_of)]
"""A route's parameter that is the world of the request."""
