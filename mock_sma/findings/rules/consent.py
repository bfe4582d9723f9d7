"""Rules about consent (R08, R12, R14, R16)."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from mock_sma.findings.rule import FindingRule
from mock_sma.findings.traffic import Hit, insisted
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.findings.traffic import Traffic, Turn

SOON = 12 * 3_600.0
"""Time within which the owner has hardly read a mail [s]."""

LOOKS = frozenset({"getPlants", "getPlantsV2", "readConsent", "requestConsent", "getReportingPlants"})
"""Operations by which a client learns what is open to it."""


def _by_owner(client: Traffic) -> dict[str, list[Turn]]:
    found: dict[str, list[Turn]] = defaultdict(list)
    for item in client.of("requestConsent", "readConsent"):
        if email := item.fact("consent", "email"):
            found[email].append(item)
    return found


def _again_while_pending(client: Traffic) -> Iterator[Hit]:
    for email, items in _by_owner(client).items():
        asked = [item for item in items if item.operation == "requestConsent" and item.status == 201]
        again = [
            second
            for first, second in pairwise(asked)
            if second.fact("consent", "new") is False
            and second.fact("consent", "state") == "Pending"
            and second.at - first.at < SOON
            and not first.struck
        ]
        if again:
            text = f"{email} was asked {len(again)} more times while the first request was pending"
            yield Hit(again, text, len(again) >= 2)


def _after_rejected(client: Traffic) -> Iterator[Hit]:
    for email, items in _by_owner(client).items():
        again = [
            item
            for item in items
            if item.operation == "requestConsent"
            and item.fact("consent", "new")
            and item.fact("consent", "previous") == "Rejected"
        ]
        if again:
            yield Hit(again, f"{email} declined and was asked again {len(again)} times", len(again) >= 2)


def _closed_plant(client: Traffic) -> Iterator[Hit]:
    refused: dict[str, list[Turn]] = {}
    for item in [*client.exchanges, None]:
        if item is None or item.operation in LOOKS:
            for plant, items in refused.items():
                certain = insisted(items[0], items[1:], client.grace)
                if certain is not None:
                    yield Hit(
                        items, f"plant {plant} was asked for {len(items)} times though no consent opens it", certain
                    )
            refused = {}
        elif item.status in (403, 404) and (plant := item.fact("consent", "plant")):
            refused.setdefault(plant, []).append(item)


def _post_again(client: Traffic) -> Iterator[Hit]:
    lost: dict[str, Turn] = {}
    for item in client.of("requestConsent", "readConsent"):
        email = item.fact("consent", "email")
        first = lost.pop(email, None)
        if first is not None and item.operation == "requestConsent":
            yield Hit([first, item], f"the request to {email} was sent again after a broken connection, unseen")
        if email and item.operation == "requestConsent" and item.is_lost:
            lost[email] = item


RULES = (
    FindingRule(
        id="consent-asked-again",
        severity=Severity.WARNING,
        rule="R14",
        title="Consent was asked for again while the request was pending",
        about="bc-authorize was POSTed again for an owner who had not answered; a note where it was once.",
        fix="Ask once, then read the state with GET bc-authorize/{loginHint} at the interval of the answer",
        find=_again_while_pending,
        scenario="pending-consent",
    ),
    FindingRule(
        id="consent-asked-after-rejection",
        severity=Severity.ERROR,
        rule="R16",
        title="An owner who declined is asked again and again",
        about="New requests followed Rejected ones; a note where it was once.",
        fix="Take Rejected as the answer; ask anew only when the owner wants it",
        find=_after_rejected,
        scenario="rejected-consent",
    ),
    FindingRule(
        id="closed-plant-asked",
        severity=Severity.ERROR,
        rule="R08, R12",
        title="A plant is asked for although no consent opens it",
        about="A plant was refused for lack of a consent, and the client went on to ask for it without a look at its "
        "plants or at the consent.",
        fix="On 403 list the plants anew or read the consent, and leave out what is closed",
        find=_closed_plant,
        scenario="revoked-consent",
    ),
    FindingRule(
        id="consent-posted-blindly",
        severity=Severity.WARNING,
        rule="RFC 9110, section 9.2.2",
        title="A POST was repeated after a broken connection",
        about="The answer to POST bc-authorize was lost, and the client sent it again without reading the state.",
        fix="After a broken connection read GET bc-authorize/{loginHint} first: the request may have arrived",
        find=_post_again,
        scenario="no-consent",
    ),
)
