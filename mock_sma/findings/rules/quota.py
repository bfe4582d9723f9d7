"""Rules about the rate limit (R17; RFC 6585, section 4; RFC 9110, section 10.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.findings.rule import FindingRule
from mock_sma.findings.traffic import WITH_TOKEN, Hit, insisted
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.findings.traffic import Traffic, Turn


def _wait_of(item: Turn) -> float | None:
    if item.status not in (429, 503):
        return None
    text = next((value for name, value in item.entry.headers if name == b"retry-after"), b"")
    return float(text) if text.isdigit() else None


def _ignored(client: Traffic) -> Iterator[Hit]:
    until = float("-inf")
    asked = [item for item in client.exchanges if item.operation in WITH_TOKEN]
    for place, first in enumerate(asked):
        wait = None if first.at < until else _wait_of(first)
        if wait is None:
            continue
        until = first.at + wait
        later = [item for item in asked[place + 1 :] if item.at < until]
        if first.status == 503:
            later = [item for item in later if item.target == first.target]
        if (certain := insisted(first, later, client.grace)) is not None:
            text = f"{first.status} said Retry-After: {wait:.0f}, and {len(later)} requests came before that time"
            yield Hit([first, *later], text, certain)


def _burst(client: Traffic) -> Iterator[Hit]:
    until = float("-inf")
    for place, item in enumerate(client.exchanges):
        limit, window = item.fact("quota", "of"), item.fact("quota", "window")
        if item.status != 429 or item.struck or limit is None or window is None or item.at < until:
            continue
        until = item.at + window
        recent = [one for one in client.exchanges[:place] if one.operation in WITH_TOKEN and one.at > item.at - window]
        took = item.at - recent[0].at if recent else 0.0
        text = f"{len(recent)} requests in {took:.0f} s spent the quota of {limit} in {window:.0f} s"
        yield Hit([item], text, took < window / 2)


RULES = (
    FindingRule(
        id="retry-after-ignored",
        severity=Severity.ERROR,
        rule="R17; RFC 9110, section 10.2.3",
        title="Retry-After was ignored",
        about="A 429 or 503 told how long to wait, and the client asked again before.",
        fix="Wait for as many seconds as Retry-After says, for all requests of the credential",
        find=_ignored,
        scenario="rate-limited",
    ),
    FindingRule(
        id="quota-burst",
        severity=Severity.WARNING,
        rule="R17",
        title="A burst spent the quota",
        about="The quota of a window was spent in less than half of it; a note where it took longer.",
        fix="Spread the requests over the window, and ask for longer periods in place of many short ones",
        find=_burst,
        scenario="rate-limited",
    ),
)
