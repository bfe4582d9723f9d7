"""Which methods a path takes, for the header ``Allow`` of a 405."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Match

if TYPE_CHECKING:
    from starlette.requests import Request

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def allowed(request: Request) -> str:
    """Return the methods that a request's path takes, over all routes of its application.

    The router itself names those of the first route alone that has the path; RFC 9110, section 15.5.6, wants all.
    """
    routes = request.app.router.routes
    scopes = {method: {**request.scope, "method": method} for method in METHODS}
    taken = [name for name, scope in scopes.items() if any(item.matches(scope)[0] is Match.FULL for item in routes)]
    return ", ".join(taken)
