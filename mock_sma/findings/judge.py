"""From entries to findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.findings.rules import RULES
from mock_sma.findings.traffic import IN_FLIGHT, clients_of
from mock_sma.verdicts.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry


def judge(entries: Iterable[Entry], rate: float = 0.0) -> Findings:
    """Return what the clients of some entries did wrong or wastefully.

    Args:
        entries: the entries of one world, oldest first.
        rate: emulated seconds per second, by which answers that are still on their way are told.
    """
    clients = clients_of(entries, IN_FLIGHT * max(rate, 1.0))
    return Findings(finding for client in clients for rule in RULES for finding in rule.findings(client))


def findings_of(sandbox: Sandbox) -> Findings:
    """Return the findings on the journal of a world."""
    return judge(sandbox.requests, sandbox.clock.rate)
