"""The grid: one frequency for all plants of a synchronous area, and the voltage at the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.seeding import key
from mock_sma.simulation import chance
from mock_sma.simulation.part import milli

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Ints


class Grid(NamedTuple):
    """A synchronous area.

    Attributes:
        name: plants of one name see the same frequency.
        frequency: nominal [Hz].
        phase_voltage: from phase to neutral where there are three phases, nominal [V].
        single_voltage: the nominal voltage of a single-phase connection [V].
    """

    name: str
    frequency: float
    phase_voltage: float
    single_voltage: float


_EUROPE = Grid("continental Europe", 50.0, 230.0, 230.0)
_NORDIC = Grid("Nordic", 50.0, 230.0, 230.0)
_GREAT_BRITAIN = Grid("Great Britain", 50.0, 230.0, 230.0)
_IRELAND = Grid("Ireland", 50.0, 230.0, 230.0)
_SOUTH_AMERICA = Grid("Southern Cone", 50.0, 220.0, 220.0)
_NORTH_AMERICA = Grid("North America", 60.0, 277.0, 240.0)

_BY_ZONE = {
    **dict.fromkeys(("Europe/Stockholm", "Europe/Oslo", "Europe/Helsinki", "Europe/Mariehamn"), _NORDIC),
    **dict.fromkeys(("Europe/London", "Europe/Jersey", "Europe/Guernsey", "Europe/Isle_of_Man"), _GREAT_BRITAIN),
    **dict.fromkeys(("Europe/Dublin", "Europe/Belfast"), _IRELAND),
    **dict.fromkeys(("Africa/Casablanca", "Africa/Algiers", "Africa/Tunis", "Africa/Ceuta"), _EUROPE),
    **dict.fromkeys(("America/Santiago", "America/Asuncion", "America/Montevideo", "America/La_Paz"), _SOUTH_AMERICA),
    "America/Sao_Paulo": Grid("Brazil", 60.0, 220.0, 220.0),
    "Asia/Tokyo": Grid("Eastern Japan", 50.0, 202.0, 202.0),
    "Asia/Seoul": Grid("Korea", 60.0, 220.0, 220.0),
    "Asia/Taipei": Grid("Taiwan", 60.0, 220.0, 220.0),
    "Asia/Manila": Grid("Philippines", 60.0, 230.0, 230.0),
    "Asia/Riyadh": Grid("Saudi Arabia", 60.0, 230.0, 230.0),
    "Pacific/Honolulu": Grid("Oahu", 60.0, 277.0, 240.0),
}


def grid_of(timezone: str) -> Grid:
    """Return the grid of a time zone: which areas have 60 Hz, and which are one (IEC 60038, ENTSO-E)."""
    found = _BY_ZONE.get(timezone)
    if found is not None:
        return found
    if timezone.startswith("Europe/"):
        return _EUROPE
    if timezone.startswith("America/Argentina"):
        return _SOUTH_AMERICA
    if timezone.startswith(("America/", "US/", "Canada/")):
        return _NORTH_AMERICA
    return Grid(timezone, 50.0, 230.0, 230.0)


def frequency(grid: Grid, seed: int, slots: Ints) -> Ints:
    """Return the frequency in each slot [mHz]; within ±30 mHz, as means of five minutes are (ENTSO-E).

    Args:
        slots: (n,) slot numbers, ascending.
    """
    stream = key(seed, "grid", grid.name) >> 8
    wave = chance.smooth(stream, slots, 7) - 0.5
    noise = chance.smooth(stream + 1, slots, 2) - 0.5
    return milli(grid.frequency + 0.034 * wave + 0.022 * noise)


def voltages(nominal: float, stream: int, slots: Ints, rise: Ints, phases: int) -> list[Ints]:
    """Return the voltage of each phase [mV].

    Args:
        nominal: [V].
        slots: (n,) slot numbers, ascending.
        rise: (n,) what the plant's own current adds [mV].
    """
    slow = 0.024 * (chance.smooth(stream, slots, 72) - 0.5)
    result = []
    for number in range(phases):
        own = 0.010 * (chance.smooth(stream + 1 + number, slots, 5) - 0.5)
        result.append(milli(nominal * (1.0 + slow + own)) + rise)
    return result


def line_voltage(first: Ints, second: Ints) -> Ints:
    """Return the voltage between two phases a third of a turn apart [mV]."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    return np.asarray(np.rint(np.sqrt(a * a + b * b + a * b)).astype(np.int64))
