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

from mock_sma.cli.health import place_at, place_configured
from mock_sma.errors import MockSmaError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from mock_sma.control import ControlClient
    from mock_sma.control.models import ClockState, Exchange

BERLIN = ZoneInfo("Europe/Berlin")
TIMEOUT = 10.0
"""Time that an answer may take [s]."""


def add_remote_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser of all commands."""
    logs = _command(commands, "logs", "show the exchanges of a running server, and why each was answered so")
    logs.add_argument("--follow", "-f", action="store_true", help="go on with what comes, until Ctrl-C")
    logs.add_argument("--limit", type=int, default=20, metavar="N", help="newest exchanges to begin with (default 20)")
    logs.add_argument("--json", action="store_true", help="one JSON object a line")
    logs.set_defaults(run=_logs)
    consents = _command(commands, "consents", "list a running server's consents, or answer in an owner's place")
    consents.add_argument("event", nargs="?", choices=("accept", "reject", "revoke", "expire"), help="what to do")
    consents.add_argument("email", nargs="?", help="of the owner")
    consents.add_argument("--client", metavar="ID", help="of one client only")
    consents.set_defaults(run=_consents)
    clock = _command(commands, "clock", "show, freeze, move or set a running server's clock")
    words = ("freeze", "run", "advance", "set", "rate")
    clock.add_argument("do", nargs="?", choices=words, help="what to do")
    clock.add_argument("value", nargs="?", help="advance: seconds or PT5M; set: ISO 8601 with offset; rate: a number")
    clock.set_defaults(run=_clock)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=about)
    made.add_argument("--url", help="of the server (default: where the settings say)")
    made.add_argument("--world", metavar="NAME", help="a world besides the default one")
    return made


@contextmanager
def control(arguments: dict[str, object]) -> Iterator[ControlClient]:
    """Give a client of the world that the options name.

    Raises:
        MockSmaError: nobody answers there, or the server refuses, with its reason.
    """
    # 100 ms that only these commands need.
    import httpx  # noqa: PLC0415 - see above

    from mock_sma.control import ControlClient, ControlError  # noqa: PLC0415 - see above

    url, world = arguments["url"], arguments["world"]
    place = place_configured(os.environ, []) if url is None else place_at(str(url))
    try:
        # Our own server, by the address that was given: not who it is matters.
        with ControlClient(place.origin, token=place.token, timeout=TIMEOUT, verify=False) as client:
            yield client.world(str(world)) if world else client
    except ControlError as error:
        raise MockSmaError(error.detail) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MockSmaError(f"no answer from {place.origin}: {error}; mock-sma doctor tells more") from None


def _logs(arguments: dict[str, object]) -> int:
    limit = int(str(arguments["limit"]))
    if not 0 <= limit <= 2_000:
        raise UsageError("--limit is between 0 and 2000")
    show = _as_json if arguments["json"] else _as_line
    with control(arguments) as client:
        newest = client.requests(limit=max(limit, 1))
        for entry in reversed(newest[:limit]):
            show(entry)
        if arguments["follow"]:
            with suppress(KeyboardInterrupt):
                _follow(client, newest[0]["id"] if newest else None, show)
    return 0


def _follow(client: ControlClient, known: str | None, show: Callable[[Exchange], None]) -> None:
    """Show what comes after the exchange ``known``, until the server ends."""
    # The stream begins with the whole journal, so that nothing is lost between list and stream.
    for event in client.events(after=0):
        entries = event["exchanges"]
        if event["event"] == "reset":
            sys.stdout.write("-- the world began anew --\n")
        places = [place for place, entry in enumerate(entries) if entry["id"] == known]
        for entry in entries[places[0] + 1 if places else 0 :]:
            show(entry)
        known = None
        sys.stdout.flush()


def _as_json(entry: Exchange) -> None:
    sys.stdout.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _as_line(entry: Exchange) -> None:
    target = entry["path"] + (f"?{entry['query']}" if entry["query"] else "")
    why = entry["why"][-1]["text"] if entry["why"] else ""
    client = entry["client_id"] or "-"
    sys.stdout.write(_plain(f"{_local(entry['at'])}  {entry['status']}  {entry['method']} {target}  {client}  {why}"))


def _plain(text: str) -> str:
    """Return one line without control characters: what a client sent must not steer the terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text) + "\n"


def _local(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(BERLIN):%Y-%m-%d %H:%M:%S}"


def _consents(arguments: dict[str, object]) -> int:
    event, email, client_id = arguments["event"], arguments["email"], arguments["client"]
    if (event is None) != (email is None):
        raise UsageError(
            "name both what to do and the owner's e-mail, or neither: mock-sma consents accept owner@x.org"
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
        sys.stdout.write(_plain(f"{record['state']:<9} {record['loginHint']}  {record['client_id']}  {story}"))
    if not records:
        sys.stdout.write("no consent was ever asked for\n")
    return 0


def _clock(arguments: dict[str, object]) -> int:
    do, value = arguments["do"], arguments["value"]
    if (value is None) == (do in ("advance", "set", "rate")):
        raise UsageError("advance, set and rate want one value; freeze and run want none")
    with control(arguments) as client:
        state = client.clock() if do is None else _moved(client, str(do), str(value))
    pace = "frozen" if state["frozen"] else f"{state['rate']:g} s per second"
    sys.stdout.write(f"{state['now']}  {pace}\n")
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
            raise UsageError(f"{value!r} is no rate: emulated seconds per second, such as 60")
        return client.set_clock(rate=rate)
    return client.set_clock(frozen=do == "freeze")


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
