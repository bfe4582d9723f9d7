"""The past of a plant that has been changed: what its numbers were made of until then stays."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.domain.holidays import countries
from mock_sma.domain.plant import Earlier

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant

MAX_EARLIER = 50
"""Changes of a plant that are told apart; what was before the oldest of them is taken for what came after it."""

SHOWN = (
    *("name", "type", "product", "product_id", "serial", "vendor", "generator_power_dc", "category", "sub_category"),
    *("is_active", "is_smart_connected_ready", "ip_address", "firmware_version", "communication_protocol"),
    *("start_up", "is_resetted", "term_of_guarantee", "data"),
)
"""Attributes of a device that no simulated number hangs on."""

FACTS = tuple(item.name for item in fields(Earlier) if item.name != "until")


def with_past(before: Plant, after: Plant, at: datetime) -> Plant:
    """Return a changed plant whose numbers until the change stay those of the plant before it.

    Args:
        after: with times only; a device that it has since before ``at`` has been there all the time it says.
        at: aware instant of the change.
    """
    begun = datetime(
        before.commissioned.year, before.commissioned.month, before.commissioned.day, tzinfo=ZoneInfo(before.timezone)
    )
    if at <= begun or after.earlier != before.earlier:  # nothing was measured yet, or the change is one of the past
        return after
    known = {item.id for item in before.devices}
    found = tuple(item for item in after.devices if item.id not in known and _begins_before(item, at))
    past = [_with_devices(item, found) for item in before.earlier]
    facts = _with_devices(_facts(before, at), found)
    if _measuring(facts) == _measuring(_facts(after, at)):
        return replace(after, earlier=tuple(past)) if found else after
    # Where the clock was set back, what comes after the change has not been.
    then = next((item for item in past if item.until >= at), facts)
    past = [*(item for item in past if item.until < at), replace(then, until=at.astimezone(UTC))]
    return replace(after, earlier=tuple(past[-MAX_EARLIER:]))


def as_before(plant: Plant) -> Plant:
    """Return a plant as it was before its latest change, with the ids, people and events of now.

    A device's activation counts as it is told now, and so does a deactivation before the change.
    """
    last = plant.earlier[-1]
    now = {item.id: item for item in plant.devices}
    devices = tuple(_dated(item, now.get(item.id), last.until) for item in last.devices)
    facts = {name: getattr(last, name) for name in FACTS}
    return replace(plant, **facts | {"devices": devices, "earlier": plant.earlier[:-1]})


def _facts(plant: Plant, until: datetime) -> Earlier:
    facts: dict[str, Any] = {name: getattr(plant, name) for name in FACTS}
    country = None if plant.address is None else plant.address.country
    if plant.load.holidays is None and country in countries():
        facts["load"] = replace(plant.load, holidays=country)
    facts["devices"] = tuple(replace(item, data=()) if item.data else item for item in plant.devices)
    return Earlier(until=until, **facts)


def _measuring(facts: Earlier) -> Earlier:
    """Return facts of which each makes a difference to some number."""
    plain: dict[str, Any] = dict.fromkeys(SHOWN)
    return replace(facts, devices=tuple(replace(item, **plain) for item in facts.devices))


def _begins_before(device: Device, at: datetime) -> bool:
    return device.activated_at is not None and device.activated_at < at


def _with_devices(facts: Earlier, devices: tuple[Device, ...]) -> Earlier:
    return replace(facts, devices=(*facts.devices, *devices)) if devices else facts


def _dated(device: Device, now: Device | None, until: datetime) -> Device:
    if now is None:
        return device
    end = now.deactivated_at if now.deactivated_at is not None and now.deactivated_at < until else device.deactivated_at
    return replace(device, activated_at=now.activated_at or device.activated_at, deactivated_at=end)
