"""What a timeline does to consents and owners, the vendor API shows."""

from __future__ import annotations

import pytest

from mock_sma.domain import actions as act
from mock_sma.errors import ScenarioError, UsageError
from tests.facts import HOUSEHOLDER
from tests.sandbox.world.happenings.timeline import CLASSIC, GUEST, OTHER, get, problems, seen, world


def test_r08_a_revocation_of_the_timeline_empties_the_list_and_is_written_into_the_history() -> None:
    sandbox = world({"after": "PT1H", "action": "revoke", "email": HOUSEHOLDER})
    assert seen(sandbox) == ["2100", CLASSIC]
    sandbox.clock.advance(hours=3)
    assert seen(sandbox) == []
    change = sandbox.consents.latest("demo_api", HOUSEHOLDER).history[-1]  # type: ignore[union-attr]
    assert (change.event, change.by) == ("revoke", "timeline")
    assert change.at == sandbox.started + 3600.0


def test_a_pending_request_is_accepted_rejected_or_expired_by_the_timeline() -> None:
    for event, state in (("accept", "Accepted"), ("reject", "Rejected"), ("expire", "Expired")):
        sandbox = world(
            {"after": "PT1M", "action": event, "email": HOUSEHOLDER, "client_id": "demo_app"},
            consents=[{"email": HOUSEHOLDER, "client_id": "demo_app", "state": "Pending"}],
        )
        sandbox.clock.advance(minutes=2)
        assert sandbox.consents.latest("demo_app", HOUSEHOLDER).state == state  # type: ignore[union-attr]


def test_r09_an_added_plant_is_there_and_the_older_consent_does_not_cover_it() -> None:
    plant = {"id": "3000", "name": "Neu", "template": "household", "owner": HOUSEHOLDER}
    sandbox = world({"after": "P1D", "action": "add_plant", "plant": plant})
    assert get(sandbox, "/v1/plants/3000").status == 404
    sandbox.clock.advance(days=1)
    assert seen(sandbox) == ["2100", CLASSIC]
    assert get(sandbox, "/v1/plants/3000").status == 403
    sandbox.consents.accept(HOUSEHOLDER, "demo_api")
    assert seen(sandbox) == ["2100", CLASSIC, "3000"]


def test_r10_a_plant_leaves_the_view_with_the_flag_and_returns_with_it() -> None:
    sandbox = world(
        {"after": 60, "action": "set_owner", "plant": "2100", "email": HOUSEHOLDER, "owner": False},
        {"after": 120, "action": "set_owner", "plant": "2100", "email": HOUSEHOLDER},
    )
    sandbox.clock.advance(60)
    assert seen(sandbox) == [CLASSIC]
    sandbox.clock.advance(60)
    assert seen(sandbox) == ["2100", CLASSIC]


def test_r06_the_flag_goes_to_one_person_who_joins_the_plant_by_it() -> None:
    sandbox = world({"after": 60, "action": "change_owner", "plant": CLASSIC.lower(), "email": OTHER.upper()})
    sandbox.clock.advance(60)
    plant = sandbox.estate.plants[CLASSIC]
    assert [(user.key, user.owner) for user in plant.users] == [(HOUSEHOLDER, False), (OTHER, True)]
    assert seen(sandbox) == ["2100"]


def test_r03_a_second_owner_on_classic_changes_nothing_and_is_kept_with_the_reason() -> None:
    sandbox = world({"after": 2, "action": "set_owner", "plant": CLASSIC, "email": OTHER})
    before = dict(sandbox.estate.plants)
    sandbox.clock.advance(10)
    assert sandbox.estate.plants == before
    assert problems(sandbox) == [f"a Classic plant has one owner, and {HOUSEHOLDER} owns {CLASSIC} (R03)"]


def test_r01_a_guest_on_ennexos_gets_no_flag() -> None:
    sandbox = world()
    before = dict(sandbox.estate.plants)
    for action in (
        act.SetOwner(plant_id="2100", email=GUEST),
        act.ChangeOwner(plant_id="2100", email=GUEST),
    ):
        with pytest.raises(UsageError, match="R01"):
            sandbox.happenings.carry_out(action)
    assert sandbox.estate.plants == before
    with pytest.raises(ScenarioError, match=r"timeline\[0\]\.email: guest@example\.org is guest there.*\(R01\)"):
        world({"after": 2, "action": "set_owner", "plant": "2100", "email": GUEST})


def test_r04_registration_lets_a_new_request_be_answered_and_not_the_old_one() -> None:
    sandbox = world(
        {"after": 1, "action": "change_owner", "plant": CLASSIC, "email": GUEST},
        {"after": 100, "action": "register_user", "email": GUEST},
    )
    sandbox.clock.advance(1)
    with pytest.raises(UsageError, match="R04"):
        sandbox.consents.accept(GUEST)
    sandbox.clock.advance(days=1)
    sandbox.consents.accept(GUEST, "demo_app")
    assert sandbox.consents.latest("demo_app", GUEST).plants == (CLASSIC,)  # type: ignore[union-attr]
