"""The page ``docs/fidelity.md``, made from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.fidelity.ledger import KINDS, NEVER, Standing
from mock_sma.fidelity.witnessed import witnesses

if TYPE_CHECKING:
    from mock_sma.fidelity.ledger import Ledger, LedgerRow

HEAD = """# How sure we are

This page is made from `mock_sma/fidelity/ledger.toml`; change that and run
`make generated`. Nothing here has been compared with SMA's servers directly.
A running server gives the same rows as JSON at `/_mock/fidelity` (`?kind=field&standing=assumed&name=log`), and its
OpenAPI document carries them as `x-fidelity`. `seen` says when the evidence was seen, from first to last, and
`confirmed` how many independent collections of real answers agree ([real traffic](real-data.md)).

| standing | means |
|---|---|
| documented | SMA says so, in its FAQ or on its developer pages, or a third party quotes its swagger document |
| observed | it was seen in an answer of the real service that somebody recorded |
| inferred | it follows from something documented or observed, or public client programs rely on it |
| assumed | nothing is known; this is a choice, often with a switch: [decisions](decisions.md) give the reasons |
"""

TITLES = {
    "operation": ("Operations", "by id"),
    "parameter": ("Parameters", "of an operation, or of all operations of an API"),
    "status": (
        "Statuses",
        "of an operation, or of an API; `other` is what answers requests that no operation takes",
    ),
    "field": ("Fields", "of the bodies; a model's name stands before the dot"),
    "set": ("Measurement sets", "at plant and device level"),
    "property": ("Properties of the sets", "in the order in which they are sent"),
    "word": ("Words", "that stand in paths and fields"),
    "message": ("Messages of the logs", "by `messageTagId`: numbers, texts, levels and what they tell of"),
    "switch": ("Switches", "of a scenario"),
    "rule": (
        "Rules",
        "that messages and pages name by these numbers: what SMA's FAQ says, in our words",
    ),
    "choice": ("Choices", "where a rule leaves one open"),
}


def page(ledger: Ledger) -> str:
    """Return the whole page."""
    return "\n".join([HEAD, _costly(ledger), _counts(ledger), *(_table(kind, ledger.select(kind)) for kind in KINDS)])


def _costly(ledger: Ledger) -> str:
    lines = [
        "## What to test both ways",
        "",
        "Of these twenty rows nothing has ever been seen, and they cost a client most where SMA does otherwise;",
        "the worst stand first. The key of a [scenario](scenarios.md) lets the emulator do otherwise;",
        "`[]` stands for an item of a list.",
        "",
        "| assumed | what is assumed | what it costs | how to turn it |",
        "|---|---|---|---|",
    ]
    for item in ledger.costly:
        row = item.row
        lines.append(f"| `{row.kind}.{row.name}` | {row.note} | {item.cost} | `{item.turn}` |")
    return "\n".join(lines) + "\n"


def _counts(ledger: Ledger) -> str:
    lines = ["## Counts", "", f"| | {' | '.join(Standing)} | all |", "|---|" + "---:|" * (len(Standing) + 1)]
    for kind, numbers in ledger.counts().items():
        name = TITLES[kind][0] if kind in TITLES else "All"
        cells = " | ".join(str(number) for number in numbers.values())
        lines.append(f"| {name} | {cells} | {sum(numbers.values())} |")
    return "\n".join(lines) + "\n"


def _table(kind: str, rows: tuple[LedgerRow, ...]) -> str:
    title, text = TITLES[kind]
    lines = [
        f"## {title}",
        "",
        f"{title} {text}.",
        "",
        "| name | standing | source | seen | confirmed | note |",
        "|---|---|---|---|---:|---|",
    ]
    for row in rows:
        count = witnesses().confirmations[f"{row.kind}.{row.name}"] or ""
        lines.append(f"| `{row.name}` | {row.standing} | {row.source} | {_seen(row)} | {count} | {row.note} |")
    return "\n".join(lines) + "\n"


def _seen(row: LedgerRow) -> str:
    return f"never; chosen {row.date}" if row.seen == NEVER else row.seen
