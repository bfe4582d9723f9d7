"""What a control request has to look like before anything reads it: its kind, its size, who sent it.

A page of a stranger can send a form, an image's GET or text across origins without asking; it can send JSON only
where the server allows it (Fetch Standard, CORS-safelisted request-headers), which this one never does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from mock_sma.api.problems import problem
from mock_sma.sandbox.exchange import SAFE

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.delivery import Message, Receive, Scope

MAX_BODY = 5 * 1024 * 1024
"""Largest body of a control request [bytes]; a scenario document may have 4 MiB."""

SIMPLE = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
"""Content types that a page may send to another origin without asking."""

STRANGE = frozenset({b"cross-site", b"same-site"})
"""Values of ``Sec-Fetch-Site`` that name another site (Fetch Metadata)."""


def unfit(scope: Scope) -> Response | None:
    """Return the answer to a request that is refused for what its head says, or None."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    known = dict(headers)
    if sum(name == b"host" for name, _ in headers) > 1:
        return problem(400, "a request names one Host")
    if known.get(b"sec-fetch-site") in STRANGE and known.get(b"sec-fetch-mode") != b"navigate":
        return problem(403, "requests from pages of another site are refused")
    declared = known.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > MAX_BODY and not _bounds_itself(scope):
        return _too_large()
    if scope["method"] in SAFE:
        return None
    kind = known.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
    has_body = declared.strip(b"0") != b"" or b"transfer-encoding" in known
    if kind in SIMPLE or (has_body and not kind):
        return problem(415, f"send it as application/json, not as {kind or 'a body without a content type'}")
    return None


def _bounds_itself(scope: Scope) -> bool:
    """Tell whether a route has a bound of its own: a capsule holds a whole journal."""
    path: str = scope["path"]
    return path.endswith("/capsule")


def bounded(scope: Scope, receive: Receive) -> Receive:
    """Return ``receive``, which refuses a body that grows over :data:`MAX_BODY`."""
    if _bounds_itself(scope):
        return receive
    size = 0

    async def take() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise HTTPException(413, f"the body is larger than {MAX_BODY} bytes", {"connection": "close"})
        return message

    return take


def _too_large() -> Response:
    return problem(413, f"the body is larger than {MAX_BODY} bytes", headers={"connection": "close"})
