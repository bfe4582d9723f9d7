"""A sensor measures day and night; one at an inverter is awake with it."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import timedelta

import pytest

from mock_sma.domain.device import Array, DeviceKind
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE, JUNE, ask, device, inverter, rows_of


@pytest.fixture(scope="module")
def house() -> PlantSimulator:
    return PlantSimulator(HOUSE, 7)


@pytest.mark.slow
def test_a_sensor_follows_its_inverter_as_a_measured_one_does() -> None:
    sensor = device("106", DeviceKind.SENSOR)
    south = inverter("101", 10_000.0, Array(peak_power=10_000.0))
    simulator = PlantSimulator(replace(HOUSE, devices=(south, sensor)), 7)
    power, light = [], []
    for number in range(0, 60, 3):
        day = JUNE + timedelta(days=number)
        shown = ask(simulator, "Sensor", day, "106")
        seen = dict(zip(shown.stamps, shown.columns["externalInsolation"], strict=True))
        rows = ask(simulator, "EnergyAndPowerPv", day, "101")
        power += [value or 0.0 for value in rows.columns["pvGeneration"]]
        light += [seen[stamp] or 0.0 for stamp in rows.stamps]
    assert 0.97 <= statistics.correlation(power, light) <= 0.99


def test_a_sensor_measures_day_and_night(house: PlantSimulator) -> None:
    table = ask(house, "Sensor", device_id="106")
    assert list(table.columns) == ["externalInsolation", "ambientTemperature", "moduleTemperature", "windSpeed"]
    rows = rows_of(table)
    assert len(rows) == 288
    noon = max(rows, key=lambda row: row["externalInsolation"])
    assert rows[0]["externalInsolation"] == 0.0
    assert rows[0]["moduleTemperature"] == rows[0]["ambientTemperature"]
    assert 300.0 < noon["externalInsolation"] < 1_300.0
    assert noon["moduleTemperature"] > noon["ambientTemperature"] + 5.0
    assert all(0.0 <= row["windSpeed"] < 12.0 for row in rows)


def test_an_inverter_with_a_sensor_reports_it_while_awake() -> None:
    listed = ("Sensor", "EnergyAndPowerPv", "PowerDc", "PowerAc")
    plant = replace(HOUSE, devices=(replace(HOUSE.devices[0], sets=listed), *HOUSE.devices[1:]))
    simulator = PlantSimulator(plant, 7)
    assert ask(simulator, "Sensor", device_id="101").stamps == ask(simulator, "PowerAc", device_id="101").stamps


def test_a_sensor_without_modules_lies_level() -> None:
    plant = replace(HOUSE, devices=(device("106", DeviceKind.SENSOR),))
    rows = rows_of(ask(PlantSimulator(plant, 7), "Sensor", device_id="106"))
    assert 100.0 < max(row["externalInsolation"] for row in rows) < 1_200.0
