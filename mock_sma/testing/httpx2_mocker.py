"""httpx2 for respx: the same routes, with the exceptions of httpx2."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx
import httpx2
from respx.mocks import HTTPCoreMocker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


class Httpx2Mocker(HTTPCoreMocker):
    """Answers the connection pools of httpx2."""

    # pytest forgets modules that an inner run of it has imported, respx no name that it has seen.
    name = f"mock-sma httpx2 {len(HTTPCoreMocker.registry)}"
    targets = [target.replace("httpcore.", "httpcore2.", 1) for target in HTTPCoreMocker.targets]  # noqa: RUF012 - respx's

    @classmethod
    def _send_sync_request(cls, httpx_request: httpx.Request, **more: Any) -> Any:
        with _translated():
            return super()._send_sync_request(httpx_request, **more)  # type: ignore[no-untyped-call]

    @classmethod
    async def _send_async_request(cls, httpx_request: httpx.Request, **more: Any) -> Any:
        with _translated():
            return await super()._send_async_request(httpx_request, **more)  # type: ignore[no-untyped-call]

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: httpx.Response, target: Any, **more: Any) -> Any:  # noqa: ARG003
        """Return an answer of a route as the pool gives it."""
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=_Stream(httpx_response.stream),
            extensions=httpx_response.extensions,
        )


class _Stream:
    """A body that ends with an exception of httpx2 where it ended with one of httpx."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for part in self._stream:
                yield part


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise getattr(httpx2, type(error).__name__)(str(error)) from None
