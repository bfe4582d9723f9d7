"""Answers to what no operation has: SMA's own where it is known, a loud 501 where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import MAX_BODY
from mock_sma.sandbox.hosts import NOWHERE
from mock_sma.sandbox.table.siblings import known_of
from mock_sma.sandbox.wire.errors import empty_404, error_answer, gateway_timeout

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.table.router import Match, Router

STATUSES = (400, 404, 405, 413, 501, 504)
"""What is answered to requests that no operation takes, as the ledger has to know."""

AUTH_ROOTS = frozenset({"oauth2", ".well-known"})
"""First segments that belong to an auth host, which answers unknown paths with an empty 404."""


class Unmatched(NamedTuple):
    """What an unmatched call takes down; looking for the nearest paths costs more than all else."""

    router: Router
    path: str


def unmatched(call: Call, router: Router, match: Match | None) -> Answer:
    """Answer a request that no operation takes."""
    request, layout = call.request, call.layout
    if layout is NOWHERE:
        call.note("host", text="the Host header is no host with a number as its port (RFC 9110, section 7.2)")
        return error_answer(ApiError(400, "Bad Request: the Host header is no host and port"))
    root = request.path[1:].split("/", 1)[0].lower()
    if root in layout.html_504:
        call.note("host", host=request.host, layout=layout.name)
        return gateway_timeout()
    if match is not None:
        allowed = ", ".join(sorted(match.operations))
        call.note("wrong-method", method=request.method, allowed=allowed)
        return error_answer(ApiError(405, "Method Not Allowed", headers=(("allow", allowed),)))
    call.trace.append(("unmatched", Unmatched(router, request.path)))
    if layout.empty_404 or root in AUTH_ROOTS:
        return empty_404()
    known = known_of(request.path, layout) if call.world.switches.unknown_as == 501 else None
    if known is not None:
        return error_answer(
            ApiError(
                501,
                f"mock-sma does not emulate {request.path[:200]}: {known}. "
                "The switch unknown_as: 404 of the scenario answers 404 instead",
            )
        )
    return error_answer(ApiError(404, "Not Found"))


def too_large(call: Call) -> Answer:
    """Answer a body over :data:`MAX_BODY`; a server has not read the rest, so the connection ends with it."""
    call.note("body", text=f"the body is larger than {MAX_BODY} bytes")
    return error_answer(ApiError(413, "Request Entity Too Large", headers=(("connection", "close"),)))


def alias_gone(call: Call) -> Answer:
    """Answer on the sandbox host's older address of the auth API as today's sandbox does: 401."""
    call.note("host", text=f"{call.request.host} is no longer a token host (switch sandbox_token_alias)")
    return error_answer(ApiError(401, "Unauthorized", headers=(("www-authenticate", "Bearer"),)))
