"""Error bodies (RFC 6749 section 5.2; docs/decisions.md, Errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mock_sma.sandbox.exchange import HTML, Answer

if TYPE_CHECKING:
    from mock_sma.errors import ApiError

GATEWAY_TIMEOUT = (
    b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n"
    b"<center><h1>504 Gateway Time-out</h1></center>\r\n</body>\r\n</html>\r\n"
)


def error_answer(error: ApiError) -> Answer:
    """Return the answer of an error.

    ``{"error","error_description"}`` where it has an OAuth code, else ``{"message","code"}``, the
    code being the status as a text.
    """
    if error.error is not None:
        content = {"error": error.error}
        if error.message:
            content["error_description"] = error.message
    else:
        content = {"message": error.message, "code": str(error.status)}
    if error.status == 308:
        content = {}  # a migrated id answers with an empty body
    headers = tuple((name.encode(), value.encode()) for name, value in error.headers)
    return Answer(orjson.dumps(content) if content else b"", error.status, headers=headers)


def empty_404() -> Answer:
    """Return the auth hosts' answer to an unknown path: 404 with 0 bytes (observed)."""
    return Answer(b"", 404)


def gateway_timeout() -> Answer:
    """Return the HTML 504 of SMA's gateway (observed)."""
    return Answer(GATEWAY_TIMEOUT, 504, HTML)
