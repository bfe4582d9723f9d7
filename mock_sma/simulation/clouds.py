"""Clouds: how much of the sky they cover, and what light passes (docs/simulation.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats

COVER_WIDTH = 0.90
"""Range of the weather's noise between a clear sky and an overcast one."""

OPENNESS = tuple(round(-0.30 + 0.05 * number, 2) for number in range(26))
"""Places where :data:`MEAN_INDEX` is known."""

MEAN_INDEX = (
    *(0.1903, 0.1911, 0.1925, 0.1951, 0.1996, 0.2065, 0.2170, 0.2320, 0.2527, 0.2799, 0.3144, 0.3568, 0.4069),
    *(0.4641, 0.5268, 0.5928, 0.6592, 0.7235, 0.7829, 0.8350, 0.8787, 0.9130, 0.9387, 0.9565, 0.9681, 0.9749),
)
"""Long-term mean of the clear-sky index at each place of :data:`OPENNESS`: found by averaging many years of
:func:`clear_sky_index`; a test does it again over fewer."""


def cover(systems: Floats, local: Floats, passing: Floats, openness: Floats) -> Floats:
    """Return the share of sky under cloud [0..1].

    Args:
        systems: (n,) noise of fronts and highs, which stay for days.
        local: (n,) noise of what hangs at hills, lakes and towns for a day.
        passing: (n,) noise of what moves within them and passes in hours.
        openness: (n,) of the place and season.
    """
    noise = systems * 0.120
    noise += local * 0.090
    noise += passing * 0.095
    noise += 0.5
    noise -= openness
    noise *= 1.0 / COVER_WIDTH
    noise += 0.5
    return np.clip(noise, 0.0, 1.0, out=noise)


def broken(banks: Floats, single: Floats, rags: Floats) -> Floats:
    """Return how open the sky is just here, 0.5 in the mean: by banks of cloud, single ones and their rags."""
    open_sky = banks * 0.1125
    open_sky += single * 0.095
    open_sky += rags * 0.0425
    open_sky += 0.5
    return open_sky


def clear_sky_index(clouds: Floats, here: Floats, thickness: Floats, haze: Floats) -> Floats:
    """Return the share of the clear sky's light that arrives.

    A slot lies in the sun, in the shade or partly in both. Shade is darker the more of the sky is covered, and thick
    cloud comes and goes within hours; the sun is dimmed by haze for days, and between clouds it is brighter than
    without.

    Args:
        clouds: (n,) cover [0..1].
        here: (n,) how open the sky is, from :func:`broken`.
        thickness: (n,) noise of how thin the clouds are.
        haze: (n,) noise.
    """
    sunny = np.clip((here - clouds * 1.16) * (1.0 / 0.30) + (0.5 + 0.08 / 0.30), 0.0, 1.0)
    shade = np.maximum(1.0 + 0.275 * thickness, 0.35)
    shade *= 0.55 - 0.36 * clouds
    shade *= 0.65 + 0.7 * np.maximum(here, 0.0)
    bright = 0.98 - 0.025 * haze
    bright += clouds * (1.0 - clouds) * 0.16
    bright -= shade
    sunny *= bright
    shade += sunny
    return shade


def openness_of(ratio: Floats) -> Floats:
    """Return the parameter of the cloud field whose long-term mean is ``ratio`` [1]."""
    means, places = np.array(MEAN_INDEX), np.array(OPENNESS)
    ratio = np.clip(ratio, means[0], means[-1])
    high = np.clip(np.searchsorted(means, ratio), 1, len(means) - 1)
    share = (ratio - means[high - 1]) / (means[high] - means[high - 1])
    return np.asarray(places[high - 1] + (places[high] - places[high - 1]) * share)
