"""Other answers of a scenario's owners at its start than those it names itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.domain.reading import nearest
from mock_sma.domain.scenario import ConsentState, InitialConsent
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.scenario import Scenario

UNANSWERED = (None, ConsentState.PENDING, ConsentState.EXPIRED)
"""States that an owner has done nothing for."""


def with_consents(scenario: Scenario, consent: str | Mapping[str, str]) -> Scenario:
    """Return a scenario with other consents at its start.

    Args:
        scenario: any.
        consent: one state for all owners, or states by e-mail; the consents of people who are not named stay.

    Raises:
        UsageError: a state or a person that does not exist, or who cannot have answered so (R04, R06).
    """
    if isinstance(consent, str):
        state = _state(consent)
        names = dict.fromkeys(user.email for plant in scenario.plants for user in plant.owners())
        registered = {user.key for user in scenario.users if user.registered}
        # Whoever never completed registration has not answered, whatever all others have done (R04).
        able = [name for name in names if name.casefold() in registered or state in UNANSWERED]
        return replace(scenario, consents=_consents(dict.fromkeys(able, state)))
    answers = {email: _state(word) for email, word in consent.items()}
    for email, state in answers.items():
        _check_person(scenario, email, state)
    named = {email.casefold() for email in answers}
    others = tuple(item for item in scenario.consents if item.email.casefold() not in named)
    return replace(scenario, consents=(*others, *_consents(answers)))


def _consents(answers: Mapping[str, ConsentState | None]) -> tuple[InitialConsent, ...]:
    return tuple(InitialConsent(email=email, state=state) for email, state in answers.items() if state is not None)


def _state(word: str) -> ConsentState | None:
    if str(word).lower() == "none":
        return None
    known = [state.value.lower() for state in ConsentState]
    if str(word).lower() not in known:
        raise UsageError(f"no consent is {word!r}{nearest(str(word).lower(), [*known, 'none'])}")
    return ConsentState(str(word).capitalize())


def _check_person(scenario: Scenario, email: str, state: ConsentState | None) -> None:
    user = next((user for user in scenario.users if user.key == email.casefold()), None)
    if user is None:
        raise UsageError(f"no user {email!r}; this world has {', '.join(user.email for user in scenario.users)}")
    if state in UNANSWERED:
        return
    if not user.registered:
        raise UsageError(f"{email} never completed registration, so has no {state} consent (R04)")
    owners = {owner.key for plant in scenario.plants for owner in plant.owners()}
    if state is not ConsentState.REJECTED and user.key not in owners:
        raise UsageError(f"{email} owns no plant, so has no {state} consent (R06)")
