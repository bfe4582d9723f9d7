"""A rule: what it is called, what asks for it, and the function that finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.frozen import frozen
from mock_sma.verdicts.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mock_sma.findings.traffic import Hit, Traffic

MAX_ENTRIES = 50
"""Entries that a finding names; of more, the first ones."""


@frozen(kw_only=True)
class FindingRule:
    """One rule.

    Attributes:
        id: the id of its findings.
        rule: the rule of the FAQ (R17), or a section of an RFC.
        title: the title of its findings.
        about: when it is broken, a sentence for the table of all rules.
        fix: what to do instead.
        find: yields what it finds in the exchanges of one client.
        scenario: a shipped one in which a client can be tried for it.
    """

    id: str
    severity: Severity
    rule: str
    title: str
    about: str
    fix: str
    find: Callable[[Traffic], Iterable[Hit]]
    scenario: str = "ennexos"

    @property
    def test(self) -> str:
        """A test to copy, which fails where a client is found by this rule."""
        return (
            f'@pytest.mark.sma("{self.scenario}")\n'
            f"def test_my_client_has_no_{self.id.replace('-', '_')}(sma_mock):\n"
            "    # Call your client here.\n"
            f'    assert "{self.id}" not in {{item.id for item in sma_mock.sandbox.findings}}\n'
        )

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
