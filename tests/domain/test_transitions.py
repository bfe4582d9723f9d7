"""The table of consent: complete, without contradictions, and the document shows it as it is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.domain.consent import Consent
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import (
    OPENINGS,
    TRANSITIONS,
    Condition,
    ConsentEvent,
    PlantAccess,
    TransitionError,
    access_to,
    after,
    events_from,
    events_to,
    plants_that_are,
    states_before,
    transition,
)
from tools.generated.file import ROOT

STATES = (None, *ConsentState)
ALL = frozenset(Condition)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", ConsentEvent)
def test_one_row_at_most_holds_for_every_state_event_and_condition(
    state: ConsentState | None, event: ConsentEvent
) -> None:
    for owns, registered, covered in product((True, False), repeat=3):
        holds = {Condition.COVERED if covered else Condition.NOT_COVERED}
        holds |= {Condition.OWNS} if owns else set()
        holds |= {Condition.REGISTERED} if registered else set()
        rows = [row for row in TRANSITIONS if (row.source, row.event) == (state, event) and holds.issuperset(row.needs)]
        assert len(rows) <= 1
        if rows:
            assert transition(state, event, frozenset(holds)) is rows[0]
        else:
            with pytest.raises(TransitionError):
                transition(state, event, frozenset(holds))


def test_a_request_may_be_made_in_every_state_and_only_accepting_opens_anything() -> None:
    assert all(ConsentEvent.REQUEST in events_from(state) for state in STATES)
    to_accepted = [row for row in TRANSITIONS if row.target is ConsentState.ACCEPTED and row.source != row.target]
    assert [(row.source, row.event) for row in to_accepted] == [(ConsentState.PENDING, ConsentEvent.ACCEPT)]


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    [
        (None, ConsentEvent.REQUEST, ConsentState.PENDING),
        (ConsentState.PENDING, ConsentEvent.ACCEPT, ConsentState.ACCEPTED),
        (ConsentState.ACCEPTED, ConsentEvent.REQUEST, ConsentState.PENDING),
        (ConsentState.ACCEPTED, ConsentEvent.REVOKE, ConsentState.REVOKED),
    ],
)
def test_state_after_an_event(state: ConsentState | None, event: ConsentEvent, expected: ConsentState) -> None:
    assert after(state, event) is expected


def test_error_says_which_condition_fails_and_for_whom() -> None:
    with pytest.raises(TransitionError, match=r"^a@b was not registered .*R04"):
        transition(ConsentState.PENDING, ConsentEvent.ACCEPT, frozenset({Condition.OWNS}), "a@b")
    with pytest.raises(TransitionError, match=r"^a@b owns no plant.*R06"):
        transition(ConsentState.PENDING, ConsentEvent.ACCEPT, frozenset({Condition.REGISTERED}), "a@b")
    with pytest.raises(TransitionError, match="a consent that is Revoked cannot accept"):
        transition(ConsentState.REVOKED, ConsentEvent.ACCEPT, ALL)


def test_record_moves_along_its_rows_only() -> None:
    record = Consent(
        id="1", client_id="c", email="a@b", scopes=frozenset(), flow="custom", answerable=True, expires=0.0
    )
    with pytest.raises(ValueError, match="not possible"):
        record.move(transition(ConsentState.PENDING, ConsentEvent.EXPIRE, ALL), 0.0, "test")
    assert (record.state, record.history) == (None, [])


@pytest.mark.parametrize(
    ("covered", "owned", "access"),
    [
        (False, False, PlantAccess.OUTSIDE),
        (False, True, PlantAccess.OUTSIDE),
        (True, False, PlantAccess.CLOSED),
        (True, True, PlantAccess.OPEN),
    ],
)
def test_r10_access_to_a_plant(covered: bool, owned: bool, access: PlantAccess) -> None:
    assert access_to(covered=covered, owned=owned) is access


@pytest.mark.parametrize(("covered", "owned"), list(product((True, False), repeat=2)))
def test_every_case_of_an_opening_has_one_row(covered: bool, owned: bool) -> None:
    assert [(row.covered, row.owned) for row in OPENINGS].count((covered, owned)) == 1


@pytest.mark.slow
@given(*[st.frozensets(st.sampled_from("abcdef"))] * 2, st.sampled_from(PlantAccess))
@settings(derandomize=True)
def test_sets_of_plants_are_sorted_by_the_same_table(
    covered: frozenset[str], owned: frozenset[str], access: PlantAccess
) -> None:
    one_by_one = {
        plant for plant in covered | owned if access_to(covered=plant in covered, owned=plant in owned) is access
    }
    assert plants_that_are(access, covered=covered, owned=owned) == one_by_one


@pytest.mark.parametrize("state", ConsentState)
def test_events_to_a_state_lead_there_and_may_happen_on_the_way(state: ConsentState) -> None:
    at = ConsentState.PENDING
    for event in events_to(state):
        assert at in states_before(event)
        at = after(at, event)
    assert at is state


def test_the_document_names_the_rule_of_every_row() -> None:
    text = (ROOT / "docs" / "consent.md").read_text(encoding="utf-8")
    assert all(row.rule in text for row in TRANSITIONS)
