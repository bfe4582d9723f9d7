"""What a failed test shows: the last exchanges, why they ended as they did, and how to ask again."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.sandbox.explain.credentials import had_basic, wants_token
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.sandbox.secrets import MASK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.sandbox.world.entry import Entry

SHOWN = 10
"""Exchanges in a report; the journal has the others."""

_BERLIN = ZoneInfo("Europe/Berlin")
_WIDTH = 78


def failure_report(entries: Sequence[Entry], origin: str | None = None) -> str:
    """Return the text of the section ``mock-sma``.

    Args:
        entries: a world's journal, oldest first.
        origin: of the server, such as ``http://127.0.0.1:49152``; None: SMA's own hosts were asked.
    """
    shown = list(entries)[-SHOWN:]
    if not shown:
        return "nothing was asked of mock-sma"
    first = len(entries) - len(shown) + 1
    rows = [
        (
            str(first + index),
            f"{datetime.fromtimestamp(entry.at, UTC).astimezone(_BERLIN):%Y-%m-%d %H:%M:%S}",
            entry.method,
            _target(entry),
            str(entry.status),
            outcome(entry),
            entry.client_id or "-",
        )
        for index, entry in enumerate(shown)
    ]
    head = ("#", "emulated time", "method", "path", "status", "", "client")
    widths = [min(_WIDTH, max(len(row[column]) for row in (head, *rows))) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    lines = [line.rstrip() for line in lines]
    if first > 1:
        lines.insert(1, f"   … {first - 1} earlier ones: sandbox.requests")
    for index, entry in enumerate(shown):
        lines += ["", f"{first + index} {entry.method} {entry.path}: {entry.status} {outcome(entry)}".rstrip()]
        lines += [f"  why:  {step}" if at == 0 else f"        {step}" for at, step in enumerate(entry.why)]
        lines.append(f"  curl: {curl(entry, origin)}")
    return "\n".join(lines)


def outcome(entry: Entry) -> str:
    """Return ``refused`` or ``empty`` where an exchange is worth a second look, else nothing."""
    if entry.status >= 400:
        return "refused"
    return "empty" if _is_empty(entry) else ""


def _is_empty(entry: Entry) -> bool:
    if entry.status != 200:
        return False
    body = entry.json
    return isinstance(body, dict) and any(value == [] for value in body.values())


def curl(entry: Entry, origin: str | None = None) -> str:
    """Return a command that asks the same again; secrets are masked, as they are in the journal.

    Args:
        entry: of a journal.
        origin: of the server; None: the host that was asked.
    """
    base = origin or f"{'https' if entry.host in SMA_HOSTS else 'http'}://{entry.host}"
    words = ["curl", "-sS"]
    if entry.method != ("POST" if entry.request_body else "GET"):
        words += ["-X", entry.method]
    if entry.client_id is not None and (entry.operation is None or wants_token(entry)):
        words += ["-H", f"Authorization: Bearer {MASK}"]
    elif had_basic(entry):
        words += ["-u", f"{entry.client_id}:{MASK}"]
    if entry.request_body:
        body = entry.request_body.decode("utf-8", "replace")
        if body.lstrip()[:1] in ("{", "[", '"'):
            words += ["-H", "Content-Type: application/json"]
        words += ["-d", body]
    words.append(base + entry.path + (f"?{entry.query}" if entry.query else ""))
    return shlex.join(words)


def _target(entry: Entry) -> str:
    text = entry.path + (f"?{entry.query}" if entry.query else "")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
