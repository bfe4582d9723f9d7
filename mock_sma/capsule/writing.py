"""Writing a world down as a capsule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mock_sma.capsule.document import Capsule, ClockPart, ConsentPart, EntryPart
from mock_sma.fault_rules.document import document_of
from mock_sma.scenarios import dump_scenario

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.faults import Fault


def remaining_rule(fault: Fault) -> dict[str, Any]:
    """Return the rule that does what is left of a fault rule."""
    return document_of(fault.rule) | ({} if fault.remaining is None else {"times": fault.remaining})


def capsule_of(world: Sandbox) -> Capsule:
    """Write a world down as it is now."""
    with world.lock:
        now = world.catch_up()
        beginning = replace(world.scenario, now=datetime.fromtimestamp(world.started, UTC), seed=world.seed)
        plants, users = tuple(world.estate.plants.values()), tuple(world.estate.users.values())
        changed = plants != beginning.plants or users != beginning.users
        present = replace(beginning, plants=plants, users=users, timeline=(), consents=(), auto_answers=(), faults=())
        return Capsule(
            world=world.name,
            seed=world.seed,
            scenario=dump_scenario(beginning, "document", rows_inside=True),
            present=dump_scenario(present, "document", rows_inside=True) if changed else None,
            clock=ClockPart(started=world.started, now=now, rate=world.clock.rate, frozen=world.clock.frozen),
            counts=world.identifiers.counts,
            quota=world.quota.used,
            faults=[remaining_rule(fault) for fault in world.faults.active],
            consents=[ConsentPart.of(record) for record in world.consents],
            total=world.requests.total,
            requests=[EntryPart.of(entry) for entry in world.requests],
        )
