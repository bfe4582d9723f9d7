"""Monthly normals of a place: from the nearest sites whose normals are published (docs/simulation.md, Weather)."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.sites import DAYS, SITES
from mock_sma.frozen import frozen
from mock_sma.simulation import sky
from mock_sma.simulation.clouds import openness_of
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.field import vector
from mock_sma.simulation.slots import YEAR
from mock_sma.simulation.sun import almanac

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.plant import Normals
    from mock_sma.domain.sites import Site
    from mock_sma.simulation.arrays import Floats
    from mock_sma.simulation.slots import Run

NEAREST = 4
"""Sites that a place between them takes its normals from."""

LAPSE = 0.0065
"""Fall of temperature with height [K/m] (ICAO standard atmosphere)."""

MID_MONTHS = np.array([15.5, 45.1, 74.6, 105.1, 135.6, 166.1, 196.6, 227.6, 258.1, 288.6, 319.1, 349.6])
"""Middles of the months [days since New Year]."""

SUMMER_HALF, WINTER_HALF = (0.24, 0.53), (0.18, 0.60)
"""Share of extraterrestrial light that an overcast day lets through, and what full sunshine adds, in either half of
the year (Ångström 1924, Prescott 1940; values of Benson et al. 1984, from memory, but see the light that they give in
docs/simulation.md); within the tropics there is no winter."""

NORTHERN_WINTER = np.array([True] * 3 + [False] * 6 + [True] * 3)
"""By month: the half of the year from October to March."""

QUARTERS = np.array([(2.0 * number - 95.0) / 192.0 for number in range(96)])
"""Middles of the quarters of an hour of a day, noon being 0 [days]."""

SAME_PLACE = 0.0016
"""Distance below which a place is the site: ten kilometres [earth radii]."""

TROPIC = 23.44
"""Latitude below which a site has no winter [°]."""

STEEP = 0.00003
"""How much farther a metre of height makes a site [earth radii]: a kilometre counts as two hundred on the level."""

DARK = 300.0
"""Daily clear-sky energy below which a month says nothing about its clouds [Wh/m²]."""


@frozen
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

    @property
    def spread(self) -> float:
        """Deviation of a day's temperature from the season's [K]: more where seasons differ more."""
        warmest, coldest = float(self.temperature.max()), float(self.temperature.min())
        return min(0.8 + 0.195 * (warmest - coldest), 5.5)

    def season(self, normal: Floats) -> Floats:
        """Return how much of summer it is by the normal temperature [°C]: -1 in the coldest month, 1 in the warmest.

        Near the equator, where months hardly differ, it is never far from 0.
        """
        warmest, coldest = float(self.temperature.max()), float(self.temperature.min())
        half = max((warmest - coldest) / 2.0, 4.0)
        return np.asarray((normal - (warmest + coldest) / 2.0) * (1.0 / half))

    def between(self, run: Run, normals: Floats) -> Floats:
        """Return monthly values in each slot, straight lines between the months' middles."""
        day = run.utc_days % YEAR
        later = np.searchsorted(MID_MONTHS, day)
        low, high = (later - 1) % 12, later % 12
        share = ((day - MID_MONTHS[low]) % YEAR) / ((MID_MONTHS[high] - MID_MONTHS[low]) % YEAR)
        return run.between(normals[low] + (normals[high] - normals[low]) * share)


def clear_days(latitudes: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what the middles of the months have at some latitudes.

    Args:
        latitudes: (n,) [°].

    Returns:
        (n, 12) each: energy of a clear day and outside the atmosphere [Wh/m²], and daylight [h].
    """
    numbers = almanac(MID_MONTHS + 10_957.0)
    sin_phi, cos_phi = (part[:, None, None] for part in sin_cos(latitudes / 360.0))
    _, cos_h = sin_cos(QUARTERS)
    up = sin_phi * numbers.sin_declination[:, None] + cos_phi * numbers.cos_declination[:, None] * cos_h
    outside = np.maximum(up, 0.0) * numbers.extra[:, None]
    return _day_sum(sky.clear_sky(up)), _day_sum(outside), _day_sum((up > 0.0).astype(np.float64))


def _day_sum(quarters: Floats) -> Floats:
    # Added one after the other: NumPy's sums go by the width of the machine's vectors.
    return np.asarray(np.cumsum(quarters, axis=-1)[..., -1] / 4.0)


def site_ratios(sites: Sequence[Site]) -> Floats:
    """Return (n, 12) sites' light as a share of a clear sky's by month; where the sun does not rise, of the year."""
    clear, outside, daylight = clear_days(np.array([site.latitude for site in sites]))
    hours = np.array([site.sunshine for site in sites]) / np.array(DAYS)
    sunny = np.minimum(hours / np.maximum(daylight, 0.1), 1.0)
    winter = np.array([(NORTHERN_WINTER ^ (s.latitude < 0.0)) & (abs(s.latitude) > TROPIC) for s in sites])
    summer_half, winter_half = (low + more * sunny for low, more in (SUMMER_HALF, WINTER_HALF))
    clear *= np.array([sky.thinner_air(site.elevation) for site in sites])[:, None]
    ratio = outside * np.where(winter, winter_half, summer_half) / np.maximum(clear, 1.0)
    known = np.array([site.light or 0.0 for site in sites]) * 1_000.0
    sums = np.cumsum(ratio * clear * np.array(DAYS), axis=1)[:, -1]
    ratio *= np.where(known > 0.0, known / np.maximum(sums, 1.0), 1.0)[:, None]
    lit = clear > DARK
    mean = np.cumsum(np.where(lit, ratio, 0.0), axis=1)[:, -1:] / np.cumsum(lit, axis=1)[:, -1:]
    return np.asarray(np.where(lit, ratio, mean))


@cache
def _site_ratio(number: int) -> Floats:
    """Return one site's light as a share of a clear sky's by month, worked out when it is first asked for."""
    return np.asarray(site_ratios([SITES[number]])[0])


@lru_cache(maxsize=1_024)
def climate_of(latitude: float, longitude: float, elevation: float, own: Normals | None = None) -> Climate:
    """Return the normals of a place: a user's own, else the nearest sites', by the inverse cube of their distance.

    Ratios are carried over, so that the place keeps its own sun; sites of the other hemisphere by half a
    year, and temperatures by their heights.
    """
    chords = _chords(latitude, longitude) + STEEP * np.abs(_site_places()[0] - elevation)
    ratio, warm, weights = np.zeros(12), np.zeros(12), 0.0
    nearest = np.argsort(chords, kind="stable")[:NEAREST].tolist()
    for number in nearest:
        site, light = SITES[number], _site_ratio(number)
        near = max(float(chords[number]), SAME_PLACE)
        weight = 1.0 / (near * near * near)
        shift = 6 if site.latitude * latitude < 0.0 and abs(site.latitude) > TROPIC else 0
        height = LAPSE * (site.elevation - elevation)
        ratio += weight * np.roll(light, shift)
        warm += weight * (np.roll(np.array(site.temperature), shift) + height)
        weights += weight
    ratio, warm = np.minimum(ratio / weights, 1.0), warm / weights
    if own is not None:
        ratio = _own_ratio(own, latitude, elevation, ratio)
        warm = np.array(own.temperature) if own.temperature else warm
    return Climate(longitude, ratio, openness_of(ratio), warm)


def _own_ratio(own: Normals, latitude: float, elevation: float, found: Floats) -> Floats:
    """Return the light that a user names as a share of a clear sky's; in dark months what was found."""
    if not own.irradiation:
        return found
    clear = clear_days(np.array([latitude]))[0][0] * sky.thinner_air(elevation)
    named = np.array(own.irradiation) * 1_000.0 / np.array(DAYS)
    return np.where(clear > DARK, np.minimum(named / np.maximum(clear, 1.0), 1.0), found)


def _chords(latitude: float, longitude: float) -> Floats:
    """Return the straight distance of each site through the earth [radii]."""
    squares = np.zeros(len(SITES))
    for sites, here in zip(_site_places()[1:], vector(latitude, longitude), strict=True):
        squares += (sites - here) * (sites - here)
    return np.sqrt(squares)


@cache
def _site_places() -> tuple[Floats, ...]:
    """Return the sites' heights [m] and the three axes of their places as vectors of length one."""
    axes = np.array([vector(site.latitude, site.longitude) for site in SITES]).T
    return np.array([site.elevation for site in SITES]), *axes
