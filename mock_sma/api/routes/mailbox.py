"""``/_mock/mailbox``: the mails that SMA would have sent."""

from __future__ import annotations

from fastapi import APIRouter, Response

from mock_sma.api.routes.requests import instant
from mock_sma.api.world import World

router = APIRouter(prefix="/mailbox", tags=["mailbox"])


@router.get("")
async def list_mails(world: World) -> list[dict[str, str]]:
    """List mails, oldest first."""
    return [
        {
            "to": mail.to,
            "language": mail.language,
            "subject": mail.subject,
            "body": mail.body,
            "link": mail.link,
            "sent_at": instant(mail.sent_at),
        }
        for mail in world.mailbox
    ]


@router.delete("", status_code=204)
async def clear(world: World) -> Response:
    """Forget all mails."""
    world.mailbox.clear()
    return Response(status_code=204)
