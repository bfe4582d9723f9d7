"""``/_mock/health`` and ``/_mock/ready``: what a supervisor asks, of the server or of one world."""

from __future__ import annotations

from fastapi import APIRouter

from mock_sma.api.world import World
from mock_sma.version import __version__

router = APIRouter(tags=["server"])


@router.get("/health")
async def health(world: World) -> dict[str, str]:  # noqa: ARG001 - that it is there is all that is asked
    """Tell that the process lives, and the world where one is named."""
    return {"status": "ok", "version": __version__}


@router.get("/ready")
async def ready(world: World) -> dict[str, str]:
    """Tell that a first vendor request would be answered."""
    return {"status": "ok", "version": __version__, "scenario": world.scenario.name}
