"""What is known of the client: findings on it, and which situations it has met."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from mock_sma.api.console.page import page
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.verdicts.coverage import Coverage
    from mock_sma.verdicts.finding import Finding

SHOWN = 5
"""Entries of a finding or situation that are linked to, the first that the journal still has."""

MORE = 100
"""Findings that are shown, the worst first."""


async def show(visit: Visit) -> Response:
    """Show findings with the exchanges that they rest on, and the map of situations with a test for each."""
    client = visit.query("client")
    found = visit.world.findings
    chosen = found.of(client) if client else found
    journal = {entry.id: entry for entry in visit.world.requests}
    coverage = visit.world.coverage
    return page(
        visit,
        "client",
        client=client,
        clients=sorted({*visit.world.clients, *(item.client_id for item in found if item.client_id)}),
        counts={severity.value: sum(item.severity is severity for item in chosen) for severity in Severity},
        count=len(chosen),
        findings=list(_findings(chosen[:MORE], journal)),
        coverage=coverage,
        groups=list(_groups(coverage, journal)),
        operations={name: counts for name, counts in coverage.operations.items() if counts},
        asked=len(journal),
    )


def findings_on(visit: Visit, entry: Entry) -> list[Finding]:
    """Return the findings that rest on an exchange."""
    return [item for item in visit.world.findings if entry.id in item.entries]


def _findings(found: Sequence[Finding], journal: Mapping[str, Entry]) -> Iterator[dict[str, Any]]:
    from mock_sma.findings.rules import RULES  # noqa: PLC0415 - with all rules, for those who look

    rules = {rule.id: rule for rule in RULES}
    met: Counter[str] = Counter()
    for item in found:
        met[item.id] += 1
        anchor = item.id if met[item.id] == 1 else f"{item.id}-{met[item.id]}"
        yield {"found": item, "rule": rules[item.id], "anchor": anchor, **_linked(item.entries, journal)}


def _groups(coverage: Coverage, journal: Mapping[str, Entry]) -> Iterator[dict[str, Any]]:
    from mock_sma.coverage.catalogue import GROUPS  # noqa: PLC0415 - as above

    counted = {item.name: item for item in coverage.situations}
    for name, kinds in GROUPS.items():
        rows = [
            {"kind": kind, "seen": counted[kind.name].seen, **_linked(counted[kind.name].entries, journal)}
            for kind in kinds
        ]
        yield {"name": name, "rows": rows, "met": sum(bool(row["seen"]) for row in rows)}


def _linked(ids: Iterable[str], journal: Mapping[str, Entry]) -> dict[str, Any]:
    there = [journal[name] for name in ids if name in journal]
    return {"entries": there[:SHOWN], "more": len(there[SHOWN:])}
