"""``/_mock/mailbox``: the mails that SMA would have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from mock_sma.api.routes.requests import instant

if TYPE_CHECKING:
    from mock_sma.sandbox.worlds import Worlds


def mailbox_router(worlds: Worlds) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/_mock/mailbox", tags=["mailbox"])

    @router.get("")
    async def list_mails() -> list[dict[str, str]]:
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
            for mail in worlds.default.mailbox
        ]

    @router.delete("", status_code=204)
    async def clear() -> Response:
        """Forget all mails."""
        worlds.default.mailbox.clear()
        return Response(status_code=204)

    return router
