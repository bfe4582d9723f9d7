"""Timeline entries of a file become typed actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mock_sma.domain import actions as t
from mock_sma.domain.event import EventKind
from mock_sma.domain.quota import Quota
from mock_sma.scenarios import load_scenario

CLASSIC = "0fa3b7c2-1111-4222-8333-000000000001"


def action(**entry: Any) -> t.Action:
    """Return the action of an entry in a small world."""
    owner = "a@example.org"
    world = {
        "users": [{"email": owner, "country": "DE"}],
        "plants": [
            {"id": "100", "name": "A", "template": "household", "owner": owner},
            {"id": CLASSIC, "name": "B", "template": "household", "owner": owner},
        ],
        "timeline": [{"after": "PT5M", **entry}],
    }
    return load_scenario(world).timeline[0].action


@pytest.mark.parametrize("name", t.CONSENT_EVENTS)
def test_consent_actions(name: str) -> None:
    expected = t.ConsentAction(event=name, email="a@example.org", client_id="demo_api")
    assert action(action=name, email="a@example.org", client_id="demo_api") == expected


def test_ownership_and_registration() -> None:
    email = "a@example.org"
    assert action(action="set_owner", plant=100, email=email, owner=False) == t.SetOwner(
        plant_id="100", email=email, owner=False
    )
    assert action(action="change_owner", plant=100, email=email) == t.ChangeOwner(plant_id="100", email=email)
    assert action(action="register_user", email=email) == t.RegisterUser(email=email)


def test_events_and_devices() -> None:
    assert action(action="gap", plant=100) == t.StartEvent(kind=EventKind.GAP, plant_id="100")
    assert action(action="fault", plant=100, device=101, duration="PT2H") == t.StartEvent(
        kind=EventKind.DEVICE_FAULT, plant_id="100", device_id="101", duration=timedelta(hours=2)
    )
    assert action(action="deactivate_device", device=101) == t.DeactivateDevice(device_id="101")
    assert action(action="migrate", plant=CLASSIC, to=500) == t.Migrate(plant_id=CLASSIC, to="500")


def test_quota_and_faults() -> None:
    assert action(action="change_quota") == t.ChangeQuota(quota=None)
    assert action(action="change_quota", requests=5) == t.ChangeQuota(quota=Quota(requests=5, window=300.0))
    added = action(action="add_fault", rule={"effect": {"status": 500}})
    assert isinstance(added, t.AddFault)
    assert added.rule.effect.status == 500
    assert action(action="clear_faults") == t.ClearFaults()


def test_an_added_plant_is_a_whole_plant() -> None:
    plant = {"id": 900, "name": "C", "template": "pv-only", "owner": "a@example.org"}
    added = action(action="add_plant", plant=plant)
    assert isinstance(added, t.AddPlant)
    assert [device.id for device in added.plant.devices] == ["901"]
