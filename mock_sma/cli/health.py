"""The command health: ask the server of this machine or container whether it answers. It needs no curl."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from mock_sma.cli.command import URL_HELP
from mock_sma.cli.output import say
from mock_sma.errors import MockSmaError, UsageError

TIMEOUT = 2.0
"""Time that an answer may take [s]; a container's check gives up after three."""

FIRST_PROCESS = Path("/proc/1/cmdline")
"""In a container the first process is the server; its options win over the environment."""


class ServerPlace(NamedTuple):
    """Where a server answers."""

    scheme: str
    host: str
    port: int
    token: str | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def add_health(health: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    health.add_argument("url", metavar="URL", nargs="?", help=URL_HELP)
    health.add_argument(
        "--ready",
        action="store_true",
        help="ask whether it can answer all requests: not where its state is out of reach",
    )
    health.set_defaults(run=_health)


def _health(arguments: dict[str, object]) -> int:
    url = arguments["url"]
    place = place_configured(os.environ, serve_options(FIRST_PROCESS)) if url is None else place_at(str(url))
    try:
        status, body = ask(place, "/_mock/ready" if arguments["ready"] else "/_mock/health")
    except OSError as error:
        raise MockSmaError(f"no answer from {place.origin}: {error or type(error).__name__}") from None
    said = _said(body)
    if status != 200:
        raise MockSmaError(f"{place.origin} answers {status}: {said.get('detail', body[:200])}")
    if "status" not in said:
        raise MockSmaError(f"{place.origin} is not mock-sma: {body[:100]!r}")
    say(f"{place.origin} {said['status']}")
    return 0


def _said(body: str) -> dict[str, object]:
    """Return the members of an answer; none where it is not mock-sma's."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def serve_options(cmdline: Path) -> list[str]:
    """Return the arguments behind ``serve`` of the process behind a ``/proc`` file; none of another program's."""
    try:
        words = cmdline.read_bytes().decode("utf-8", "replace").split("\0")[:-1]
    except OSError:
        return []
    ours = any(Path(word).name.startswith("mock") and "sma" in word for word in words)
    return words[words.index("serve") + 1 :] if ours and "serve" in words else []


def place_configured(environment: os._Environ[str] | dict[str, str], options: list[str]) -> ServerPlace:
    """Return where a server with these settings answers.

    Raises:
        UsageError: the port is one that only the server knows.
    """
    told = {name.upper(): text for name, text in environment.items()}  # in any case, as the server reads them
    reader = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    for name, default in {
        "host": "127.0.0.1",
        "port": "8080",
        "control-token": "",
        "tls": "",
        "tls-cert": "",
    }.items():
        variable = f"MOCK_SMA_{name.replace('-', '_').upper()}"
        reader.add_argument(f"--{name}", default=told.get(variable) or default)
    found = vars(reader.parse_known_args(options)[0])
    try:
        port = int(found["port"])
    except ValueError:
        source = "--port" if any(word.startswith("--port") for word in options) else "MOCK_SMA_PORT"
        raise UsageError(f"{source} is not a number: {found['port']!r}") from None
    if port == 0:
        raise UsageError("with port 0 the server picks its own port; give the URL from its ready line")
    secure = found["tls"] or found["tls_cert"]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(found["host"], found["host"])  # noqa: S104 - compared, not bound
    return ServerPlace("https" if secure else "http", host, port, found["control_token"] or None)


def place_at(url: str) -> ServerPlace:
    """Return the place that a URL names.

    Raises:
        UsageError: it is no address of a server.
    """
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:  # a bracket that nobody closes, a port that is none
        raise UsageError(f"{url!r} is not a server address such as http://127.0.0.1:8080: {error}") from None
    if scheme not in ("http", "https") or not host:
        raise UsageError(f"{url!r} is not a server address such as http://127.0.0.1:8080")
    return ServerPlace(
        scheme, host, port or (443 if scheme == "https" else 80), os.environ.get("MOCK_SMA_CONTROL_TOKEN")
    )


def ask(place: ServerPlace, path: str = "/_mock/health") -> tuple[int, str]:
    """Return status and body of what the server says of itself.

    Raises:
        OSError: nobody answers there, or in another language.
    """
    # Here, since every command is loaded with this module, and only this one needs these 30 ms.
    import http.client  # noqa: PLC0415 - see above
    import ssl  # noqa: PLC0415 - see above

    connection: http.client.HTTPConnection
    if place.scheme == "https":
        # Whether somebody answers is asked here, not who: the certificate may be for SMA's names only.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(place.host, place.port, timeout=TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(place.host, place.port, timeout=TIMEOUT)
    headers = {"Authorization": f"Bearer {place.token}"} if place.token else {}
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")
    except http.client.HTTPException as error:
        raise OSError(f"{type(error).__name__}: {error}") from None
    finally:
        connection.close()
