"""One plant's numbers for any period, from the same integers at every resolution."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, datetime, timedelta
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from mock_sma.domain.catalogue import ENERGY_DC, POWER_DC, Nature
from mock_sma.domain.event import EventKind
from mock_sma.domain.instruments import resolution_of
from mock_sma.domain.period import Period, Span
from mock_sma.domain.scenario import DstFold
from mock_sma.leaves import leaf
from mock_sma.simulation.balance import summed
from mock_sma.simulation.block import PV
from mock_sma.simulation.columns import columns_of, offers
from mock_sma.simulation.doubles import doubled_stamps, with_doubles
from mock_sma.simulation.fold import fold_rows
from mock_sma.simulation.generator import generator_of
from mock_sma.simulation.hours import by_hour
from mock_sma.simulation.part import Part, only_row
from mock_sma.simulation.rows import View
from mock_sma.simulation.slot_rows import SlotRows
from mock_sma.simulation.slots import midnight
from mock_sma.simulation.stamps import coarse_limits, coarse_stamps, fine_stamps
from mock_sma.simulation.sums import DaySums
from mock_sma.simulation.table import Table, Total
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.part import Columns

MAX_TABLES = 2  # of up to a day, kept per plant; what is asked again and again is kept as bytes, by the sandbox

MAX_ROWS = 320
OWN_SIZE = 20_000  # what a simulator takes before it is asked for anything [bytes]
LOOK_BACK = 7  # days in which the latest row is looked for


class PlantSimulator:
    """The numbers of one plant, a pure function of (plant, seed) and of what can be seen.

    Args:
        plant: the plant.
        seed: the seed of the world.
        dst_fold: what is sent for the repeated hour of an autumn day.
    """

    def __init__(self, plant: Plant, seed: int, *, dst_fold: DstFold = DstFold.DUPLICATE) -> None:
        self.plant = plant
        self.dst_fold = dst_fold
        self.generator = generator_of(plant, seed)
        self.zone = self.generator.zone
        self._rows = SlotRows(self.generator)
        self._sums = DaySums(self.generator, self._rows.blocks)
        self._tables: OrderedDict[tuple[object, ...], Table] = OrderedDict()
        # What lies over the numbers of few plants is loaded for those.
        self._replays: Any = None
        if plant.data or any(item.data for item in plant.devices):
            self._replays = leaf("overlay.replays", "Replays")(plant, dst_fold)
        self._rewriting: Any = None
        if any(event.kind is EventKind.VALUE for event in plant.events):
            self._rewriting = leaf("overlay.rewrite", "Rewriting")(
                self.generator, lambda *asked, energy: self._part(*asked, energy=energy)[0]
            )

    @property
    def size(self) -> int:
        """Bytes kept, by and large."""
        return OWN_SIZE + self._rows.size + self._sums.size + sum(table.size for table in self._tables.values())

    def table(
        self,
        measurement_set: MeasurementSet,
        span: Span,
        *,
        device_id: str | None = None,
        energy: bool = False,
        seen: Visibility,
    ) -> Table:
        """Return the rows of a set.

        Args:
            span: period and date.
            device_id: a device of the plant; None: the plant.
            energy: Wh instead of W in fine periods; coarse ones are always Wh.
            seen: what can be seen by now.
        """
        key = (measurement_set.name, span, device_id, energy, seen)
        table = self._tables.get(key)
        if table is None:
            make = partial(self._make_table, measurement_set, device_id, seen)
            if self._replays is None:
                table = make(span, energy)
            else:
                table = self._replays.table(measurement_set, device_id, span, seen.until, energy=energy, simulate=make)
            if len(table.stamps) <= MAX_ROWS:
                self._tables[key] = table
            if len(self._tables) > MAX_TABLES:
                self._tables.popitem(last=False)
        return table

    def whole_day(
        self, measurement_set: MeasurementSet, day: date, arrived: tuple[int, ...], *, energy: bool
    ) -> tuple[Table, list[int]]:
        """Return a plant's rows of a day as if it were over, not rewritten, and their ends; see Visibility.arrived."""
        span, seen = Span(Period.DAY, day), Visibility(midnight(day + timedelta(days=1), self.zone), arrived)
        if not self._offers(measurement_set, None):
            return Table(resolution_of(self.plant, measurement_set, span)), []
        part, stamps = self._part(measurement_set, span, None, seen, energy=energy)
        columns = columns_of(measurement_set, part, self.plant, None)
        kept, sent = columns.kept, columns.filtered()
        stamps = [*compress(stamps, kept.tolist())]
        table = Table(resolution_of(self.plant, measurement_set, span), stamps, sent.scalars, sent.indexed)
        return table, part.ends[kept].tolist()

    def _make_table(
        self, measurement_set: MeasurementSet, device_id: str | None, seen: Visibility, span: Span, energy: bool
    ) -> Table:
        resolution = resolution_of(self.plant, measurement_set, span)
        if not self._offers(measurement_set, device_id):
            return Table(resolution)
        if measurement_set.hourly_week and span.period is Period.WEEK:
            return fold_rows(self._hourly(measurement_set, span, seen), measurement_set, self.dst_fold, energy=False)
        device = self._device(device_id)
        energy = energy or not measurement_set.has_power
        doubled: set[str] = set()
        if span.period is Period.RECENT:
            stamps, columns = self._recent(measurement_set, device, seen, energy=energy)
        else:
            part, stamps = self._part(measurement_set, span, device, seen, energy=energy)
            doubled = doubled_stamps(self.generator, part, stamps, device_id) if part.detail is not None else set()
            stamps, columns = self._columns(measurement_set, part, stamps, device)
        if device is None and self._is_rewritten(measurement_set) and not span.period.is_fine:
            columns = self._rewriting.coarse(measurement_set, span, stamps, columns, seen)
        table = Table(resolution, stamps, columns.scalars, columns.indexed)
        if span.period.is_fine:
            table = fold_rows(table, measurement_set, self.dst_fold, energy=energy)
        return with_doubles(table, doubled)

    def _hourly(self, measurement_set: MeasurementSet, span: Span, seen: Visibility) -> Table:
        """Return a plant's PV in whole watts by the hour: the watt-hours of an hour are its mean power."""
        part, _ = self._part(measurement_set, span, None, seen, energy=True)
        kept = columns_of(measurement_set, part, self.plant, None).kept
        ends, sums = by_hour(part.ends[kept], summed(part, PV)[kept], self.zone, seen.until)
        columns = {"pvGeneration": part.unit.cells(sums)} if len(ends) else {}
        return Table(resolution_of(self.plant, measurement_set, span), fine_stamps(ends, self.zone), columns)

    def _columns(
        self, measurement_set: MeasurementSet, part: Part, stamps: list[str], device: Device | None
    ) -> tuple[list[str], Columns]:
        columns = columns_of(measurement_set, part, self.plant, device)
        if self._rewriting is not None:
            columns = self._rewriting.rows(measurement_set, device, part, columns)
        return [*compress(stamps, columns.kept.tolist())], columns.filtered()

    def total(
        self,
        measurement_set: MeasurementSet,
        span: Span,
        *,
        device_id: str | None = None,
        energy: bool = False,  # noqa: ARG002 - a total is an energy either way
        seen: Visibility,
    ) -> Total:
        """Return the sums of a set over its rows: energies in Wh, rates from these sums (WithTotal)."""
        if not self._offers(measurement_set, device_id) or not measurement_set.has_energy:
            return {}
        if self._replays is not None and self._replays.touch(measurement_set, device_id, span, seen.until):
            recorded: Total = self._replays.total(
                measurement_set,
                (device_id, span, seen.until),
                lambda: self.table(measurement_set, span, device_id=device_id, energy=True, seen=seen),
            )
            return recorded
        device = self._device(device_id)
        if span.period is Period.RECENT:
            part = self._recent_part(measurement_set, device, seen, energy=True)
        else:
            part, _ = self._part(measurement_set, span, device, seen, energy=True)
        if not len(part.ends):
            return {}
        columns = columns_of(measurement_set, part.summed(), self.plant, device)
        summed = {item.name for item in measurement_set.properties if item.nature is not Nature.STATE}
        scalars = {name: cells[0] for name, cells in columns.scalars.items() if name in summed}
        lists = {name: cells[0] for name, cells in columns.indexed.items() if name in summed}
        if device is None and self._is_rewritten(measurement_set):
            for name, amount in self._rewriting.sums(measurement_set, span, part, seen).items():
                scalars[name] = (scalars[name] or 0.0) + amount
        total: Total = {name: value for name, value in scalars.items() if value is not None}
        return total | lists

    def _is_rewritten(self, measurement_set: MeasurementSet) -> bool:
        """Tell whether events make the plant's set say something else than was measured."""
        return self._rewriting is not None and bool(self._rewriting.of(measurement_set, None))

    def _offers(self, measurement_set: MeasurementSet, device_id: str | None) -> bool:
        device = self._device(device_id)
        return (device is not None or device_id is None) and offers(measurement_set, self.plant, device)

    def _device(self, device_id: str | None) -> Device | None:
        return next((item for item in self.plant.devices if item.id == device_id), None)

    def _part(
        self, measurement_set: MeasurementSet, span: Span, device: Device | None, seen: Visibility, *, energy: bool
    ) -> tuple[Part, list[str]]:
        """Return the rows of a span and their stamps."""
        view = View(self.generator, device.id if device is not None else None, seen)
        by_string = measurement_set in (POWER_DC, ENERGY_DC)
        strings = device if by_string and device is not None and device.generates_pv else None
        if span.period.is_fine:
            first = span.first or self.plant.commissioned
            part = self._rows.part(first, span.days, view, strings, energy=energy)
            return part, fine_stamps(part.ends, self.zone)
        return self._coarse(span, view, device, strings)

    # ---- Recent, Day, Week ----------------------------------------------------------------------------

    def _recent(
        self, measurement_set: MeasurementSet, device: Device | None, seen: Visibility, *, energy: bool
    ) -> tuple[list[str], Columns]:
        """Return the latest row that was sent."""
        part = self._recent_part(measurement_set, device, seen, energy=energy)
        return self._columns(measurement_set, part, fine_stamps(part.ends, self.zone), device)

    def _recent_part(
        self, measurement_set: MeasurementSet, device: Device | None, seen: Visibility, *, energy: bool
    ) -> Part:
        """Return the latest row that the set has: at night a PV device's is the evening's."""
        view = View(self.generator, device.id if device is not None else None, seen)
        last = seen.until
        if device is not None and device.deactivated_at is not None:
            last = min(last, int(device.deactivated_at.timestamp()))  # its latest row is of old (R30)
        day = datetime.fromtimestamp(last - 1, self.zone).date()
        part = self._rows.none(None, energy=energy)
        for _ in range(LOOK_BACK):
            if day < self.plant.commissioned:
                break
            found, _ = self._part(measurement_set, Span(Period.DAY, day), device, seen, energy=energy)
            if found.detail is not None:
                columns = columns_of(measurement_set, found, self.plant, device)
                places = np.flatnonzero(columns.kept)
                if len(places):
                    return only_row(found, found.detail, int(places[-1]))
                day -= timedelta(days=1)
            else:
                day = min(view.lead(day), day - timedelta(days=1))
        return part

    # ---- Month, Year, Total ---------------------------------------------------------------------------

    def _coarse(self, span: Span, view: View, device: Device | None, strings: Device | None) -> tuple[Part, list[str]]:
        last = datetime.fromtimestamp(view.seen.until - 1, self.zone).date()
        first, stop = coarse_limits(span, self.plant, device, last, self.zone)
        days = self._sums.between(first, stop, view, strings)
        shown = days.shown(device)
        stamps, places = coarse_stamps(span.period, first, np.flatnonzero(shown))
        ends = np.array([midnight(date.fromisoformat(stamp[:10]), self.zone) for stamp in stamps], dtype=np.int64)
        if not stamps:
            return self._rows.none(strings, energy=True), []
        return days.part(ends, shown, places), stamps
