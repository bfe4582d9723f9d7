"""The command doctor: what is wrong with a set-up, and what to do about it."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_sma.cli.command import URL_HELP
from mock_sma.cli.health import ServerPlace, place_at, place_configured
from mock_sma.cli.output import put_line
from mock_sma.clock import system_time
from mock_sma.domain.reading import nearest
from mock_sma.frozen import frozen
from mock_sma.printable import printable
from mock_sma.settings import SETTINGS, variable
from mock_sma.version import __version__

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator, Mapping

TIMEOUT = 5.0
"""Time that each question may take [s]."""

HOSTS = Path("/etc/hosts")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@frozen
class Diagnosis:
    """One line: ``ok``, ``note`` or ``FAIL``, what it is about, and what was found."""

    verdict: str
    about: str
    text: str


def add_doctor(doctor: ArgumentParser) -> None:
    """Add the options of the command."""
    doctor.add_argument("url", metavar="URL", nargs="?", help=URL_HELP)
    doctor.set_defaults(run=_doctor)


def _doctor(arguments: dict[str, object]) -> int:
    url = arguments["url"]
    place = place_configured(os.environ, []) if url is None else place_at(str(url))
    bad = False
    for finding in examine(place, os.environ, HOSTS):
        bad = bad or finding.verdict == "FAIL"
        put_line(printable(f"{finding.verdict:<4}  {finding.about}: {finding.text}"))
    return int(bad)


def examine(place: ServerPlace, environment: Mapping[str, str], hosts: Path) -> Iterator[Diagnosis]:
    """Yield what is found, from the machine to the server's clock; after a failure only what does not need it."""
    yield from _variables(environment)
    yield from _proxies(place, environment)
    yield from _names(hosts)
    address = _resolve(place)
    yield address
    if address.verdict != "FAIL":
        yield from _server(place)


def _variables(environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    known = [variable(name) for name in SETTINGS]
    known += ["MOCK_SMA_CHROMIUM", "MOCK_SMA_SHOTS"]
    known += [f"MOCK_SMA_{name}" for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "LEAD")]
    for name in sorted(environment):
        if name.upper().startswith("MOCK_SMA_") and name.upper() not in known:
            yield Diagnosis("note", "settings", f"{name} is not a setting{nearest(name.upper(), known)}")


def _proxies(place: ServerPlace, environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    found = [name for name in PROXIES for spelt in (name, name.lower()) if environment.get(spelt)]
    if not found:
        yield Diagnosis("ok", "proxy", "no proxy variables are set")
        return
    spared = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    hosts = [item.strip().lstrip(".").lower() for item in spared.split(",")]
    names = ", ".join(dict.fromkeys(found))
    if "*" in hosts or any(host and (place.host == host or place.host.endswith(f".{host}")) for host in hosts):
        yield Diagnosis("ok", "proxy", f"{names} set, but NO_PROXY excludes {place.host}")
    else:
        yield Diagnosis(
            "FAIL", "proxy", f"{names} set: clients send requests for {place.host} to it; add {place.host} to NO_PROXY"
        )


def _names(hosts: Path) -> Iterator[Diagnosis]:
    # The operations' hosts, read without asking a name server: SMA's own is not to be troubled.
    from mock_sma.sandbox.hosts import SMA_HOSTS  # noqa: PLC0415 - 30 ms that other commands need not pay

    try:
        lines = hosts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    words = [line.partition("#")[0].split() for line in lines]
    mapped = {name.lower(): item[0] for item in words if item for name in item[1:]}
    ours = [name for name in SMA_HOSTS if name in mapped]
    if ours:
        yield Diagnosis("note", "names", f"{hosts} maps {', '.join(f'{name} to {mapped[name]}' for name in ours)}")
    else:
        yield Diagnosis("ok", "names", f"{hosts} maps none of SMA's host names; clients must use this server's URLs")


def _resolve(place: ServerPlace) -> Diagnosis:
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError as error:
        return Diagnosis("FAIL", "host", f"{place.host} cannot be resolved ({error.strerror or error}); use 127.0.0.1")
    failures = []
    for family, kind, protocol, _, address in dict.fromkeys(found):
        with socket.socket(family, kind, protocol) as probe:
            probe.settimeout(TIMEOUT)
            try:
                probe.connect(address)
            except OSError as error:
                failures.append(f"{address[0]} ({error.strerror or error})")
                continue
        if failures:
            text = f"{place.host} is also {', '.join(failures)}; clients that try that first lose time"
            return Diagnosis("note", "port", f"{place.port} answers at {address[0]}, but {text}; use {address[0]}")
        return Diagnosis("ok", "port", f"{place.port} answers at {address[0]}")
    advice = f"start the server: mock-sma serve --port {place.port}"
    return Diagnosis("FAIL", "port", f"nothing is listening on {place.port}: {', '.join(failures)}; {advice}")


def _server(place: ServerPlace) -> Iterator[Diagnosis]:
    from mock_sma.http_library import httpx  # noqa: PLC0415 - 100 ms that other commands need not pay

    if place.scheme == "https":
        yield _certificate(place)
    headers = {"authorization": f"Bearer {place.token}"} if place.token else {}
    with httpx.Client(base_url=place.origin, headers=headers, timeout=TIMEOUT, verify=False, trust_env=False) as http:
        try:
            health = http.get("/_mock/health")
        except httpx.HTTPError as error:
            other = "http" if place.scheme == "https" else "https"
            yield Diagnosis("FAIL", "server", f"no HTTP answer ({error}); does the server use {other}?")
            return
        finding = _control(health)
        yield finding
        if finding.verdict == "FAIL":
            return
        yield _clock(http.get("/_mock/clock").json())
        yield _vendor(http.get("/v1/plants"))


def _certificate(place: ServerPlace) -> Diagnosis:
    import ssl  # noqa: PLC0415 - as above

    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((place.host, place.port), timeout=TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=place.host) as secure,
        ):
            return Diagnosis("ok", "TLS", f"{secure.version()}, and the certificate of {place.host} is trusted")
    except ssl.SSLCertVerificationError as error:
        advice = "clients must trust the authority named in the server's ready line"
        return Diagnosis("note", "TLS", f"the certificate is not trusted here ({error.verify_message}); {advice}")
    except OSError as error:
        return Diagnosis("FAIL", "TLS", f"no TLS ({error}); use http://{place.host}:{place.port}")


def _control(response: Any) -> Diagnosis:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Diagnosis("FAIL", "server", "another program is using this port; choose another port for mock-sma")
    if response.status_code == 401:
        return Diagnosis("FAIL", "token", "the server requires its control token; set MOCK_SMA_CONTROL_TOKEN")
    if response.status_code == 403:
        return Diagnosis("FAIL", "host name", str(body.get("detail", "the control API does not answer to this name")))
    version = body.get("version")
    if response.status_code != 200 or version is None:
        return Diagnosis("FAIL", "server", f"it answers {response.status_code} to /_mock/health; this is not mock-sma")
    if version != __version__:
        return Diagnosis("note", "server", f"the server runs mock-sma {version}, this is {__version__}")
    return Diagnosis("ok", "server", f"mock-sma {version}")


def _clock(state: dict[str, Any]) -> Diagnosis:
    apart = datetime.fromisoformat(state["now"]).timestamp() - system_time()
    pace = "frozen, so nothing expires or arrives by itself" if state["frozen"] else f"{state['rate']:g} s per second"
    if abs(apart) < 60:
        return Diagnosis("ok", "clock", f"{state['now']}, {pace}")
    side = "ahead of" if apart > 0 else "behind"
    text = f"{state['now']}, {abs(apart) / 86_400:.1f} days {side} this machine's, {pace}"
    return Diagnosis("note", "clock", f"{text}; clients that compare a token's exp with their own clock will notice")


def _vendor(response: Any) -> Diagnosis:
    if "x-mock-sma-request-id" in response.headers:
        return Diagnosis("ok", "vendor API", f"answers ({response.status_code} without a token, as it should)")
    return Diagnosis("FAIL", "vendor API", f"{response.status_code} without X-Mock-SMA-Request-Id: not this emulator")
