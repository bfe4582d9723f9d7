"""Each action of a timeline does to the world, and so to the vendor API, what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mock_sma import Sandbox
from mock_sma.domain import actions as act
from mock_sma.domain.quota import Quota
from mock_sma.errors import UsageError
from tests.facts import HOUSEHOLDER, NOW
from tests.sandbox.world.happenings.timeline import CLASSIC, OTHER, problems, seen, world
from tests.sandbox_helpers import ask, tokens


def test_r17_the_quota_changes_and_goes() -> None:
    sandbox = world(
        {"after": 60, "action": "change_quota", "requests": 2},
        {"after": 120, "action": "change_quota"},
    )
    bearer = tokens(sandbox)["access_token"]
    for second, wanted in ((0, [200] * 4), (60, [200, 200, 429, 429]), (120, [200] * 4)):
        sandbox.clock.set(sandbox.clock.now() + timedelta(seconds=second and 60))
        assert [ask(sandbox, "GET", "/v1/plants", bearer=bearer).status for _ in range(4)] == wanted


def test_fault_rules_come_and_go() -> None:
    sandbox = world(
        {"after": 60, "action": "add_fault", "rule": {"match": {"path": "/v1/plants"}, "effect": {"status": 503}}},
        {"after": 120, "action": "clear_faults"},
    )
    bearer = tokens(sandbox)["access_token"]
    statuses = []
    for _ in range(3):
        statuses.append(ask(sandbox, "GET", "/v1/plants", bearer=bearer).status)
        sandbox.clock.advance(60)
    assert statuses == [200, 503, 200]


def test_nothing_to_revoke_is_kept_with_its_reason_and_the_rest_happens() -> None:
    sandbox = world(
        {"after": 1, "action": "revoke", "email": OTHER},
        {"after": 2, "action": "revoke", "email": HOUSEHOLDER},
    )
    sandbox.clock.advance(5)
    assert problems(sandbox) == [f"nothing to revoke: {OTHER} has no accepted consent", None]


def test_what_is_past_when_a_world_begins_has_happened() -> None:
    document = {"at": "2025-06-01T00:00:00+02:00", "action": "revoke", "email": HOUSEHOLDER}
    sandbox = Sandbox(world(document, now=None).scenario, now=NOW)
    assert seen(sandbox) == []
    assert [item.problem for item in sandbox.happenings] == [None]


def test_a_reset_arms_the_timeline_again() -> None:
    sandbox = world({"after": "PT1H", "action": "revoke", "email": HOUSEHOLDER})
    for _ in range(2):
        assert seen(sandbox) == ["2100", CLASSIC]
        sandbox.clock.advance(hours=1)
        assert seen(sandbox) == []
        sandbox.clock.set(NOW)
        sandbox.clock.advance(hours=1)
        assert len(sandbox.happenings) == 1
        sandbox.reset()


def test_actions_by_hand_refuse_what_is_not_there() -> None:
    sandbox = world()
    plant = sandbox.estate.plants["2100"]
    gap = act.StartEvent(kind=act.EVENT_KINDS["gap"], plant_id="2100", device_id="9")
    for action, why in (
        (act.AddPlant(plant=plant), "'2100' is taken"),
        (act.SetOwner(plant_id="2101", email=HOUSEHOLDER), "no plant '2101'; did you mean '2100'"),
        (act.SetOwner(plant_id="2100", email="owner@example.com"), "did you mean 'owner@example.org'"),
        (act.RegisterUser(email="x@y"), "no user"),
        (gap, "no device '9'"),
        (act.StartEvent(kind=gap.kind, plant_id=CLASSIC, device_id="2101"), "has no device '2101'"),
        (act.DeactivateDevice(device_id="9"), "no device"),
    ):
        with pytest.raises(UsageError, match=why):
            sandbox.happenings.carry_out(action)
    sandbox.happenings.carry_out(act.ChangeQuota(quota=Quota(requests=1)), by="a test")
    assert [(item.by, item.at) for item in sandbox.happenings] == [("a test", sandbox.started)]
