"""Operations of the code flow's pages on the auth host; their paths are ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.handlers.pages import authorize
from mock_sma.sandbox.handlers.pages.render import refuse
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Need, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call

MEDIA = "text/html"


def page_operation(
    api: Api, name: str, method: str, path: str, handler: Callable[[Call], Answer], summary: str
) -> Operation:
    """Return an operation whose answers are pages and redirects, its errors too."""
    return Operation(
        id=name,
        api=api,
        method=method,
        path=path,
        handler=handler,
        summary=summary,
        need=Need.NOTHING,
        media=MEDIA,
        refuse=refuse,
    )


PAGES: tuple[Operation, ...] = (
    page_operation(Api.PAGES, "logIn", "POST", authorize.LOGIN, authorize.log_in, "Log in on the way to consent"),
    page_operation(Api.PAGES, "decide", "POST", authorize.DECIDE, authorize.decide_consent, "Permit or decline"),
    page_operation(Api.PAGES, "logOut", "POST", authorize.LOG_OUT, authorize.log_out, "Take another account"),
)
