"""Scenarios of houses and their surroundings, and of several files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.scenario_file.shown.changes import BALANCE

if TYPE_CHECKING:
    from tests.scenario_file.library.customer import Customer


def made(customer: Customer, plant: str, date: str) -> list[float]:
    """Return what a plant made in each row of a day [Wh]."""
    return [row["pvGeneration"] for row in customer.rows(f"plants/{plant}", BALANCE, "Day", date)]


def used(customer: Customer, plant: str, date: str, name: str = "totalConsumption") -> float:
    """Return what a plant used on a day [Wh]."""
    return customer.energy(f"plants/{plant}", BALANCE, "Day", date, name)


def shared_weather(customer: Customer) -> None:
    """The light goes up and down together in the same rows (each plant has its own noise of a percent or two)."""
    for day in ("2025-06-13", "2025-06-14"):
        one, other, third = (np.array(made(customer, plant, day)) for plant in ("2100", "2200", "2300"))
        assert abs(one - other).sum() < 0.05 * one.sum() < abs(one - third).sum()


def heat_pump(customer: Customer) -> None:
    winter, summer = (used(customer, "2100", day) - used(customer, "2200", day) for day in ("2025-01-15", "2025-06-11"))
    assert winter > 10_000 > 3 * abs(summer)


def surplus_charging(customer: Customer) -> None:
    """By day, and in rows that leave nothing over for the grid to give; in the evening, whatever the sun did."""
    found = {}
    for device in ("2103", "2203"):
        rows = [
            (row["time"][11:16], row["consumption"])
            for day in ("2025-06-05", "2025-06-07", "2025-06-09")
            for row in customer.rows(f"devices/{device}", "EnergyAndPowerConsumption", "Day", day)
        ]
        assert sum(energy for _, energy in rows) > 10_000
        found[device] = sum(energy for at, energy in rows if "08:00" < at <= "18:00") / sum(
            energy for _, energy in rows
        )
    assert found["2103"] == 1.0
    assert found["2203"] == 0.0


def holidays(customer: Customer) -> None:
    """Ascension Day is a Thursday: Germany rests, Spain works, and the day before both do."""
    closed, open_ = (used(customer, plant, "2025-05-29") for plant in ("2100", "2200"))
    assert closed < 0.6 * open_
    before = [used(customer, plant, "2025-05-28") for plant in ("2100", "2200")]
    assert 0.8 < before[0] / before[1] < 1.25


def composed(customer: Customer) -> None:
    assert customer.plants == ["2100", "2200"]
    assert customer.state("olivia@example.org") == "Accepted"
    devices = customer.get("/v1/plants/2100/devices")["devices"]
    assert [item["name"] for item in devices] == ["Inverter", "Battery", "Energy Meter", "Box"]
    barn = customer.get("/v1/plants?WithInstallation=true")["plants"][1]
    assert (barn["name"], barn["installation"]["peakPower"]) == ("Scheune", 8_000)
    customer.later(hours=23)
    assert customer.plants == ["2100", "2200"]
    customer.later(hours=1)
    assert (customer.state("olivia@example.org"), customer.plants) == ("Revoked", [])
