"""``/_mock/findings``: what the clients of the journal did wrong or wastefully."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from mock_sma.api.worker import in_thread
from mock_sma.api.world import World
from mock_sma.errors import UsageError

router = APIRouter(prefix="/findings", tags=["requests"])


@router.get("", response_class=Response)
async def findings(
    world: World,
    client_id: Annotated[str | None, Query()] = None,
    format: Annotated[str, Query(description="json, sarif, junit, text or github")] = "json",  # noqa: A002 - of the address
) -> Response:
    """List findings, the worst first: of one client or all; as JSON, SARIF, JUnit XML, text or GitHub's annotations."""
    from mock_sma.findings import formats  # noqa: PLC0415 - with all rules, for those who look

    try:
        form = formats.FindingsFormat(format)
    except ValueError:
        words = ", ".join(formats.FindingsFormat)
        raise UsageError(f"format: {format[:40]!r} is not one of {words}") from None
    found = await in_thread(lambda: world.findings)
    chosen = found if client_id is None else found.of(client_id)
    return Response(formats.rendered(chosen, form), media_type=formats.MEDIA[form])
