"""Bodies that the control API reads by itself: bounded, and of a known content type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import HTTPException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request


async def bounded_body(request: Request, limit: int) -> bytes:
    """Return a request's body.

    Raises:
        HTTPException: 413, it is larger than ``limit`` bytes.
    """
    refusal = HTTPException(413, f"the body is larger than {limit} bytes", {"connection": "close"})
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise refusal
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise refusal
        chunks.append(chunk)
    return b"".join(chunks)


def format_of(request: Request, known: Mapping[str, str]) -> str:
    """Return what ``known`` says of a request's content type.

    Raises:
        HTTPException: 415, it is another one.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        return known[given]
    except KeyError:
        kinds = " or ".join(dict.fromkeys(f"application/{name}" for name in known.values()))
        raise HTTPException(415, f"send it as {kinds}, not as {given or 'a body without a content type'}") from None
