"""A rule: what it is called, what asks for it, and the function that finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_sma.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mock_sma.findings.traffic import Hit, Traffic

MAX_ENTRIES = 50
"""Entries that a finding names; of more, the first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRule:
    """One rule.

    Attributes:
        id: the id of its findings.
        rule: the rule of the FAQ (R17), or a section of an RFC.
        title: the title of its findings.
        about: when it is broken, a sentence for the table of all rules.
        fix: what to do instead.
        find: yields what it finds in the exchanges of one client.
    """

    id: str
    severity: Severity
    rule: str
    title: str
    about: str
    fix: str
    find: Callable[[Traffic], Iterable[Hit]]

    def findings(self, client: Traffic) -> Iterator[Finding]:
        """Yield the findings on one client."""
        for hit in self.find(client):
            yield Finding(
                id=self.id,
                severity=self.severity if hit.certain else Severity.NOTE,
                title=self.title,
                rule=self.rule,
                entries=tuple(item.entry.id for item in hit.exchanges[:MAX_ENTRIES]),
                text=hit.text if hit.certain else f"{hit.text}, as far as can be seen",
                fix=self.fix,
                client_id=client.id,
            )
