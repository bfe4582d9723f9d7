"""Sums of what one seed gives: where they change, everybody's data do, and the changelog has to say so."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from mock_sma.domain.period import Period, Span
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE, JUNE, ask

QUESTIONS = {
    "EnergyBalance Day": None,
    "EnergyBalance Year": None,
    "PowerAc Day": "107",
    "PowerDc Day": "101",
    "EnergyAndPowerBattery Day": "103",
    "Sensor Day": "106",
}
"""Sets and periods of one house, and the device that is asked for them; None: the plant."""


def digest(question: str) -> str:
    """Return the sum of an answer."""
    name, period = question.split()
    span = Span(Period(period), JUNE if period == "Day" else date(2024, 1, 1))
    table = ask(PlantSimulator(HOUSE, 7), name, span, QUESTIONS[question])
    text = json.dumps([table.stamps, table.columns, table.indexed], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def text() -> str:
    """Return the file."""
    return json.dumps({question: digest(question) for question in QUESTIONS}, indent=1) + "\n"
