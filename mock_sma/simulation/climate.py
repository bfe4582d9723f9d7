"""Monthly normals of a place: from the nearest sites whose normals are published (SIMULATION 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation import sky
from mock_sma.simulation.exact import sin_cos_degrees
from mock_sma.simulation.sites import DAYS, SITES
from mock_sma.simulation.slots import SLOTS_PER_DAY
from mock_sma.simulation.sun import almanac
from mock_sma.simulation.weather import MEAN_INDEX, OPENNESS, YEAR

if TYPE_CHECKING:
    from mock_sma.simulation.chance import Floats, Ints
    from mock_sma.simulation.sites import Site

NEAREST = 4
"""Sites that a place between them takes its normals from."""

LAPSE = 0.0065
"""Fall of temperature with height [K/m] (ICAO standard atmosphere)."""

MID_MONTHS = np.array([15.5, 45.1, 74.6, 105.1, 135.6, 166.1, 196.6, 227.6, 258.1, 288.6, 319.1, 349.6])
"""Middles of the months [days since New Year]."""

ANGSTROM = (0.25, 0.50)
"""Share of extraterrestrial light that an overcast day lets through, and what full sunshine adds
(Ångström 1924, Prescott 1940; values of Allen et al. 1998, FAO Irrigation and Drainage Paper 56, eq. 35)."""

DARK = 300.0
"""Daily clear-sky energy below which a month says nothing about its clouds [Wh/m²]."""


@dataclass(frozen=True, slots=True)
class Climate:
    """Normals of one place in the middle of each month.

    Attributes:
        longitude: [° east].
        ratio: (12,) light as a share of a clear sky's [1].
        openness: (12,) parameter of the cloud field that gives this ratio.
        temperature: (12,) of the air [°C].
    """

    longitude: float
    ratio: Floats
    openness: Floats
    temperature: Floats

    def at(self, slots: Ints) -> tuple[Floats, Floats]:
        """Return openness and normal temperature at each slot, straight lines between the months' middles."""
        first, last = int(slots[0]) // SLOTS_PER_DAY, int(slots[-1]) // SLOTS_PER_DAY
        day = np.arange(first, last + 2, dtype=np.float64) % YEAR
        later = np.searchsorted(MID_MONTHS, day)
        low, high = (later - 1) % 12, later % 12
        width = (MID_MONTHS[high] - MID_MONTHS[low]) % YEAR
        share = ((day - MID_MONTHS[low]) % YEAR) / width
        place = slots // SLOTS_PER_DAY - first
        step = (slots % SLOTS_PER_DAY) * (1.0 / SLOTS_PER_DAY)
        results = []
        for normals in (self.openness, self.temperature):
            daily = normals[low] + (normals[high] - normals[low]) * share
            results.append(daily[place] + (daily[place + 1] - daily[place]) * step)
        return results[0], results[1]


def clear_days(latitude: float) -> tuple[Floats, Floats, Floats]:
    """Return of the middle of each month: energy of a clear day and outside the atmosphere [Wh/m²], daylight [h]."""
    numbers = almanac(MID_MONTHS + 10_957.0)
    sin_phi, cos_phi = sin_cos_degrees(latitude)
    turns = (np.arange(96) + 0.5) / 96.0 - 0.5
    cos_h = np.array([sin_cos_degrees(360.0 * turn)[1] for turn in turns.tolist()])
    up = sin_phi * numbers.sin_declination[:, None] + cos_phi * numbers.cos_declination[:, None] * cos_h
    outside = np.maximum(up, 0.0) * numbers.extra[:, None]
    # Sums by cumulation, one after the other: pairwise sums depend on the machine's vectors.
    return tuple(np.cumsum(part, axis=1)[:, -1] / 4.0 for part in (sky.clear_sky(up), outside, (up > 0.0) * 1.0))  # type: ignore[return-value]


def site_ratio(site: Site) -> Floats:
    """Return a site's light as a share of a clear sky's by month; where the sun does not rise, of the year."""
    clear, outside, daylight = clear_days(site.latitude)
    sunny = np.minimum(np.array(site.sunshine) / np.array(DAYS) / np.maximum(daylight, 0.1), 1.0)
    ratio = outside * (ANGSTROM[0] + ANGSTROM[1] * sunny) / np.maximum(clear, 1.0)
    lit = clear > DARK
    mean = np.cumsum(np.where(lit, ratio, 0.0))[-1] / np.cumsum(lit)[-1]
    return np.asarray(np.where(lit, ratio, mean))


def climate_of(latitude: float, longitude: float, elevation: float) -> Climate:
    """Return the normals of a place: the nearest sites weigh by the inverse cube of their distance.

    Ratios are carried over, so that the place keeps its own sun; sites of the other hemisphere by half a
    year, and temperatures by their heights.
    """
    here = _direction(latitude, longitude)
    chords = [
        (
            float(
                np.sqrt(
                    sum((a - b) * (a - b) for a, b in zip(here, _direction(site.latitude, site.longitude), strict=True))
                )
            ),
            site,
        )
        for site in SITES
    ]
    near = sorted(chords, key=lambda item: item[0])[:NEAREST]
    ratio, warm, weights = np.zeros(12), np.zeros(12), 0.0
    for distance, site in near:
        # Within ten kilometres a place is the site.
        weight = 1.0 / max(distance, 0.0016) ** 3
        shift = 6 if site.latitude * latitude < 0.0 and abs(site.latitude) > 10.0 else 0
        height = LAPSE * (site.elevation - elevation)
        ratio += weight * np.roll(site_ratio(site), shift)
        warm += weight * (np.roll(np.array(site.temperature), shift) + height)
        weights += weight
    ratio = np.minimum(ratio / weights, 1.0)
    return Climate(longitude, ratio, openness_of(ratio), warm / weights)


def openness_of(ratio: Floats) -> Floats:
    """Return the parameter of the cloud field whose long-term mean is ``ratio`` [1]."""
    means, places = np.array(MEAN_INDEX), np.array(OPENNESS)
    ratio = np.clip(ratio, means[0], means[-1])
    high = np.clip(np.searchsorted(means, ratio), 1, len(means) - 1)
    share = (ratio - means[high - 1]) / (means[high] - means[high - 1])
    return np.asarray(places[high - 1] + (places[high] - places[high - 1]) * share)


def _direction(latitude: float, longitude: float) -> tuple[float, float, float]:
    sin_phi, cos_phi = sin_cos_degrees(latitude)
    sin_lambda, cos_lambda = sin_cos_degrees(longitude)
    return cos_phi * cos_lambda, cos_phi * sin_lambda, sin_phi
