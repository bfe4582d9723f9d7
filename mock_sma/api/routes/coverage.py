"""``/_mock/coverage``: what of all that can happen to a client has happened."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from mock_sma.api.worker import in_thread
from mock_sma.api.world import World

router = APIRouter(prefix="/coverage", tags=["requests"])


@router.get("")
async def coverage(world: World) -> dict[str, Any]:
    """List all situations with how often each was met, and the answers of each operation, since the last reset."""
    found = await in_thread(lambda: world.coverage)
    return found.as_dict()
