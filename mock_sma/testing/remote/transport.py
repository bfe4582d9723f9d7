"""The way to a server elsewhere.

Python's own HTTP client, since respx answers every transport of httpx while a test runs.
"""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_sma.errors import UsageError
from mock_sma.http_library import httpx

if TYPE_CHECKING:
    from collections.abc import Iterable


class DirectTransport(httpx.BaseTransport):
    """Leads every request to one server, whatever host it is for; that host's name stays in the Host header.

    Args:
        url: origin of the server.

    Raises:
        UsageError: the URL is none.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:  # a bracket that nobody closes, a port that is none
            host = port = None
        if not host or parts.scheme not in ("http", "https") or parts.path.strip("/"):
            raise UsageError(f"{url!r} is not the address of a server such as http://127.0.0.1:8080")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port = host, port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the server's answer.

        Raises:
            httpx.TransportError: as the connection ended.
        """
        timeout = (request.extensions.get("timeout") or {}).get("read")
        connection = self._kind(self._host, self._port, timeout=timeout)
        try:
            _connect(connection, request)
            _send(connection, request)
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


def _connect(connection: HTTPConnection, request: httpx.Request) -> None:
    try:
        connection.connect()
    except OSError as error:
        raise httpx.ConnectError(str(error), request=request) from None


def _send(connection: HTTPConnection, request: httpx.Request) -> None:
    target = request.url.raw_path.decode("ascii")
    connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in request.headers.raw:
        connection.putheader(name.decode("latin-1"), value)
    connection.endheaders(request.read() or None)


def _raw(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
