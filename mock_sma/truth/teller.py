"""The energies of a plant's day, as they can be known now and as they will be in the end (R20, R25, R29, R30)."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from mock_sma.clock import EARLIEST, LATEST
from mock_sma.domain.catalogue import ALL_SETS, Nature
from mock_sma.domain.event import EventKind
from mock_sma.domain.instruments import device_sets, served_sets
from mock_sma.domain.period import Period, Span, parse_span
from mock_sma.errors import UsageError
from mock_sma.sandbox.world.happenings.book import TIMELINE
from mock_sma.sandbox.world.happenings.plants import plant_named
from mock_sma.simulation.visibility import Visibility, has_no_part_of, settled, settled_by
from mock_sma.truth.outlook import Outlook, outlook
from mock_sma.verdicts.truth import Energies, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from mock_sma.domain.actions import Action
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Profile
    from mock_sma.sandbox.world.estate import Estate
    from mock_sma.sandbox.world.happenings.book import Happenings
    from mock_sma.sandbox.world.simulators import Simulators
    from mock_sma.simulation.simulator import PlantSimulator
    from mock_sma.simulation.table import Table

FIRST, LAST = (datetime.fromtimestamp(edge, UTC).date() for edge in (EARLIEST, LATEST))


def day_of(day: date | str) -> date:
    """Return the local date that is meant.

    Raises:
        UsageError: it is none, or beyond what a world's clock can show.
    """
    found: date | None = None
    if isinstance(day, str):
        try:
            found = parse_span(Period.DAY, day).first
        except ValueError as error:
            raise UsageError(str(error)) from None
    elif isinstance(day, date) and not isinstance(day, datetime):
        found = day
    if found is None:
        raise UsageError(f"a day is a date or a text such as 2025-06-15, not {day!r}: a plant has local dates")
    if not FIRST < found < LAST:
        raise UsageError(f"the date {found} is beyond the clock, which goes from {FIRST} to {LAST}")
    return found


class Prospect(NamedTuple):
    """What is to come of a plant's day.

    Attributes:
        plant: as it is now.
        later: with all that the timeline still holds for it.
        end: of the day [s since the epoch].
        final_at: from when on nothing changes any more, at the latest [s since the epoch].
    """

    plant: Plant
    later: Plant
    end: float
    final_at: float


class TruthTeller:
    """Tells the energies of the plants of one world.

    Attributes:
        books: what it was made of.
    """

    def __init__(self, estate: Estate, happenings: Happenings, simulators: Simulators, profile: Profile) -> None:
        self._estate = estate
        self._happenings = happenings
        self._simulators = simulators
        self._profile = profile
        self.books = (estate, happenings, simulators, profile)
        self._coming: tuple[float, float, list[tuple[float, Action]]] = (inf, inf, [])
        self._outlooks: dict[str, tuple[Plant, list[tuple[float, Action]], Outlook]] = {}
        """What becomes of plants, each with what it was worked out of: who asks each night asks for it again."""

    def prospect(self, plant: Plant, day: date, now: float) -> Prospect:
        """Return what is to come of a plant's local day; see :meth:`asked`."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(plant.timezone)) + timedelta(days=1)
        end = midnight.timestamp()
        later, restated = self._outlook(plant, now, end)
        return Prospect(plant, later, end, max(settled_by(later, end, self._simulators.seed), restated or end))

    def _outlook(self, plant: Plant, now: float, end: float) -> Outlook:
        if self._coming[:2] != (now, end):
            self._coming = (now, end, self._happenings.changes_to_come(now, end))
        coming = self._coming[2]
        if not coming:
            return Outlook(plant)
        of, by, found = self._outlooks.get(plant.id, (None, [], Outlook(plant)))
        if of is not plant or by != coming:
            found = outlook(self._estate, plant, coming, TIMELINE)
            self._outlooks[plant.id] = (plant, coming, found)
        return found

    def asked(self, plant_id: str, day: date | str, now: float, *, devices: bool = True) -> Callable[[], Truth]:
        """Return what tells a plant's energies on a local day; it simulates, and the world need not be held for it.

        Args:
            plant_id: as it is now, or as it was before a migration.
            now: after all that is due has happened [s since the epoch].
            devices: whether its devices are wanted too.

        Raises:
            UnknownError: there is no such plant.
            UsageError: the day is none, or beyond what a clock can show.
        """
        day = day_of(day)
        plant = plant_named(self._estate, plant_id)
        _, later, end, final_at = self.prospect(plant, day, now)
        numbers = tuple(index for index, event in enumerate(later.events) if event.kind is EventKind.LATE_DATA)
        seen, simulators = self._simulators.seen(plant, now), self._simulators

        def told() -> Truth:
            if final_at <= now and not devices:
                # Nothing that is to come changes it: as it is now is how it stays.
                counts = settled(plant, Span(Period.DAY, day), seen)
                final = present = self._energies(simulators.lent, plant, day, counts, devices=False)
            else:
                # What will be has a simulator of its own: the kept one is of the plant as it is.
                simulator = simulators.lent if later is plant else lambda it: nullcontext(simulators.apart(it))
                final = self._energies(simulator, later, day, Visibility(int(end), numbers), devices=devices)
                present = final
                if later is not plant or final_at > now:
                    present = self._energies(simulators.lent, plant, day, seen, devices=devices)
            return Truth(
                plant_id=plant.id,
                date=day,
                now=present[""],
                final=final[""],
                devices=_joined(plant, later, present, final) if devices else {},
                final_at=datetime.fromtimestamp(final_at, ZoneInfo(plant.timezone)),
                is_final=final_at <= now,
            )

        return told

    def _energies(
        self,
        lent: Callable[[Plant], AbstractContextManager[PlantSimulator]],
        plant: Plant,
        day: date,
        seen: Visibility,
        *,
        devices: bool,
    ) -> dict[str, dict[str, float]]:
        """Return the sums of a day's rows, by device; of the plant under the empty name."""
        owners: list[Device | None] = [None, *(plant.devices if devices else ())]
        span = Span(Period.DAY, day)
        if has_no_part_of(plant, span, seen):
            return {"" if owner is None else owner.id: {} for owner in owners}
        with lent(plant) as simulator:
            return {
                "" if owner is None else owner.id: _sums(simulator, owner, self._sets(plant, owner), span, seen)
                for owner in owners
            }

    def _sets(self, plant: Plant, owner: Device | None) -> Iterable[str]:
        return served_sets(plant, self._profile) if owner is None else device_sets(plant, owner)


def _sums(
    simulator: PlantSimulator, owner: Device | None, sets: Iterable[str], span: Span, seen: Visibility
) -> dict[str, float]:
    sums: dict[str, float] = {}
    for wanted in (ALL_SETS[name.lower()] for name in sets):
        # A plant's PV is in two sets, with the same numbers.
        if any(item.nature is Nature.ENERGY and item.name not in sums for item in wanted.properties):
            device_id = None if owner is None else owner.id
            table = simulator.table(wanted, span, device_id=device_id, energy=True, seen=seen)
            sums = _of_table(wanted, table) | sums
    return sums


def _of_table(wanted: MeasurementSet, table: Table) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name in (item.name for item in wanted.properties if item.nature is Nature.ENERGY):
        cells = [cell for cell in table.columns.get(name, ()) if cell is not None]
        if cells:
            sums[name] = sum(cells)
        for letter, value in (pair for row in table.indexed.get(name, ()) for pair in row):
            key = f"{name}.{letter}"
            sums[key] = sums.get(key, 0.0) + value
    return sums


def _joined(
    plant: Plant, later: Plant, present: dict[str, dict[str, float]], final: dict[str, dict[str, float]]
) -> dict[str, Energies]:
    """Return the energies of all devices, those of now under the ids that they have now."""
    known = {device.id for device in plant.devices}
    earlier = {new: old for old, new in later.previous_ids if old in known}
    finals = {earlier.get(device.id, device.id): final[device.id] for device in later.devices}
    ids = dict.fromkeys((*(device.id for device in plant.devices), *finals))
    return {name: Energies(now=present.get(name, {}), final=finals.get(name, {})) for name in ids}
