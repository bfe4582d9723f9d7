"""Consents that a scenario gives every owner, or a share of them, in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.domain.scenario import EVERY_OWNER
from mock_sma.seeding import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.scenario import InitialConsent


def spelled_out(consents: Iterable[InitialConsent], owners: Iterable[str], seed: int) -> Iterator[InitialConsent]:
    """Yield consents of single people.

    What is for every owner is for those whom no other consent to the same client names. Which of them make up a
    share follows from the seed; a second share is taken from those whom the first one left.

    Args:
        owners: e-mails of the people who have something to permit.
        seed: the seed of the world.
    """
    given, people = tuple(consents), list(owners)
    own = [item for item in given if item.email != EVERY_OWNER]
    yield from own
    ranked = sorted(people, key=lambda email: key(seed, "consent", email.casefold()))
    begun: dict[str | None, float] = {}
    for item in given:
        if item.email == EVERY_OWNER:
            named = {one.email.casefold() for one in own if None in (one.client_id, item.client_id) or _same(one, item)}
            left = [email for email in ranked if email.casefold() not in named]
            low = begun.get(item.client_id, 0.0)
            high = begun[item.client_id] = min(low + item.share, 1.0)
            chosen = set(left[round(low * len(left)) : round(high * len(left))])
            yield from (replace(item, email=email, share=1.0) for email in people if email in chosen)


def _same(one: InitialConsent, other: InitialConsent) -> bool:
    return one.client_id == other.client_id
