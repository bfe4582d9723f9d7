"""``/_mock/metrics``: counters for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from mock_sma.api.metrics import CONTENT_TYPE

router = APIRouter(tags=["server"])


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Return the server's counters in Prometheus' text form."""
    state = request.app.state
    return Response(state.metrics.text(state.worlds), media_type=CONTENT_TYPE)
