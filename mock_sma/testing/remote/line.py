"""The line to a server elsewhere.

Python's own client, since respx answers every httpx client of the process while a test runs.
"""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import httpx

from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

TIMEOUT = 30.0
"""Longest wait for an answer of the control API [s]."""


class Channel(Protocol):
    """Asks the control API of one world."""

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        """Return what it answers; raises as :meth:`Line.control`."""


class Line:
    """Requests to one server.

    Args:
        url: its origin.
        token: its control token; None: it has none.

    Raises:
        UsageError: the URL is none.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:  # a bracket that nobody closes, a port that is none
            host = port = None
        if not host or parts.scheme not in ("http", "https") or parts.path.strip("/"):
            raise UsageError(f"{url!r} is no origin of a server, such as http://127.0.0.1:8080")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._host, self._port = host, port
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def _connection(self, timeout: float | None) -> HTTPConnection:
        kind = HTTPSConnection if self._secure else HTTPConnection
        return kind(self._host, self._port, timeout=timeout)

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Return what the control API answers; None where it has nothing to say.

        Raises:
            UsageError: it refuses, or nobody answers.
        """
        connection = self._connection(TIMEOUT)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"/_mock{path}", content, self._headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException) as error:
            raise UsageError(f"no mock-sma answers on {self.url}: {error}") from None
        finally:
            connection.close()
        if answer.status >= 400:
            raise UsageError(f"{self.url}/_mock{path}: {answer.status} {_detail(text)}")
        return json.loads(text) if text else None

    def forward(self, request: httpx.Request) -> httpx.Response:
        """Return the server's answer to a request for one of SMA's hosts, whose name stays in the Host header.

        Raises:
            httpx.TransportError: as the connection ended.
        """
        timeout = (request.extensions.get("timeout") or {}).get("read")
        connection = self._connection(timeout)
        try:
            connection.putrequest(
                request.method, request.url.raw_path.decode("ascii"), skip_host=True, skip_accept_encoding=True
            )
            for name, value in request.headers.raw:
                connection.putheader(name.decode("latin-1"), value)
            connection.endheaders(request.content or None)
            answer = connection.getresponse()
            body = answer.read()
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error), request=request) from None
        except HTTPException as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from None
        except OSError as error:
            raise httpx.ReadError(str(error), request=request) from None
        finally:
            connection.close()
        return httpx.Response(answer.status, headers=_raw(answer.getheaders()), content=body, request=request)


def _raw(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _detail(text: bytes) -> str:
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return text[:200].decode("utf-8", "replace")
