"""Operations of the code flow's pages on the auth host; their paths are ours."""

from __future__ import annotations

from mock_sma.leaves import later
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Need, Operation

MEDIA = "text/html"

AUTHORIZE = "/oauth2/auth"
LOGIN = "/oauth2/auth/login"
DECIDE = "/oauth2/auth/consent"
LOG_OUT = "/oauth2/auth/logout"

refuse = later("pages.render", "refuse")
"""Makes a page of an error."""


def page_operation(api: Api, name: str, method: str, path: str, handler: str, summary: str) -> Operation:
    """Return an operation whose answers are pages and redirects, its errors too.

    Args:
        handler: module of the pages and function in it.
    """
    module, _, function = handler.partition(".")
    return Operation(
        id=name,
        api=api,
        method=method,
        path=path,
        handler=later(f"pages.{module}", function),
        summary=summary,
        need=Need.NOTHING,
        media=MEDIA,
        refuse=refuse,
    )


PAGES: tuple[Operation, ...] = (
    page_operation(Api.PAGES, "logIn", "POST", LOGIN, "authorize.log_in", "Log in on the way to consent"),
    page_operation(Api.PAGES, "decide", "POST", DECIDE, "authorize.decide_consent", "Permit or decline"),
    page_operation(Api.PAGES, "logOut", "POST", LOG_OUT, "authorize.log_out", "Take another account"),
)
