"""What traffic says of the ledger: a table, Markdown for a pull request, JSON, a file of shapes, a failing test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.version import __version__
from mock_sma.witness.evidence import RowVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.witness.evidence import Evidence, RowFinding

VERSION = 1
"""Of the form of a file of shapes."""


def counted(evidence: Evidence) -> str:
    """Return how many rows got which verdict, in a sentence."""
    confirmed, refuted, unseen = (len(evidence.of(verdict)) for verdict in RowVerdict)
    assumed = sum(
        finding.row.standing.value in ("assumed", "inferred") for finding in evidence.of(RowVerdict.CONFIRMED)
    )
    return (
        f"{evidence.exchanges} exchanges: {confirmed} rows confirmed ({assumed} of them assumed or inferred so far), "
        f"{refuted} refuted, {unseen} unseen; {evidence.others} other exchanges say nothing"
    )


def table(evidence: Evidence) -> Iterator[str]:
    """Yield the lines of a table: refuted rows with both shapes, then confirmed ones."""
    for finding in evidence.of(RowVerdict.REFUTED):
        yield f"refuted    {_name(finding)}  ({finding.row.standing.value})"
        for shapes, times in finding.shapes.most_common():
            yield f"             emulator: {shapes.ours}"
            yield f"             seen:     {shapes.theirs}  ({shapes.where}, {times} of {finding.count})"
    for finding in evidence.of(RowVerdict.CONFIRMED):
        yield f"confirmed  {_name(finding)}  ({finding.row.standing.value}, seen {finding.count} times)"
    yield counted(evidence)


def markdown(evidence: Evidence) -> Iterator[str]:
    """Yield Markdown for a pull request or an issue."""
    yield "## What real traffic says of the ledger"
    yield ""
    yield f"{counted(evidence)}."
    refuted = evidence.of(RowVerdict.REFUTED)
    if refuted:
        yield from ("", "### Refuted", "", "| row | standing | the emulator | seen | at |", "|---|---|---|---|---|")
        for finding in refuted:
            for shapes, _ in finding.shapes.most_common():
                cells = (
                    f"`{_name(finding)}`",
                    finding.row.standing.value,
                    shapes.ours,
                    shapes.theirs,
                    f"`{shapes.where}`",
                )
                yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        yield from ("", "A test that fails until it is mended:", "", "```python", *failing_test(evidence), "```")
    confirmed = evidence.of(RowVerdict.CONFIRMED)
    if confirmed:
        yield from ("", "### Confirmed", "", "| row | standing | times |", "|---|---|---|")
        yield from (f"| `{_name(item)}` | {item.row.standing.value} | {item.count} |" for item in confirmed)


def failing_test(evidence: Evidence) -> Iterator[str]:
    """Yield a test that fails as long as the emulator has the shapes that are refuted."""
    yield '"""Rows that real traffic has refuted, each with the shape that the emulator must not have."""'
    yield ""
    yield "import pytest"
    yield ""
    yield "from mock_sma.witness.present import still_has"
    yield ""
    yield "REFUTED = ["
    for finding in evidence.of(RowVerdict.REFUTED):
        for ours, theirs in dict.fromkeys((item.ours, item.theirs) for item, _ in finding.shapes.most_common()):
            yield f"    ({_name(finding)!r}, {ours!r}),  # seen: {theirs}"
    yield "]"
    yield ""
    yield ""
    yield '@pytest.mark.parametrize(("row", "shape"), REFUTED)'
    yield "def test_the_emulator_answers_as_sma_does(row: str, shape: str) -> None:"
    yield "    assert not still_has(row, shape)"


def shapes(evidence: Evidence) -> dict[str, Any]:
    """Return a file of shapes: rows, verdicts and shapes, and nothing of anybody's."""
    seen = [item.as_json() for item in evidence.findings if item.verdict is not RowVerdict.UNSEEN]
    return {
        "version": VERSION,
        "mock_sma": __version__,
        "exchanges": evidence.exchanges,
        "rows": seen,
    }


def document(evidence: Evidence) -> dict[str, Any]:
    """Return everything for ``--json``: all rows, the unseen ones too."""
    whole = shapes(evidence)
    counts = {verdict.value: len(evidence.of(verdict)) for verdict in RowVerdict}
    rows = [item.as_json() for item in evidence.findings]
    return {**whole, "others": evidence.others, "counts": counts, "rows": rows}


def _name(finding: RowFinding) -> str:
    return f"{finding.row.kind}.{finding.row.name}"
