"""``/_mock/capsule``: a world written down, and put back."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from mock_sma.api.bodies import bounded_body, format_of
from mock_sma.api.worker import in_thread
from mock_sma.api.world import World
from mock_sma.capsule import capsule_of, read_capsule, restore
from mock_sma.capsule.document import MAX_CAPSULE

router = APIRouter(prefix="/capsule", tags=["capsule"])

_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.get("", response_class=Response)
async def read(world: World) -> Response:
    """Write the world down: scenario, seed, clock, consents and what was asked, free of secrets as the journal is."""
    capsule = await in_thread(lambda: capsule_of(world))
    # A journal of 8 MiB takes its time; meanwhile requests are answered.
    text = await run_in_threadpool(capsule.model_dump_json)
    headers = {"content-disposition": f'attachment; filename="{world.name}.capsule.json"'}
    return Response(text, media_type="application/json", headers=headers)


@router.put("", openapi_extra=_BODY)
async def put_back(world: World, request: Request) -> dict[str, Any]:
    """Put the world to where the capsule's was; one that is refused leaves the running world as it is."""
    format_of(request, {"application/json": "json"})
    capsule = await run_in_threadpool(read_capsule, await bounded_body(request, MAX_CAPSULE))
    await in_thread(lambda: restore(world, capsule))
    return {
        "scenario": world.scenario.name,
        "now": world.clock.isoformat(),
        "consents": len(world.consents),
        "requests": len(world.requests),
    }
