"""The control API of a server elsewhere, with the errors that a world of this process raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mock_sma.control import ControlClient, ControlError
from mock_sma.errors import ConflictError, UnknownError, UsageError
from mock_sma.http_library import httpx
from mock_sma.testing.remote.transport import DirectTransport

if TYPE_CHECKING:
    from mock_sma.control.call import ControlCall

Result = TypeVar("Result")

KINDS: dict[int, type[UsageError]] = {404: UnknownError, 409: ConflictError}
"""Errors by the status of a refusal; every other one is a plain :class:`UsageError`."""


class Line(ControlClient):
    """A control client that reaches its server while respx answers all others.

    Args:
        url: origin of the server.
        token: its control token; None: it has none.

    Attributes:
        forward: leads a request for one of SMA's hosts to the server.

    Raises:
        UsageError: the URL is none.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        transport = DirectTransport(url)
        super().__init__(transport.url, token=token, transport=transport)
        self.url = transport.url
        self.forward = transport.handle_request

    def send(self, call: ControlCall[Result]) -> Result:
        """Send a call and return what its answer says.

        Raises:
            UsageError: the server refuses, or nobody answers.
        """
        try:
            return super().send(call)
        except ControlError as error:
            kind = KINDS.get(error.status, UsageError)
            raise kind(f"{self.url}/_mock{call.path}: {error.status} {error.detail}") from None
        except httpx.TransportError as error:
            raise UsageError(f"no mock-sma answers on {self.url}: {error}") from None
