"""What was seen of each row of the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.fidelity.ledger import Ledger, LedgerRow
    from mock_sma.openapi.facts import Fact


class RowVerdict(StrEnum):
    """What traffic says of a row."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNSEEN = "unseen"


@frozen
class Shapes:
    """Both shapes of something that is not alike, in words that hold no value of anybody's.

    Attributes:
        ours: what the emulator answers.
        theirs: what was seen.
        where: the operation that was asked.
    """

    ours: str
    theirs: str
    where: str


@dataclass(slots=True)
class RowFinding:
    """What was seen of one row."""

    row: LedgerRow
    count: int = 0
    shapes: Counter[Shapes] = field(default_factory=Counter)

    @property
    def verdict(self) -> RowVerdict:
        """Refuted by a single sight that is not alike."""
        if self.shapes:
            return RowVerdict.REFUTED
        return RowVerdict.CONFIRMED if self.count else RowVerdict.UNSEEN

    def as_json(self) -> dict[str, Any]:
        """Return it for ``--json`` and for a file of shapes."""
        told = [
            {"ours": item.ours, "theirs": item.theirs, "where": item.where, "times": times}
            for item, times in self.shapes.most_common()
        ]
        return {
            "kind": self.row.kind,
            "name": self.row.name,
            "standing": self.row.standing.value,
            "verdict": self.verdict.value,
            "seen": self.count,
            **({"shapes": told} if told else {}),
        }


class Evidence:
    """Findings on the rows of a ledger.

    Args:
        ledger: the ledger.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._findings: dict[tuple[str, str], RowFinding] = {}
        self.exchanges = 0
        self.others = 0

    def confirm(self, fact: Fact) -> None:
        """Take down that something is as the emulator has it."""
        finding = self._of(fact)
        if finding is not None:
            finding.count += 1

    def refute(self, fact: Fact, shapes: Shapes) -> None:
        """Take down that something is otherwise."""
        finding = self._of(fact)
        if finding is not None:
            finding.count += 1
            finding.shapes[shapes] += 1

    def _of(self, fact: Fact) -> RowFinding | None:
        row = self._ledger.find(fact.kind, *fact.names)
        if row is None:
            return None
        return self._findings.setdefault((row.kind, row.name), RowFinding(row))

    @property
    def findings(self) -> list[RowFinding]:
        """All rows of the ledger, in its order."""
        return [self._findings.get((row.kind, row.name)) or RowFinding(row) for row in self._ledger.rows]

    def of(self, verdict: RowVerdict) -> list[RowFinding]:
        """Return the findings with a verdict."""
        return [finding for finding in self.findings if finding.verdict is verdict]

    def names(self, verdict: RowVerdict) -> Iterable[str]:
        """Return the rows with a verdict, as ``kind.name``."""
        return [f"{finding.row.kind}.{finding.row.name}" for finding in self.of(verdict)]
