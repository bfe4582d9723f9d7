"""The commands that talk to a running server through its control API: logs, consents and clock."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, suppress
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.cli.command import URL_HELP, whole
from mock_sma.cli.health import place_at, place_configured
from mock_sma.cli.output import say, say_json
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.printable import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Iterator, Sequence

    from mock_sma.control import ControlClient
    from mock_sma.control.models import ClockState, Exchange

    Show = Callable[[Exchange, Sequence[str]], None]

BERLIN = ZoneInfo("Europe/Berlin")
TIMEOUT = 10.0
"""Time that an answer may take [s]."""


def add_logs(logs: ArgumentParser) -> None:
    """Add the options of the command logs."""
    _add_server(logs)
    logs.add_argument("--follow", "-f", action="store_true", help="keep running and show new requests, until Ctrl-C")
    logs.add_argument(
        "--limit", type=whole, default=20, metavar="N", help="number of past requests to show (default 20)"
    )
    logs.add_argument("--assets", action="store_true", help="show also what browsers fetch for pages: styles, icons")
    logs.add_argument("--json", action="store_true", help="print one JSON object per line")
    logs.set_defaults(run=_logs)


def add_consents(consents: ArgumentParser) -> None:
    """Add the options of the command consents."""
    _add_server(consents)
    consents.add_argument("event", nargs="?", choices=("accept", "reject", "revoke", "expire"), help="answer to give")
    consents.add_argument("email", nargs="?", metavar="EMAIL", help="e-mail address of the owner")
    consents.add_argument("--client", metavar="ID", help="only this client's consents")
    consents.set_defaults(run=_consents)


def add_clock(clock: ArgumentParser) -> None:
    """Add the options of the command clock."""
    _add_server(clock)
    words = ("freeze", "run", "advance", "set", "rate")
    clock.add_argument("do", nargs="?", choices=words, help="change to make")
    about = "advance: seconds, or a duration such as PT5M; set: a time, ISO 8601 with an offset; rate: a number"
    clock.add_argument("value", metavar="VALUE", nargs="?", help=about)
    clock.set_defaults(run=_clock)


def _add_server(command: ArgumentParser) -> None:
    command.add_argument("--url", help=URL_HELP)
    command.add_argument("--world", metavar="NAME", help="name of a world other than the default one")


@contextmanager
def control(arguments: dict[str, object]) -> Iterator[ControlClient]:
    """Give a client of the world that the options name.

    Raises:
        MockSmaError: nobody answers there, or the server refuses, with its reason.
    """
    # 100 ms that only these commands need.
    from mock_sma.control import ControlClient, ControlError  # noqa: PLC0415 - see above
    from mock_sma.http_library import httpx  # noqa: PLC0415 - see above

    url, world = arguments["url"], arguments["world"]
    place = place_configured(os.environ, []) if url is None else place_at(str(url))
    try:
        # Our own server, by the address that was given: not who it is matters.
        with ControlClient(place.origin, token=place.token, timeout=TIMEOUT, verify=False) as client:
            yield client.world(str(world)) if world else client
    except ControlError as error:
        raise MockSmaError(error.detail) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MockSmaError(f"no answer from {place.origin}: {error}; run mock-sma doctor to find out more") from None


def _logs(arguments: dict[str, object]) -> int:
    limit = int(str(arguments["limit"]))
    if not 0 <= limit <= 2_000:
        raise UsageError("--limit must be between 0 and 2000")
    show = _as_json if arguments["json"] else _as_line
    assets = bool(arguments["assets"])
    with control(arguments) as client:
        newest = client.requests(limit=max(limit, 1), assets=assets)
        marks = _marks(client)
        for entry in reversed(newest[:limit]):
            show(entry, marks.get(entry["id"], []))
        if arguments["follow"]:
            with suppress(KeyboardInterrupt):
                _follow(client, newest[0]["id"] if newest else None, show, assets=assets)
    return 0


def _follow(client: ControlClient, known: str | None, show: Show, *, assets: bool) -> None:
    """Show what comes after the exchange ``known``, with the findings that rest on it, until the server ends."""
    # The stream begins with the whole journal, so that nothing is lost between list and stream.
    for event in client.events(after=0, assets=assets):
        entries = event["exchanges"]
        if event["event"] == "reset":
            say("-- the world was reset --")
        places = [place for place, entry in enumerate(entries) if entry["id"] == known]
        fresh = entries[places[0] + 1 if places else 0 :]
        marks = _marks(client) if fresh else {}
        for entry in fresh:
            show(entry, marks.get(entry["id"], []))
        known = None
        sys.stdout.flush()


def _marks(client: ControlClient) -> dict[str, list[str]]:
    """Return by entry the ids of the findings that rest on it."""
    from mock_sma.control import ControlError  # noqa: PLC0415 - as above
    from mock_sma.http_library import httpx  # noqa: PLC0415 - as above

    marks: dict[str, list[str]] = {}
    # A server of before has none, and one that ends answers no more.
    with suppress(ControlError, httpx.TransportError):
        for finding in client.findings():
            for entry in finding["entries"]:
                marks.setdefault(entry, []).append(f"{finding['severity']}:{finding['id']}")
    return marks


def _as_json(entry: Exchange, marks: Sequence[str]) -> None:
    say_json(json.dumps({**entry, "findings": list(marks)}, ensure_ascii=False))


def _as_line(entry: Exchange, marks: Sequence[str]) -> None:
    target = entry["path"] + (f"?{entry['query']}" if entry["query"] else "")
    why = entry["why"][-1]["text"] if entry["why"] else ""
    client = entry["client_id"] or "-"
    shown = f"  [{', '.join(marks)}]" if marks else ""
    say(printable(f"{_local(entry['at'])}  {entry['status']}  {entry['method']} {target}  {client}  {why}{shown}"))


def _local(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(BERLIN):%Y-%m-%d %H:%M:%S}"


def _consents(arguments: dict[str, object]) -> int:
    event, email, client_id = arguments["event"], arguments["email"], arguments["client"]
    if (event is None) != (email is None):
        raise UsageError(
            "give both an answer and the owner's e-mail address, or neither: mock-sma consents accept owner@example.org"
        )
    with control(arguments) as client:
        if event is None:
            records = client.consents()
        else:
            answer = getattr(client, str(event))
            records = answer(str(email), None if client_id is None else str(client_id))
    for record in records:
        if event is None and client_id not in (None, record["client_id"]):
            continue
        story = ", ".join(f"{change['event']} {_local(change['at'])}" for change in record["history"])
        say(printable(f"{record['state']:<9} {record['loginHint']}  {record['client_id']}  {story}"))
    if not records:
        say("no consent has been requested yet")
    return 0


def _clock(arguments: dict[str, object]) -> int:
    do, value = arguments["do"], arguments["value"]
    if (value is None) == (do in ("advance", "set", "rate")):
        raise UsageError("advance, set and rate need a value; freeze and run take none")
    with control(arguments) as client:
        state = client.clock() if do is None else _moved(client, str(do), str(value))
    pace = "frozen" if state["frozen"] else f"{state['rate']:g} s per second"
    say(f"{state['now']}  {pace}")
    return 0


def _moved(client: ControlClient, do: str, value: str) -> ClockState:
    if do == "advance":
        seconds = _number(value)
        return client.advance(duration=value) if seconds is None else client.advance(seconds)
    if do == "set":
        return client.set_clock(now=value)
    if do == "rate":
        rate = _number(value)
        if rate is None:
            raise UsageError(f"{value!r} is not a rate; give emulated seconds per real second, such as 60")
        return client.set_clock(rate=rate)
    return client.set_clock(frozen=do == "freeze")


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
