"""Recorded rows that contradict what stands beside them, or that nobody will see."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ENERGY_AND_POWER_BATTERY, ENERGY_AND_POWER_IN_OUT, ENERGY_AND_POWER_PV
from mock_sma.domain.instruments import device_sets
from mock_sma.domain.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.recording import Recording
    from mock_sma.scenario_file.source import Path

MEASURED = {
    "pvGeneration": ENERGY_AND_POWER_PV.name,
    "gridFeedIn": ENERGY_AND_POWER_IN_OUT.name,
    "gridConsumption": ENERGY_AND_POWER_IN_OUT.name,
    "batteryCharging": ENERGY_AND_POWER_BATTERY.name,
    "batteryDischarging": ENERGY_AND_POWER_BATTERY.name,
}
"""Properties of a plant that its devices measure, and the set in which they do."""

TOLERANCE = 0.02
"""Share by which sums of plant and devices may differ: instruments do (chosen)."""


SHORTEST = {Period.DAY: 0, Period.MONTH: 0, Period.YEAR: 27 * 86_400, Period.TOTAL: 364 * 86_400}
"""The least time in which the row of a recording ends that begins on a day [s]."""


def odd_data(plant: Plant) -> Iterator[tuple[Path, str]]:
    """Yield what makes little sense in recorded rows: the path below the plant, and a sentence."""
    if not plant.data and not any(device.data for device in plant.devices):
        return
    yield from ((("data",), text) for text in _early(plant, plant.data, plant.commissioned))
    for index, device in enumerate(plant.devices):
        begun = device.activated_at
        first = plant.commissioned if begun is None else begun.astimezone(ZoneInfo(plant.timezone)).date()
        yield from ((("devices", index, "data"), text) for text in _early(plant, device.data, first))
    for name, set_name in MEASURED.items():
        devices = [item for item in plant.devices if set_name in device_sets(plant, item)]
        yield from _beside(plant, name, devices)


def _early(plant: Plant, recordings: Sequence[Recording], first: date) -> Iterator[str]:
    zone = ZoneInfo(plant.timezone)
    for recording in recordings:
        # A sum whose day, month or year has begun before the plant is served.
        begin = datetime.fromtimestamp(recording.begin + SHORTEST[recording.period], zone).date()
        if begin < first:
            yield f"rows from before {first} are not served, and there are some from {begin} on; commission it earlier"


def _beside(plant: Plant, name: str, devices: Sequence[Device]) -> Iterator[tuple[Path, str]]:
    """Yield where a plant's property and that of its devices do not go together."""
    own = _fine(plant.data, name)
    theirs = [_fine(device.data, name) for device in devices]
    if not devices or not (own or any(theirs)):
        return
    if own and not all(theirs):
        silent = next(device for device, data in zip(devices, theirs, strict=True) if not data)
        yield (
            ("data",),
            f"{name} of {silent.name} is simulated, so the devices do not add up to the plant; give it data too",
        )
    elif not own:
        index = plant.devices.index(next(device for device, data in zip(devices, theirs, strict=True) if data))
        text = f"{name} of the plant is simulated, so its devices do not add up to it; give the plant data too"
        yield ("devices", index, "data"), text
    else:
        yield from _compared(name, own, theirs)


def _fine(recordings: Sequence[Recording], name: str) -> list[Recording]:
    """Return the rows of a few minutes that hold a property, powers where there are both."""
    found = [item for item in recordings if name in item.names and item.period is Period.DAY]
    return [item for item in found if not item.is_energy] or found


def _compared(name: str, own: Sequence[Recording], theirs: Sequence[Sequence[Recording]]) -> Iterator[tuple[Path, str]]:
    everything = [*own, *(item for data in theirs for item in data)]
    begin, end = max(item.begin for item in everything), min(item.end for item in everything)
    if begin >= end:
        return
    whole = sum(_energy(item, name, begin, end) for item in own)
    parts = sum(_energy(item, name, begin, end) for data in theirs for item in data)
    if abs(whole - parts) > TOLERANCE * max(whole, parts):
        shown = f"{whole / 1_000.0:.1f} kWh, and its devices' {parts / 1_000.0:.1f}"
        yield ("data",), f"{name} of the plant is {shown} in the time that both have rows of; look for a wrong unit"


def _energy(recording: Recording, name: str, begin: int, end: int) -> float:
    """Return what a column adds up to between two instants [Wh]."""
    ends = memoryview(recording.ends).cast("q")
    low, high = bisect_right(ends, begin), bisect_right(ends, end)
    values = memoryview(dict(recording.columns)[name]).cast("d")[low:high]
    total = sum(value for value in values if value == value)  # noqa: PLR0124 - NaN
    return total if recording.is_energy else total * recording.step / 3_600.0
