"""The report of a journal as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.printable import printable
from mock_sma.report.again import curl
from mock_sma.report.remedy import remedy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.verdicts.finding import Finding

SHOWN = 10
"""Exchanges in a report; the journal has the others."""

BEGINNING = 200
"""How much of an answer's body is shown [characters]."""

ENDED = """\
This world has ended. To ask again, start a server:  {}
and run a command below with a client's id and secret in MOCK_SMA_CLIENT_ID and MOCK_SMA_CLIENT_SECRET, and the server's
address in MOCK_SMA_URL if it is another than http://127.0.0.1:8080."""
"""What is said of a world that is no longer there, with the command that begins one."""

_BERLIN = ZoneInfo("Europe/Berlin")
_WIDTH = 78
_HEAD = ("#", "emulated time", "method", "path", "status", "", "client")


def failure_report(
    entries: Sequence[Entry],
    origin: str | None = None,
    limit: int = SHOWN,
    *,
    ended: str | None = None,
    findings: Sequence[Finding] = (),
    refused: bool = False,
) -> str:
    """Return what a failed test shows.

    Args:
        entries: a world's journal, oldest first; what a browser fetched for pages (styles, icons) is left out.
        origin: the origin of the emulator, such as ``http://127.0.0.1:49152``; None: the world is in a test process,
            where nothing but its test can ask it.
        ended: the command that begins a server to ask again, where the world ends with its test or program.
        limit: exchanges that are shown, the last ones.
        findings: on the client of the journal; all are shown.
        refused: only what was refused, has moved or is empty.
    """
    entries = [entry for entry in entries if not entry.is_asset]
    if not entries:
        return "nothing was asked of mock-sma"
    if refused:
        total, entries = len(entries), [entry for entry in entries if outcome(entry)]
        if not entries:
            return f"none of {total} exchanges was refused or led elsewhere, and no list of theirs is empty"
    shown = entries[-limit:]
    first = len(entries) - len(shown) + 1
    lines = list(_table(shown, first))
    if ended is not None:
        lines += ["", *ENDED.format(ended).splitlines()]
    for number, entry in enumerate(shown, first):
        lines += ["", *_exchange(number, entry, origin)]
    if findings:
        from mock_sma.findings.formats import lines as lines_of  # noqa: PLC0415 - a leaf, loaded where there are any

        lines += ["", f"findings on the client: {len(findings)}"]
        lines += [line for item in findings for line in lines_of(item)]
    return "\n".join(map(printable, lines))


def _table(shown: Sequence[Entry], first: int) -> Iterator[str]:
    rows = [_HEAD, *(_row(number, entry) for number, entry in enumerate(shown, first))]
    widths = [min(_WIDTH, max(map(len, column))) for column in zip(*rows, strict=True)]
    for index, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if index == 0 and first > 1:
            yield f"   … {first - 1} earlier ones are in the journal"


def _row(number: int, entry: Entry) -> tuple[str, ...]:
    time = f"{datetime.fromtimestamp(entry.at, UTC).astimezone(_BERLIN):%Y-%m-%d %H:%M:%S}"
    target = _cut(entry.path + (f"?{entry.query}" if entry.query else ""), _WIDTH)
    return str(number), time, entry.method, target, str(entry.status), outcome(entry), entry.client_id or "-"


def _exchange(number: int, entry: Entry, origin: str | None) -> Iterator[str]:
    yield f"{number} {entry.method} {entry.path}: {entry.status} {outcome(entry)}".rstrip()
    for index, step in enumerate(entry.why):
        yield f"  why:  {step}" if index == 0 else f"        {step}"
    if outcome(entry):
        yield f"  fix:  {remedy(entry)}"
    yield f"  body: {_cut(entry.response_body.decode('utf-8', 'replace'), BEGINNING) or '(empty)'}"
    yield f"  curl: {curl(entry, origin)}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def outcome(entry: Entry) -> str:
    """Return ``refused``, ``moved`` or ``empty`` where an exchange is worth a second look, else nothing."""
    if entry.status >= 400:
        return "refused"
    if entry.status == 308:
        return "moved"
    return "empty" if _is_empty(entry) else ""


def _is_empty(entry: Entry) -> bool:
    if entry.status != 200:
        return False
    body = entry.json
    return isinstance(body, dict) and any(value == [] for value in body.values())
