"""The level of consumption, fitted to recorded rows with the season, the days and the hours of simulated ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mock_sma.domain.device import Device, DeviceKind
from mock_sma.domain.plant import Load, LoadKind
from mock_sma.frozen import frozen
from mock_sma.seeding import key
from mock_sma.simulation.consumers import consumer_load
from mock_sma.simulation.day_types import day_types
from mock_sma.simulation.load import HOURS_PER_YEAR, base_load
from mock_sma.simulation.slots import SLOT, SLOTS_PER_DAY, days_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from mock_sma.importer.pieces import Piece
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.slots import Days

LIVES = 300
"""Simulated days that a mean is made of: who is at home on a day is chance, and makes 17 % of it."""

LEAST = 0.1
"""Of the recorded consumption, what a household takes at least, whatever its consumers may."""

SHORT = 3_600
"""Rows up to this long tell the hours [s]."""

SATURDAY = 5
"""First free day of a week; holidays are too few to matter."""

SHARES = (0.05, 4.0)
"""Of what is expected of consumers, what they are taken to use."""

DOUBT = 1.4
"""How much better a business has to fit: a few days of a household are far from its mean."""

FEWEST = 24
"""Hours of workdays and free days, all 48 told apart, without which nothing tells a household from a business."""

WORDS = {LoadKind.HOUSEHOLD: "a household", LoadKind.COMMERCIAL: "a business"}


@frozen
class FittedLoad:
    """What fits best.

    Attributes:
        kind: whose habits fit best.
        is_told: whether rows tell the kind.
        annual_energy: without consumers [Wh per year].
        share: what consumers without rows of their own take, of what was expected of them [1].
        first: first recorded day.
        last: last recorded day.
        days: how many of them have rows.
    """

    kind: LoadKind
    is_told: bool
    annual_energy: float
    share: float
    first: date
    last: date
    days: int


@frozen
class Locality:
    """What makes a day of consumption: its length, its season and its holidays."""

    zone: ZoneInfo
    is_north: bool
    country: str | None


class Beside(NamedTuple):
    """Consumers that are simulated beside the load: those that have rows of their own, and others."""

    own: Sequence[Device]
    others: Sequence[Device]


class _Expected(NamedTuple):
    """What is expected in the times of pieces [Wh]."""

    of_load: Floats
    of_others: Floats
    of_own: Floats


class _Scaled(NamedTuple):
    """A load, what others take of what is expected of them [1], and how far the hours are off [1]; 0: not known."""

    load: Load
    share: float
    deviation: float


def fitted_consumption(pieces: Sequence[Piece], place: Locality, beside: Beside) -> FittedLoad | None:
    """Return the load whose simulated days are expected to take what the recorded ones did.

    Args:
        pieces: of the whole consumption, in order.
        place: where it is.
        beside: consumers that are part of it, and simulated beside the load.

    Returns:
        None: there is nothing recorded.
    """
    if not pieces:
        return None
    energies = np.array([piece.energy for piece in pieces])
    whole, duration = float(energies.sum()), sum(piece.end - piece.begin for piece in pieces)
    dates = _dates(pieces, place.zone)
    if whole <= 0.0:
        return FittedLoad(LoadKind.NONE, True, 0.0, 1.0, dates[0], dates[-1], len(dates))
    load = Load(annual_energy=whole / duration * SHORT * HOURS_PER_YEAR)
    found = [_scaled(replace(load, kind=kind), pieces, place, beside) for kind in WORDS]
    best = min(found, key=lambda item: item.deviation * (1.0 if item.load.kind is LoadKind.HOUSEHOLD else DOUBT))
    energy = round(best.load.annual_energy, -3) or 1.0
    is_told = best.deviation > 0.0
    return FittedLoad(best.load.kind, is_told, energy, best.share, dates[0], dates[-1], len(dates))


def _scaled(load: Load, pieces: Sequence[Piece], place: Locality, beside: Beside) -> _Scaled:
    """Return a load of a kind at the level that fits best, and how far the hours are off then."""
    dates = _dates(pieces, place.zone)
    hours = _hours(pieces, place.zone)
    energies = np.array([piece.energy for piece in pieces])
    for _ in range(2):  # small households have fewer appliances, not smaller ones: twice is exact enough
        expected = _expected(pieces, dates, place, load, beside)
        recorded, of_load, of_others, of_own = (
            np.bincount(hours, values, minlength=2 * 24).astype(np.float64) for values in (energies, *expected)
        )
        recorded = recorded - of_own
        share = _share(recorded, of_load, of_others)
        rest = max(float((recorded - share * of_others).sum()), LEAST * float(energies.sum()))
        scale = rest / max(float(of_load.sum()), 1e-9)
        load = replace(load, annual_energy=load.annual_energy * scale)
    off = recorded - scale * of_load - share * of_others
    is_told = len(np.unique(hours)) > FEWEST
    return _Scaled(load, share, float(np.abs(off).sum()) / rest if is_told else 0.0)


def _share(recorded: Floats, of_load: Floats, of_others: Floats) -> float:
    """Return how much of what is expected of consumers fits the hours best, beside a load of any level [1]."""
    if not of_others.any() or np.count_nonzero(of_load) <= 1:
        return 1.0
    known = np.column_stack((of_load, of_others))
    level, share = np.linalg.lstsq(known, recorded, rcond=None)[0].tolist()
    return min(max(share, SHARES[0]), SHARES[1]) if level > 0.0 else 1.0


def _hours(pieces: Sequence[Piece], zone: ZoneInfo) -> Ints:
    """Return the hour of the day that each piece lies in, of free days from 24 on; of longer ones 0."""
    if any(piece.end - piece.begin > SHORT for piece in pieces):
        return np.zeros(len(pieces), dtype=np.int64)
    middles = (datetime.fromtimestamp((piece.begin + piece.end) // 2, UTC).astimezone(zone) for piece in pieces)
    return np.array([moment.hour + 24 * (moment.weekday() >= SATURDAY) for moment in middles], dtype=np.int64)


def _dates(pieces: Iterable[Piece], zone: ZoneInfo) -> list[date]:
    found = set()
    for piece in pieces:
        first, last = (datetime.fromtimestamp(at, UTC).astimezone(zone) for at in (piece.begin, piece.end - 1))
        found |= {date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)}
    return sorted(found)


def _blocks(dates: Sequence[date]) -> list[tuple[date, int]]:
    """Return days that follow one another as first date and count."""
    numbers = np.array([day.toordinal() for day in dates])
    cuts = np.flatnonzero(np.diff(numbers) > 1) + 1
    return [(date.fromordinal(int(part[0])), len(part)) for part in np.split(numbers, cuts)]


def _expected(pieces: Sequence[Piece], dates: Sequence[date], place: Locality, load: Load, beside: Beside) -> _Expected:
    marks = np.array([(piece.begin, piece.end) for piece in pieces], dtype=np.float64) / SLOT
    sums = np.zeros((3, len(pieces)))
    lives = max(LIVES // len(dates), 2)
    for first, count in _blocks(dates):
        days = days_of(first, count, place.zone)
        edges = np.arange(len(days.slots) + 1, dtype=np.float64) + float(days.edges[0])
        for number, values in enumerate(_lived(days, lives, place, load, beside)):
            total = np.concatenate((np.zeros(1), np.cumsum(values))) / (1_000.0 * lives)
            sums[number] += np.diff(np.interp(marks, edges, total), axis=1)[:, 0]
    return _Expected(*sums)


def _lived(days: Days, lives: int, place: Locality, load: Load, beside: Beside) -> tuple[Ints, Ints, Ints]:
    """Return what some lives take in each slot, of the load, of other consumers and of those with rows [mWh]."""
    kinds = day_types(days.dates, place.country)
    of_load, of_others, of_own = np.zeros((3, len(days.slots)), dtype=np.int64)
    for life in range(lives):
        of_load += base_load(load, days, kinds, key(life, "load") >> 8, 1.0 if place.is_north else -1.0)
        for number, item in enumerate((*beside.own, *beside.others)):
            taken = of_own if number < len(beside.own) else of_others
            taken += consumer_load(item, days, key(life, "consumer", number) >> 8, SLOTS_PER_DAY)
    return of_load, of_others, of_own


def _length(piece: Piece) -> int:
    return piece.end - piece.begin


def consumer_of(entry: Mapping[str, Any]) -> Device:
    """Return the device that a scenario's entry of a consumer makes, as far as its consumption goes."""
    return Device(
        id=str(entry["id"]),
        name="",
        kind=DeviceKind(entry["kind"]),
        type="",
        product="",
        product_id=0,
        annual_energy=entry.get("annual_energy"),
        rated_power=entry.get("rated_power"),
    )


def fitted_consumer(pieces: Sequence[Piece]) -> dict[str, float]:
    """Return the keys of a consumer that takes as much as was recorded; none where that is not known.

    A week without a run says little of a car, and rows of days nothing of its power.
    """
    whole, duration = sum(piece.energy for piece in pieces), sum(map(_length, pieces))
    if whole <= 0.0:
        return {}
    found = {"annual_energy": round(whole / duration * SHORT * HOURS_PER_YEAR, -3) or 1.0}
    if _length(pieces[0]) <= SHORT:
        found["rated_power"] = round(max(piece.mean for piece in pieces), -1) or 1.0
    return found
