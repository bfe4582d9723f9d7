"""``/_mock/reset``: back to the beginning."""

from __future__ import annotations

from fastapi import APIRouter, Response

from mock_sma.api.worker import in_thread
from mock_sma.api.world import World

router = APIRouter(tags=["world"])


@router.post("/reset", status_code=204)
async def reset(world: World) -> Response:
    """Put the world back exactly to its scenario."""
    await in_thread(world.reset)
    return Response(status_code=204)
