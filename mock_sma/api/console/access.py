"""The login where a control token is set: a form for the token, a cookie for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from mock_sma.api.console.page import page
from mock_sma.api.console.visit import Visit, check_size
from mock_sma.api.login import COOKIE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def ask(visit: Visit, *, wrong: bool = False) -> Response:
    """Return the login page; 401, so that programs see that they are not in."""
    return page(visit, "login", code=401, wrong=wrong)


async def log_in(request: Request) -> Response:
    """Give the cookie to who knows the token."""
    check_size(request)
    async with request.form(max_files=0, max_fields=10, max_part_size=4096) as form:
        visit = Visit(request, form)
        if not visit.login.is_csrf(form.get("csrf")) or not visit.login.is_token(visit.field("token")):
            return ask(visit, wrong=True)
        answer = RedirectResponse(visit.field("back") if _is_inside(visit) else f"{visit.base}/", 303)
    # Not only for the console: the owner's pages under /portal want it too.
    answer.set_cookie(
        COOKIE,
        visit.login.cookie,
        httponly=True,
        samesite="strict",
        secure=request.scope["scheme"] == "https",
        path="/",
    )
    return answer


def _is_inside(visit: Visit) -> bool:
    target = visit.field("back")
    # The owner's portal leads here too, where a browser opens it without the cookie.
    is_portal = f"{target.partition('?')[0].lower()}/".startswith("/portal/")
    return (
        (is_portal or target.startswith(f"{visit.base}/"))
        and "\\" not in target
        and not target.endswith("/console/login")
    )


async def logout(visit: Visit) -> Response:
    """Take the cookie back."""
    answer = RedirectResponse(f"{visit.base}/", 303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer
