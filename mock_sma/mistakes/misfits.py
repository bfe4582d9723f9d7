"""Where an event can act: on a plant and its devices, by what these measure and make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.device import DeviceKind
from mock_sma.domain.event import EventKind
from mock_sma.domain.event_rules import COUNTERS
from mock_sma.domain.instruments import device_sets
from mock_sma.domain.moment import is_after
from mock_sma.domain.reading import nearest
from mock_sma.mistakes.value_misfits import value_misfits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant

OF_PLANTS = frozenset({EventKind.GRID_OUTAGE, EventKind.FEED_IN_LIMIT})
"""Kinds that happen to whole plants only."""

OF_ROWS = frozenset({EventKind.GAP, EventKind.MISSING_ROWS, EventKind.LATE_DATA, EventKind.DUPLICATE_ROWS})
"""Kinds that happen to the rows that a device sends, so that it has to send some."""

OF_MODULES = frozenset({EventKind.DERATING, EventKind.SNOW})
"""Kinds that happen to inverters with modules."""

MACHINES = frozenset(
    {
        DeviceKind.CONSUMER,
        DeviceKind.EV_CHARGER,
        DeviceKind.DIESEL_GENERATOR,
        DeviceKind.CHP,
        DeviceKind.HYDRO,
    }
)
"""Devices without modules and battery that make or use energy, which they do not when they stand still."""

METERS = frozenset({DeviceKind.GRID_METER, DeviceKind.HOME_MANAGER})
"""Devices that count at the grid."""


def misfits_of(plant: Plant, event: PlantEvent) -> Iterator[tuple[str, str]]:
    """Yield why an event cannot act on a plant: the attribute, and a sentence that says what to do."""
    device = next((item for item in plant.devices if item.id == event.device_id), None)
    if event.device_id is None:
        yield from _misfits_of_whole(plant, event)
    elif device is None:
        known = [item.id for item in plant.devices]
        hint = nearest(event.device_id, known) if known else ""
        yield "device", f"the plant has no device {event.device_id!r}{hint}"
        return
    else:
        yield from _misfits_of_device(plant, event, device)
    if event.kind is EventKind.VALUE:
        yield from value_misfits(plant, event, device)


def never_there(plant: Plant, event: PlantEvent) -> str | None:
    """Return a sentence where the device of an event is gone before it, or comes after it; None: it is there.

    Times and spans from the start are not compared with one another.
    """
    device = next((item for item in plant.devices if item.id == event.device_id), None)
    if device is None:
        return None
    gone, came = device.deactivated_at, device.activated_at
    if gone is not None and is_after(gone, event.start) is False:
        return f"device {device.id} is deactivated before the event begins, so nothing comes of it"
    if came is not None and event.end is not None and is_after(event.end, came) is False:
        return f"device {device.id} is activated after the event has ended, so nothing comes of it"
    return None


def _misfits_of_device(plant: Plant, event: PlantEvent, device: Device) -> Iterator[tuple[str, str]]:
    what = f"{event.kind.value!r} cannot act on device {device.id}, a {device.kind.value}"
    if event.kind in OF_PLANTS:
        yield "device", f"{event.kind.value!r} happens to the whole plant; leave the device out"
    elif event.kind in OF_ROWS and not _sends(plant, device):
        others = _instead(plant, lambda item: _sends(plant, item))
        yield "device", f"{what} that sends no rows{others}, or leave it out: then the whole plant is silent"
    elif event.kind is EventKind.DUPLICATE_ROWS and not device_sets(plant, device):
        others = _instead(plant, lambda item: bool(device_sets(plant, item)))
        yield "device", f"{what} whose rows no set shows{others}"
    elif event.kind is EventKind.DEVICE_FAULT and not _works(device):
        others = _instead(plant, _works)
        yield (
            "device",
            f"{what} that makes and uses no energy{others}; a 'message' with a level sets a status",
        )
    elif event.kind in OF_MODULES and not device.generates_pv:
        yield "device", f"{what} without modules{_instead(plant, _generates)}"
    elif event.kind in COUNTERS and not _counts(device):
        yield "device", f"{what}, which has no counter of modules or of the grid{_instead(plant, _counts)}"


def _misfits_of_whole(plant: Plant, event: PlantEvent) -> Iterator[tuple[str, str]]:
    if event.kind in OF_MODULES and not any(map(_generates, plant.devices)):
        yield "kind", f"{event.kind.value!r} needs an inverter with arrays, and the plant has none; add one"
    elif event.kind is EventKind.DEVICE_FAULT and not any(map(_works, plant.devices)):
        yield "kind", "'device-fault' needs a device that makes or uses energy, and the plant has none; add one"
    elif event.kind in COUNTERS and not any(map(_generates, plant.devices)):
        yield "kind", f"{event.kind.value!r} of a whole plant needs an inverter with arrays{_instead(plant, _counts)}"


def _generates(device: Device) -> bool:
    return device.generates_pv


def _counts(device: Device) -> bool:
    return device.generates_pv or device.kind in METERS


def _works(device: Device) -> bool:
    return device.generates_pv or device.battery is not None or device.kind in MACHINES


def _sends(plant: Plant, device: Device) -> bool:
    return _works(device) or bool(device_sets(plant, device))


def _instead(plant: Plant, fits: Callable[[Device], bool]) -> str:
    """Return the end of a sentence that names the devices which would do."""
    found = [item.id for item in plant.devices if fits(item)][:5]
    if not found:
        return "; the plant has no device that it could act on"
    return f"; name {'one of ' if found[1:] else ''}{', '.join(found)}"
