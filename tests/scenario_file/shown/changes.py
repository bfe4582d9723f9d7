"""Scenarios in which plants, devices and people become others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.sandbox_helpers import content
from tests.scenario_file.library.customer import Customer

HOUSE = "plants/2100"
BARN = "0fa3b7c2-1111-4222-8333-000000000001"
BALANCE = "EnergyBalance"
TODAY = "2025-06-15"


def times(rows: list[dict[str, Any]]) -> list[str]:
    """Return the times of day of rows, such as 13:05."""
    return [row["time"][11:16] for row in rows]


def plant_changes(customer: Customer) -> None:
    """Name and address after an hour; the rest of the plant stays; the description goes after two."""
    before = customer.get("/v1/plants?WithLocation=true")["plants"][0]
    assert (before["name"], before["description"]) == ("Sonnenhof", "The old farm")
    assert before["location"]["address"]["city"] == "Kassel"
    customer.later(minutes=60)
    after = customer.get("/v1/plants?WithLocation=true")["plants"][0]
    address = before["location"]["address"] | {"city": "Fulda", "zipCode": "36037"}
    assert after == before | {"name": "Sonnenhof GmbH", "location": {"currencyCode3": "EUR", "address": address}}
    assert customer.get("/v1/plants/2100")["name"] == "Sonnenhof GmbH"
    customer.later(hours=1)
    assert "description" not in customer.get("/v1/plants/2100")


def package_bought(customer: Customer) -> None:
    """Some hours late before, fifteen minutes or so after (R25)."""

    def latest() -> str:
        return times(customer.rows(f"plants/{BARN}", BALANCE, "Day", TODAY))[-1]

    assert "09:30" <= latest() <= "11:45"
    customer.later(minutes=61)
    assert "12:30" <= latest() <= "13:00"
    customer.later(hours=5)
    assert "17:30" <= latest() <= "18:00"


def plant_sold(customer: Customer) -> None:
    """The seller's consent opens it until it is sold; then only the buyer's does."""
    customer.later(hours=23)
    assert customer.plants == ["2100"]
    customer.later(hours=1)
    assert customer.plants == []
    assert customer.call("/v1/plants/2100").status == 403
    assert customer.request_consent("buyer@example.org") == "Pending"
    customer.world.consents.accept("buyer@example.org")
    assert customer.plants == ["2100"]


def account_changes(customer: Customer) -> None:
    """The consent goes along with the e-mail, and mails change their language."""
    new = "olivia@example.org"
    customer.later(hours=1)
    assert (customer.plants, customer.state(new)) == (["2100"], "Accepted")
    languages = []
    for _ in range(2):
        customer.world.consents.revoke(new)
        assert customer.request_consent(new) == "Pending"
        languages.append(next(iter(customer.world.mailbox)).language)
        customer.world.consents.accept(new)
        customer.later(hours=1)
    assert [mail.to for mail in customer.world.mailbox] == [new, new]
    assert sorted(mail.language for mail in customer.world.mailbox) == ["de", "en"]


def battery_added(customer: Customer) -> None:
    """No battery in the list, the sets and the balance before 8 o'clock; in all of them afterwards."""

    def devices() -> list[str]:
        return [item["deviceId"] for item in customer.get("/v1/plants/2100/devices")["devices"]]

    assert devices() == ["2101", "2102"]
    customer.later(hours=10)
    assert devices() == ["2101", "2102", "2110"]
    stored = customer.rows("devices/2110", "EnergyAndPowerBattery", "Day", TODAY)
    assert times(stored)[0] == "08:05"
    charged = customer.rows(HOUSE, BALANCE, "Day", TODAY)
    before = [row.get("batteryCharging") or 0.0 for row in charged if row["time"][11:16] <= "08:00"]
    assert sum(before) == 0.0
    assert sum(row.get("batteryCharging") or 0.0 for row in charged) > 1_000


def modules_added(customer: Customer) -> None:
    """Device and plant say the new power; the morning's rows stay, and the afternoon's are larger."""
    customer.later(hours=6)
    device = customer.get("/v1/devices/2150")["details"]
    assert (device["generatorPower"], device["firmwareVersion"]) == (14_000, "4.1.2.R")
    assert customer.get("/v1/plants?WithInstallation=true")["plants"][0]["installation"]["peakPower"] == 14_000
    before = Customer(replace(customer.world.scenario, timeline=()))
    before.later(hours=6)
    rows, plain = (who.rows(HOUSE, BALANCE, "Day", TODAY) for who in (customer, before))
    made = [
        (now["time"][11:16], now["pvGeneration"], then["pvGeneration"]) for now, then in zip(rows, plain, strict=True)
    ]
    assert all(now == then for at, now, then in made if at <= "12:00")
    assert all(1.2 < now / then < 1.6 for at, now, then in made if at > "12:00")


def device_replaced(customer: Customer) -> None:
    """The old one's rows end at 13:00, the new one's begin at 13:05, and the plant misses none."""
    customer.later(hours=5)
    old = times(customer.rows("devices/2101", "EnergyAndPowerPv", "Day", TODAY))
    new = times(customer.rows("devices/2120", "EnergyAndPowerPv", "Day", TODAY))
    assert (old[-1], new[0]) == ("13:00", "13:05")
    plant = times(customer.rows(HOUSE, BALANCE, "Day", TODAY))
    assert {"12:55", "13:00", "13:05"} <= set(plant)
    listed = customer.get("/v1/plants/2100/devices")["devices"]
    assert [(item["deviceId"], item["serial"]) for item in listed if item["name"] == "New inverter"] == [
        ("2120", "3001234567")
    ]
    assert "2101" not in [item["deviceId"] for item in listed]


def plant_migrated(customer: Customer) -> None:
    """Quarter hours before, five minutes after; the old id leads on."""
    customer.later(hours=8)
    moved = customer.call(f"/v1/plants/{BARN}")
    assert (moved.status, content(customer.call("/v1/plants/2100"))["plantId"]) == (308, "2100")
    rows = times(customer.rows(HOUSE, BALANCE, "Day", TODAY))
    past = [at for at in rows if at <= "14:00"]
    assert all(at[3:] in ("00", "15", "30", "45") for at in past)
    assert {"14:05", "14:10", "14:15"} <= set(rows)
    yesterday = customer.rows(HOUSE, BALANCE, "Day", "2025-06-14")
    assert len(yesterday) == 96
