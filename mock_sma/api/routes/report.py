"""``/_mock/report``: what a failed test of any language shows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse

from mock_sma.api.worker import in_thread
from mock_sma.api.world import World
from mock_sma.report.text import SHOWN, failure_report

router = APIRouter(prefix="/report", tags=["requests"])

Limit = Annotated[int, Query(ge=1, le=2_000)]
Refused = Annotated[bool, Query(description="only what was refused, has moved or is empty")]


@router.get("", response_class=PlainTextResponse)
async def report(request: Request, world: World, limit: Limit = SHOWN, refused: Refused = False) -> str:
    """Tell of the last exchanges as text: why each was answered so, what to do, and how to ask again. No secret."""
    origin = f"{request.url.scheme}://{request.url.netloc}"
    entries = list(world.requests)
    text = await in_thread(
        lambda: failure_report(entries, origin, limit, findings=world.findings, refused=refused),
    )
    return text + "\n"
