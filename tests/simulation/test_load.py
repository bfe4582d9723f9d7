"""Consumption has the shape of a day, a week and a year that BDEW's profiles H25 and G25 have (docs/simulation.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from mock_sma.domain.plant import Load, LoadKind
from mock_sma.simulation.load import base_load
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE


@dataclass(frozen=True)
class Form:
    """What was worked out from a profile."""

    working_hours: float
    """Share of a weekday's energy between 8 and 18 h."""
    busiest: int
    weekend: float
    """Energy of a day at the weekend over that of a weekday."""
    winter: float
    """January over July."""


PROFILES = {
    LoadKind.HOUSEHOLD: Form(working_hours=0.42, busiest=19, weekend=1.16, winter=1.35),
    LoadKind.COMMERCIAL: Form(working_hours=0.65, busiest=10, weekend=0.55, winter=1.24),
}


@pytest.mark.parametrize("kind", PROFILES)
def test_consumption_has_the_form_of_its_profile(kind: LoadKind) -> None:
    theirs = PROFILES[kind]
    days = PlantSimulator(HOUSE, 7).generator.days(date(2018, 1, 1), 2_191)
    energy = base_load(Load(kind=kind), days, 4_711, 1.0).astype(np.float64)
    hours = days.clock // 12
    weekend = days.spread(((days.dates + 6) % 7 >= 5).astype(np.float64)) > 0.0
    week = np.bincount(hours[~weekend], weights=energy[~weekend])
    assert week[8:18].sum() / week.sum() == pytest.approx(theirs.working_hours, abs=0.02)
    assert abs(int(week.argmax()) - theirs.busiest) <= 1
    assert energy[weekend].mean() / energy[~weekend].mean() == pytest.approx(theirs.weekend, abs=0.05)
    ordinals = (date.fromordinal(int(day)) for day in days.dates)
    month = days.spread(np.array([float(day.month) for day in ordinals]))
    assert energy[month == 1.0].mean() / energy[month == 7.0].mean() == pytest.approx(theirs.winter, abs=0.12)
    assert energy.sum() / 6.0 == pytest.approx(1_000.0 * Load(kind=kind).annual_energy, rel=0.05)
