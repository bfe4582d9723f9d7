"""``/_mock/capsule``: a world written down, and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from mock_sma.api.bodies import bounded_body, format_of
from mock_sma.api.worker import in_thread
from mock_sma.api.world import World

if TYPE_CHECKING:
    from mock_sma.capsule import Capsule
    from mock_sma.sandbox.sandbox import Sandbox

MAX_CAPSULE = 32 * 1024 * 1024
"""Largest capsule [bytes]: a journal's 8 MiB as text, and a scenario."""

router = APIRouter(prefix="/capsule", tags=["capsule"])

_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.get("", response_class=Response)
async def read(world: World) -> Response:
    """Write the world down: scenario, seed, clock, consents and what was asked, free of secrets as the journal is."""
    capsule = await in_thread(lambda: _written(world))
    # A journal of 8 MiB takes its time; meanwhile requests are answered.
    text = await run_in_threadpool(capsule.model_dump_json)
    headers = {"content-disposition": f'attachment; filename="{world.name}.capsule.json"'}
    return Response(text, media_type="application/json", headers=headers)


@router.put("", openapi_extra=_BODY)
async def put_back(world: World, request: Request) -> dict[str, Any]:
    """Put the world to where the capsule's was; one that is refused leaves the running world as it is."""
    format_of(request, {"application/json": "json"})
    capsule = await run_in_threadpool(_read, await bounded_body(request, MAX_CAPSULE))
    await in_thread(lambda: _restore(world, capsule))
    return {
        "scenario": world.scenario.name,
        "now": world.clock.isoformat(),
        "consents": len(world.consents),
        "requests": len(world.requests),
    }


def _written(world: Sandbox) -> Capsule:
    from mock_sma.capsule import capsule_of  # noqa: PLC0415 - a fifth of the control API's own start, and seldom wanted

    return capsule_of(world)


def _read(data: bytes) -> Capsule:
    from mock_sma.capsule import read_capsule  # noqa: PLC0415 - as above

    return read_capsule(data)


def _restore(world: Sandbox, capsule: Capsule) -> None:
    from mock_sma.capsule import restore  # noqa: PLC0415 - as above

    restore(world, capsule)
