"""Sets that say something else than was measured: what ``value`` events make of columns.

Of a device's states, and of all that stands at the plant itself. What a device counts is in
:mod:`mock_sma.simulation.misread`, since other sets follow from it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from mock_sma.domain.catalogue import ENERGY_AND_POWER_BATTERY, Nature
from mock_sma.domain.event import EventKind, ValueMode
from mock_sma.domain.period import Period, Span
from mock_sma.overlay.former import places_of
from mock_sma.simulation.columns import columns_of
from mock_sma.simulation.misread import LOOK_BACK, happens
from mock_sma.simulation.part import Columns
from mock_sma.simulation.slots import midnight
from mock_sma.simulation.stamps import UNITS, coarse_limits
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.misread import Numbered
    from mock_sma.simulation.part import Cells, Lists, Part

    class PartOf(Protocol):
        """Gives the rows of a set for a span, of a device or the plant, with what can be seen."""

        def __call__(
            self, wanted: MeasurementSet, span: Span, device: Device | None, seen: Visibility, /, *, energy: bool
        ) -> Part:
            """Return them, with energies or powers."""
            ...


MAX_CHUNKS = 400
"""Stretches of up to a month whose changes are kept per plant."""

CHARGE_STATE = "batteryStateOfCharge"


class Rewriting:
    """The ``value`` events of one plant that act on columns.

    Args:
        generator: of the plant.
        part_of: gives the rows of a set.
    """

    def __init__(self, generator: Generator, part_of: PartOf) -> None:
        self._generator = generator
        self._plant = generator.plant
        self._part_of = part_of
        self._events: dict[tuple[str, str | None], list[Numbered]] = {}
        for number, event in enumerate(self._plant.events):
            if event.kind is EventKind.VALUE and event.set_name is not None:
                self._events.setdefault((event.set_name.lower(), event.device_id), []).append((number, event))
        self._chunks: dict[tuple[object, ...], dict[date, dict[str, float]]] = {}

    def of(self, measurement_set: MeasurementSet, device_id: str | None) -> list[Numbered]:
        """Return the events that act on a set of the plant (None) or of a device."""
        return self._events.get((measurement_set.name.lower(), device_id), [])

    def rows(self, measurement_set: MeasurementSet, device: Device | None, part: Part, columns: Columns) -> Columns:
        """Return fine columns as they are sent."""
        if not self._events or part.detail is None:
            return columns
        if device is None and CHARGE_STATE in columns.scalars:
            columns = self._charge_state(part, columns)
        for numbered in self.of(measurement_set, None if device is None else device.id):
            columns = self._rewritten(measurement_set, device, part, columns, numbered)
        return columns

    def coarse(
        self, measurement_set: MeasurementSet, span: Span, stamps: list[str], columns: Columns, seen: Visibility
    ) -> Columns:
        """Return a plant's coarse columns, which hold what its fine rows add up to."""
        length = UNITS[span.period]
        places = {stamp[:length]: place for place, stamp in enumerate(stamps)}
        scalars = {name: list(cells) for name, cells in columns.scalars.items()}
        for day, change in self.changes(measurement_set, span, seen).items():
            place = places.get(day.isoformat()[:length])
            for name, amount in change.items():
                if place is not None and name in scalars:
                    scalars[name][place] = (scalars[name][place] or 0.0) + amount
        return replace(columns, scalars=scalars)

    def sums(self, measurement_set: MeasurementSet, span: Span, part: Part, seen: Visibility) -> dict[str, float]:
        """Return by how much the sums of a plant's rows are other than measured [Wh]."""
        fine = part.detail is not None
        days = self.change(measurement_set, part) if fine else self.changes(measurement_set, span, seen)
        result: dict[str, float] = {}
        for change in days.values():
            for name, amount in change.items():
                result[name] = result.get(name, 0.0) + amount
        return result

    def changes(self, measurement_set: MeasurementSet, span: Span, seen: Visibility) -> dict[date, dict[str, float]]:
        """Return by how much the energies of the days of a coarse period are other than measured [Wh]."""
        found: dict[date, dict[str, float]] = {}
        days = [self._days(event) for _, event in self.of(measurement_set, None)]
        last = datetime.fromtimestamp(seen.until - 1, self._generator.zone).date()
        first, stop = coarse_limits(span, self._plant, None, last, self._generator.zone)
        low = max(first, min(begun for begun, _ in days))
        high = min(stop, max(end for _, end in days), last + timedelta(days=1))
        while low < high:
            next_month = (low.replace(day=1) + timedelta(days=32)).replace(day=1)
            found |= self._chunk(measurement_set, low, min(next_month, high), seen)
            low = next_month
        return found

    def change(self, measurement_set: MeasurementSet, part: Part) -> dict[date, dict[str, float]]:
        """Return by how much the energies in a plant's rows are other than measured, by day [Wh]."""
        before = columns_of(measurement_set, part, self._plant, None)
        after = self.rows(measurement_set, None, part, before)
        found: dict[date, dict[str, float]] = {}
        energies = {item.name for item in measurement_set.properties if item.nature is Nature.ENERGY}
        for name in {event.property_name or "" for _, event in self.of(measurement_set, None)} & energies:
            pairs = zip(part.ends.tolist(), before.scalars.get(name, ()), after.scalars.get(name, ()), strict=False)
            for end, old, new in pairs:
                if old != new:
                    day = datetime.fromtimestamp(end - 1, self._generator.zone).date()
                    change = found.setdefault(day, {})
                    change[name] = change.get(name, 0.0) + (new or 0.0) - (old or 0.0)
        return found

    def _chunk(
        self, measurement_set: MeasurementSet, first: date, stop: date, seen: Visibility
    ) -> dict[date, dict[str, float]]:
        key = (measurement_set.name, first, stop, seen.arrived)
        found = self._chunks.get(key)
        if found is None:
            found = {}
            for number in range((stop - first).days):
                span = Span(Period.DAY, first + timedelta(days=number))
                found |= self.change(measurement_set, self._part_of(measurement_set, span, None, seen, energy=True))
            if midnight(stop, self._generator.zone) <= seen.until:
                if len(self._chunks) > MAX_CHUNKS:
                    self._chunks.clear()
                self._chunks[key] = found
        return found

    def _days(self, event: PlantEvent) -> tuple[date, date]:
        """Return the first day of an event and the one after its last."""
        zone = self._generator.zone
        end = date.max if event.end is None else event.end.astimezone(zone).date() + timedelta(days=1)
        return event.start.astimezone(zone).date(), end

    def _rewritten(
        self, measurement_set: MeasurementSet, device: Device | None, part: Part, columns: Columns, numbered: Numbered
    ) -> Columns:
        number, event = numbered
        name = event.property_name or ""
        nature = next(item.nature for item in measurement_set.properties if item.name == name)
        is_counted = device is not None and nature is Nature.ENERGY
        if is_counted and event.mode is not ValueMode.NULL:
            return columns  # its rows arrived so
        there = happens(self._generator, number, event, part.ends, event.share) & columns.kept
        if not there.any():
            return columns
        held = self._held(measurement_set, device, event) if event.mode is ValueMode.STUCK else None
        if name in columns.scalars:
            amounts = self._amounts(event, part, held, is_energy=nature is Nature.ENERGY and not part.watts)
            whole = nature is Nature.ENERGY and not part.watts
            cells = _replaced(columns.scalars[name], there, event, amounts, whole=whole)
            return replace(columns, scalars=columns.scalars | {name: cells})
        if name in columns.indexed:
            lists = _replaced_lists(columns.indexed[name], there, event, held)
            return replace(columns, indexed=columns.indexed | {name: lists})
        return columns

    def _amounts(self, event: PlantEvent, part: Part, held: object, *, is_energy: bool) -> list[float]:
        """Return by row what is put in the place of a value, or added to it."""
        value = held if event.mode is ValueMode.STUCK else event.value
        amount = value if isinstance(value, float | int) else 0.0
        if not is_energy or part.detail is None:
            return [float(amount)] * len(part.ends)
        spans = part.detail.rows.spans[part.detail.wanted]
        since = part.ends - int(event.start.timestamp())
        # Whole Wh that add up, however many rows there are.
        counts: Ints = np.floor(amount * since / 3_600.0) - np.floor(amount * (since - spans) / 3_600.0)
        return [float(count) for count in counts.tolist()]

    def _held(self, measurement_set: MeasurementSet, device: Device | None, event: PlantEvent) -> object:
        """Return the last value before an event, in the units of fine rows; None: there is none."""
        at, zone = event.start.timestamp(), self._generator.zone
        day = datetime.fromtimestamp(at - 1, zone).date()
        for _ in range(LOOK_BACK):
            seen = Visibility(midnight(day + timedelta(days=1), zone))
            part = self._part_of(measurement_set, Span(Period.DAY, day), device, seen, energy=False)
            columns = columns_of(measurement_set, part, self._plant, device)
            cells = (columns.scalars | columns.indexed).get(event.property_name or "", [])
            for end, cell in zip(reversed(part.ends.tolist()), reversed(cells), strict=False):
                if end <= at and cell not in (None, []):
                    return cell
            day -= timedelta(days=1)
        return None

    def _charge_state(self, part: Part, columns: Columns) -> Columns:
        """Return a plant's columns with a state of charge that follows from what its batteries say."""
        ids = self._battery_ids(part)
        if part.detail is None or not any(self.of(ENERGY_AND_POWER_BATTERY, name) for name in ids):
            return columns
        return replace(columns, scalars=columns.scalars | {CHARGE_STATE: self._charge_states(part, columns)})

    def _battery_ids(self, part: Part | None) -> set[str]:
        """Return the batteries of a plant, also from before its changes."""
        if part is None or part.detail is None:
            return set()
        own = {pack.device.id for pack in part.detail.generator.bank.packs}
        return own | self._battery_ids(part.former.part if part.former else None)

    def _charge_states(self, part: Part, columns: Columns) -> Cells:
        assert part.detail is not None
        stored, capacity = np.zeros((2, len(part.ends)))
        for pack in part.detail.generator.bank.packs:
            name = pack.device.id
            own = replace(columns, scalars={CHARGE_STATE: part.detail.charge_state([name])}, indexed={})
            for numbered in self.of(ENERGY_AND_POWER_BATTERY, name):
                own = self._rewritten(ENERGY_AND_POWER_BATTERY, pack.device, part, own, numbered)
            cells = own.scalars[CHARGE_STATE]
            stored += [0.0 if cell is None else cell * pack.capacity for cell in cells]
            capacity += [0.0 if cell is None else pack.capacity for cell in cells]
        states: Cells = [
            round(value / whole, 2) if whole else None
            for value, whole in zip(stored.tolist(), capacity.tolist(), strict=True)
        ]
        if part.former is None or part.former.part.detail is None:
            return states
        # Until a change it follows from the batteries as they were.
        was = self._charge_states(part.former.part, Columns(part.former.part.everything, {}, {}))
        places = places_of(part, part.former).tolist()
        return [state if place < 0 else was[place] for state, place in zip(states, places, strict=True)]


def _replaced(cells: Cells, there: Bools, event: PlantEvent, amounts: list[float], *, whole: bool) -> Cells:
    return [
        _new(cell, event, amount, whole=whole) if happens_here else cell
        for cell, happens_here, amount in zip(cells, there.tolist(), amounts, strict=True)
    ]


def _replaced_lists(lists: Lists, there: Bools, event: PlantEvent, held: object) -> Lists:
    kept = dict(held) if isinstance(held, list) else {}
    result: Lists = []
    for items, happens_here in zip(lists, there.tolist(), strict=True):
        if happens_here:
            new = [(letter, _new(value, event, kept.get(letter, event.value or 0.0))) for letter, value in items]
            result.append([(letter, value) for letter, value in new if value is not None])
        else:
            result.append(items)
    return result


def _new(cell: float | None, event: PlantEvent, amount: float, *, whole: bool = False) -> float | None:
    match event.mode:
        case ValueMode.FIXED | ValueMode.STUCK:
            return amount
        case ValueMode.ADD if cell is not None:
            return round(cell + amount, 3)
        case ValueMode.SCALE if cell is not None:
            return round(cell * (event.value or 0.0), None if whole else 3) * 1.0
    return None
