"""One plant's numbers for any period, from the same integers at every resolution."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.event import EventKind
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.period import Period
from mock_sma.domain.scenario import DstFold
from mock_sma.simulation.block import PV, Generator, midnight
from mock_sma.simulation.columns import Slice, columns_of
from mock_sma.simulation.fold import fold_rows
from mock_sma.simulation.rows import rows_of
from mock_sma.simulation.table import Table
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.balance import Cells
    from mock_sma.simulation.block import Block, Channel
    from mock_sma.simulation.chance import Bools, Ints
    from mock_sma.simulation.rows import Rows

MAX_YEARS = 40
MAX_BLOCKS = 16
EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Days:
    """Whole-Wh sums per local day of one year.

    Attributes:
        shown: (days,) whether any row of the day reached the portal.
        sums: (days,) by channel [Wh].
    """

    shown: Bools
    sums: dict[Channel, Ints]


class PlantSimulator:
    """The numbers of one plant, a pure function of (plant, seed) and of what can be seen.

    Args:
        plant: the plant.
        seed: of the world.
        dst_fold: what is sent for the repeated hour of an autumn day.
    """

    def __init__(self, plant: Plant, seed: int, *, dst_fold: DstFold = DstFold.DUPLICATE) -> None:
        self.plant = plant
        self.dst_fold = dst_fold
        self.generator = Generator(plant, seed)
        self.zone = self.generator.zone
        self._blocks: OrderedDict[tuple[date, int], Block] = OrderedDict()
        self._years: OrderedDict[tuple[int, tuple[int, ...]], Days] = OrderedDict()

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
        resolution = span.resolution(self.plant.resolution)
        if not self._offers(measurement_set, device_id):
            return Table(resolution)
        if span.period.is_fine:
            part, stamps = self._fine(span, seen, energy=energy)
        else:
            part, stamps = self._coarse(span, seen)
        device = self._device(device_id)
        columns, kept = columns_of(measurement_set.name, part, device)
        stamps = [stamp for stamp, keep in zip(stamps, kept.tolist(), strict=True) if keep]
        columns = {name: _filtered(cells, kept) for name, cells in columns.items()}
        columns = {name: cells for name, cells in columns.items() if any(cell is not None for cell in cells)}
        table = Table(resolution, stamps, columns)
        if span.period.is_fine:
            table = fold_rows(table, measurement_set, self.dst_fold, energy=energy)
        return table

    def total(
        self,
        measurement_set: MeasurementSet,
        span: Span,
        *,
        device_id: str | None = None,
        energy: bool = False,  # noqa: ARG002 - a total is an energy either way
        seen: Visibility,
    ) -> dict[str, float]:
        """Return the sums of a set over its rows: energies in Wh, rates from these sums (WithTotal)."""
        if not self._offers(measurement_set, device_id):
            return {}
        fine = span.period.is_fine
        part, _ = self._fine(span, seen, energy=True) if fine else self._coarse(span, seen)
        if not len(part.ends):
            return {}
        columns, _ = columns_of(measurement_set.name, part.summed(), self._device(device_id))
        return {name: cells[0] for name, cells in columns.items() if cells[0] is not None}

    def _offers(self, measurement_set: MeasurementSet, device_id: str | None) -> bool:
        name = measurement_set.name
        if device_id is None:
            wanted = "EnergyAndPowerPv" if name == "PvGeneration" else name
            return wanted in plant_sets(self.plant)
        device = self._device(device_id)
        return device is not None and name in device_sets(self.plant, device)

    def _device(self, device_id: str | None) -> Device | None:
        return next((item for item in self.plant.devices if item.id == device_id), None)

    # ---- Recent, Day, Week ----------------------------------------------------------------------------

    def _fine(self, span: Span, seen: Visibility, *, energy: bool) -> tuple[Slice, list[str]]:
        if span.period is Period.RECENT:
            return self._recent(seen, energy=energy)
        first = span.first or self.plant.commissioned
        part = self._slice(first, span.days, seen, energy=energy)
        return part, self._labels(part.ends)

    def _recent(self, seen: Visibility, *, energy: bool) -> tuple[Slice, list[str]]:
        day = datetime.fromtimestamp(seen.until - 1, self.zone).date()
        part = self._slice(day, 1, seen, energy=energy)
        if not len(part.ends):
            day = self._lead(day)
            if day >= self.plant.commissioned:
                part = self._slice(day, 1, seen, energy=energy)
        part = part.last()
        return part, self._labels(part.ends)

    def _slice(self, first: date, days: int, seen: Visibility, *, energy: bool) -> Slice:
        """Return the rows of local days; a gap that reaches into them is begun at its start."""
        lead = self._lead(first)
        extra = (first - lead).days
        block = self._block(lead, days + extra)
        rows = rows_of(self.plant, block, seen, self.generator.begin)
        wanted = rows.day >= extra
        metered = {
            channel: (self._counted(rows, channel, values) if energy else rows.power_mw(values))[wanted]
            for channel, values in block.metered.items()
        }
        stored = None
        if block.stored is not None and len(block.stored):
            stored = block.stored[rows.marks - 1][wanted]
        return Slice(
            ends=rows.ends[wanted],
            metered=metered,
            watts=not energy,
            stored=stored,
            capacity=block.capacity,
            fine=True,
        )

    def _counted(self, rows: Rows, channel: Channel, values: Ints) -> Ints:
        """Return each row's Wh, with the junk that a new device's first reading may hold (MONITORING 3.3)."""
        counted = rows.energy_wh(values)
        for event in self.plant.events:
            if event.kind is not EventKind.FIRST_READING_SPIKE or channel[0] != PV:
                continue
            if event.device_id not in (None, channel[1]):
                continue
            # Only on the day itself, so that a day means the same whatever it is asked along with.
            begun = event.start.timestamp()
            midnight_after = midnight(event.start.astimezone(self.zone).date() + timedelta(days=1), self.zone)
            places = np.flatnonzero((rows.ends > begun) & (rows.ends <= midnight_after) & (counted > 0))
            if len(places):
                counted[places[0]] += round(event.value or 0.0)
        return counted

    def _lead(self, first: date) -> date:
        """Return the day at which a silence that covers the midnight before ``first`` began."""
        at = midnight(first, self.zone)
        for event in self.plant.events:
            if event.kind not in (EventKind.GAP, EventKind.LATE_DATA):
                continue
            end = event.end.timestamp() if event.end is not None else float("inf")
            if event.start.timestamp() < at <= end:
                begun = event.start.astimezone(self.zone).date()
                return self._lead(begun) if begun < first else begun
        return first

    def _block(self, first: date, days: int) -> Block:
        key = (first, days)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = self.generator.block(first, days)
            if len(self._blocks) > MAX_BLOCKS:
                self._blocks.popitem(last=False)
        else:
            self._blocks.move_to_end(key)
        return block

    def _labels(self, ends: Ints) -> list[str]:
        zone = self.zone
        return [
            datetime.fromtimestamp(end, zone).replace(tzinfo=None).isoformat(timespec="seconds")
            for end in ends.tolist()
        ]

    # ---- Month, Year, Total ---------------------------------------------------------------------------

    def _coarse(self, span: Span, seen: Visibility) -> tuple[Slice, list[str]]:
        last = datetime.fromtimestamp(seen.until - 1, self.zone).date()
        if span.first is None:
            first, stop = self.plant.commissioned, last + timedelta(days=1)
        elif span.period is Period.MONTH:
            first = span.first
            stop = (first + timedelta(days=32)).replace(day=1)
        else:
            first = span.first
            stop = date(first.year + 1, 1, 1)
        first = max(first, self.plant.commissioned)
        stop = min(stop, last + timedelta(days=1))
        dates, shown, sums = self._days(first, stop, seen)
        length = {Period.MONTH: 10, Period.YEAR: 7, Period.TOTAL: 4}[span.period]
        labels = [day.isoformat()[:length] for day, is_shown in zip(dates, shown, strict=True) if is_shown]
        groups = list(dict.fromkeys(labels))
        place = np.array([groups.index(label) for label in labels], dtype=np.int64)
        metered = {
            channel: np.bincount(place, weights=values[shown], minlength=len(groups)).astype(np.int64)
            for channel, values in sums.items()
        }
        suffix = {Period.MONTH: "", Period.YEAR: "-01", Period.TOTAL: "-01-01"}[span.period]
        starts = np.array([midnight(date.fromisoformat(group + suffix), self.zone) for group in groups], dtype=np.int64)
        part = Slice(ends=starts, metered=metered, watts=False, stored=None, capacity=0, fine=False)
        return part, [f"{group}{suffix}T00:00:00" for group in groups]

    def _days(self, first: date, stop: date, seen: Visibility) -> tuple[list[date], Bools, dict[Channel, Ints]]:
        """Return dates, whether each has rows, and its sums by channel; the running day as far as it is seen."""
        dates = [first + timedelta(days=number) for number in range(max((stop - first).days, 0))]
        shown: list[Bools] = []
        sums: dict[Channel, list[Ints]] = {}
        for year in dict.fromkeys(day.year for day in dates):
            days = self._year(year, seen.arrived)
            low = (max(first, date(year, 1, 1)) - date(year, 1, 1)).days
            high = (min(stop, date(year + 1, 1, 1)) - date(year, 1, 1)).days
            shown.append(days.shown[low:high])
            for channel, values in days.sums.items():
                sums.setdefault(channel, []).append(values[low:high])
        if not dates:
            empty = np.zeros(0, dtype=np.int64)
            return [], empty.astype(bool), dict.fromkeys(self._channels(), empty)
        is_shown = np.concatenate(shown)
        joined = {channel: np.concatenate(parts) for channel, parts in sums.items()}
        if midnight(dates[-1] + timedelta(days=1), self.zone) > seen.until:
            part = self._slice(dates[-1], 1, seen, energy=True)
            is_shown[-1] = bool(len(part.ends))
            for channel, values in part.metered.items():
                joined[channel][-1] = int(values.sum())
        return dates, is_shown, joined

    def _channels(self) -> list[Channel]:
        return list(self._block(self.plant.commissioned, 1).metered)

    def _year(self, year: int, arrived: tuple[int, ...]) -> Days:
        key = (year, arrived)
        days = self._years.get(key)
        if days is None:
            days = self._years[key] = self._make_year(year, arrived)
            if len(self._years) > MAX_YEARS:
                self._years.popitem(last=False)
        return days

    def _make_year(self, year: int, arrived: tuple[int, ...]) -> Days:
        first, stop = date(year, 1, 1), date(year + 1, 1, 1)
        lead = self._lead(first)
        extra = (first - lead).days
        count = (stop - first).days
        block = self.generator.block(lead, count + extra)
        rows: Rows = rows_of(self.plant, block, Visibility(EVER, arrived), self.generator.begin)
        day = rows.day - extra
        wanted = day >= 0
        sums = {
            channel: np.bincount(
                day[wanted], weights=self._counted(rows, channel, values)[wanted], minlength=count
            ).astype(np.int64)
            for channel, values in block.metered.items()
        }
        shown = np.bincount(day[wanted], minlength=count) > 0
        return Days(shown, sums)


def _filtered(cells: Cells, kept: Bools) -> Cells:
    return cells if bool(kept.all()) else [cell for cell, keep in zip(cells, kept.tolist(), strict=True) if keep]
