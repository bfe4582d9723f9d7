"""Scenarios about what the data look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenario_file.library.customer import Customer

GUID = "11111111-aaaa-4bbb-8ccc-00000000000"
PLANT = "plants/2100"


def classic(customer: Customer) -> None:
    """Two GUIDs, quarter hours (R22), and logs whose logId is empty (R31)."""
    assert customer.plants == [f"{GUID}1", f"{GUID}2"]
    for name in customer.plants:
        assert len(customer.rows(f"plants/{name}", "EnergyBalance", "Day", "2025-06-14")) == 96
        logs = customer.get(f"/v1/plants/{name}/logs")["logs"]
        assert len(logs) == 5
        assert {log["logId"] for log in logs} == {""}


def ennexos(customer: Customer) -> None:
    """Five-minute rows of EnergyBalance, PV and battery, and logs with their Event IDs (R31)."""
    sets = customer.get("/v1/plants/2100/measurements/sets")["sets"]
    assert {"EnergyBalance", "EnergyAndPowerPv"} <= set(sets)
    assert "EnergyAndPowerBattery" in customer.get("/v1/devices/2102/measurements/sets")["sets"]
    balance = customer.rows(PLANT, "EnergyBalance", "Day", "2025-06-14")
    assert len(balance) == 288
    assert sum(row["pvGeneration"] for row in balance) > 10_000
    assert sum(row["batteryCharging"] for row in balance) > 1_000
    logs = customer.get("/v1/plants/2100/logs")["logs"]
    assert len(logs) == 5
    assert all(log["logId"].isdigit() for log in logs)
    assert customer.plants == ["2100", "2200"]


def gap_week(customer: Customer) -> None:
    """Five days of rows, and nothing for the last two (R29)."""
    stamps = [row["time"] for row in customer.rows(PLANT, "EnergyBalance", "Week", "2025-03-03")]
    assert len(stamps) == 5 * 288
    assert (stamps[0], stamps[-1]) == ("2025-03-03T00:05:00", "2025-03-08T00:00:00")
    assert customer.get("/v1/plants/2100/logs")["logs"][0]["occurrence"]


def deactivated_device(customer: Customer) -> None:
    """The inverter keeps its history, and EnergyBalance what it produced (R30)."""
    parts = [customer.energy(f"devices/{name}", "EnergyAndPowerPv", "Day", "2025-03-20") for name in ("2101", "2102")]
    assert min(parts) > 1_000
    assert customer.energy(PLANT, "EnergyBalance", "Day", "2025-03-20") == sum(parts)
    assert customer.rows("devices/2101", "EnergyAndPowerPv", "Day", "2025-06-14") == []
    devices = customer.get("/v1/plants/2100/devices")["devices"]
    assert [item["deviceId"] for item in devices] == ["2102", "2103"]
    every = customer.get("/v1/plants/2100/devices?WithDeactivatedDevices=true")["devices"]
    assert [item["deviceId"] for item in every] == ["2101", "2102", "2103"]


def replaced_device(customer: Customer) -> None:
    """The old inverter ends on the day the new one begins."""
    has_rows = [
        [bool(customer.rows(f"devices/{name}", "EnergyAndPowerPv", "Day", day)) for name in ("2101", "2102")]
        for day in ("2025-03-31", "2025-04-01")
    ]
    assert has_rows == [[True, False], [False, True]]
    # There is one inverter at any time.
    installed = customer.get("/v1/plants/2100/installation")
    assert (installed["peakPower"], installed["acNominalPower"]) == (10_400.0, 10_000.0)
    for day in ("2025-03-31", "2025-04-01"):
        assert {row["setPointFeedInPower"] for row in customer.rows(PLANT, "GridSettings", "Day", day)} == {10_000.0}


def pv_only(customer: Customer) -> None:
    """EnergyBalance is not listed, and asking for it gives an empty set (R24)."""
    assert "EnergyBalance" not in customer.get("/v1/plants/2100/measurements/sets")["sets"]
    assert customer.rows(PLANT, "EnergyBalance", "Day", "2025-06-14") == []
    assert customer.energy(PLANT, "EnergyAndPowerPv", "Day", "2025-06-14") > 5_000


def _last_row(customer: Customer, plant: str) -> str:
    stamp = customer.rows(f"plants/{plant}", "EnergyBalance", "Day", "2025-06-15")[-1]["time"]
    return str(stamp)[11:16]


def processing_delay(customer: Customer) -> None:
    """At noon the plant without the package ends two hours ago, the other a quarter of an hour (R25)."""
    without, with_package = (_last_row(customer, f"{GUID}{number}") for number in (1, 2))
    assert "09:30" <= without <= "10:00"
    assert "11:15" <= with_package <= "11:45"


def professional_package(customer: Customer) -> None:
    """Data appear after about a quarter of an hour (R25)."""
    assert "11:15" <= _last_row(customer, f"{GUID}1") <= "11:45"


def dst_autumn(customer: Customer) -> None:
    """A local day of 25 hours, whose hour from 2 to 3 comes twice."""
    stamps = [row["time"] for row in customer.rows(PLANT, "EnergyBalance", "Day", "2025-10-26")]
    assert (len(stamps), stamps.count("2025-10-26T02:30:00")) == (300, 2)


def dst_spring(customer: Customer) -> None:
    """A local day of 23 hours, without an hour from 2 to 3."""
    stamps = [row["time"] for row in customer.rows(PLANT, "EnergyBalance", "Day", "2025-03-30")]
    assert len(stamps) == 276
    assert not [stamp for stamp in stamps if "T02:05" <= stamp[10:16] <= "T02:55"]


def commissioning_spike(customer: Customer) -> None:
    """The first row holds a whole counter, the others do not."""
    values = [row["pvGeneration"] for row in customer.rows("devices/2101", "EnergyAndPowerPv", "Day", "2025-06-10")]
    high = [value for value in values if value > 8_000_000]
    assert (len(high), sum(values) - high[0] < 100_000) == (1, True)
    assert customer.energy("devices/2101", "EnergyAndPowerPv", "Day", "2025-06-11") < 100_000


def late_data(customer: Customer) -> None:
    """Three hours are missing at noon and there in the evening; nothing else differs."""
    noon = customer.rows(PLANT, "EnergyBalance", "Day", "2025-06-15")
    customer.world.clock.advance(hours=6)
    customer.renew()
    evening = customer.rows(PLANT, "EnergyBalance", "Day", "2025-06-15")
    late = [row for row in evening if "T08:05" <= row["time"][10:16] <= "T11:00"]
    assert len(late) == 36
    assert not {row["time"] for row in late} & {row["time"] for row in noon}
    after = next(row for row in noon if row["time"] > late[-1]["time"])
    same = [
        row for row in evening if row not in late and row["time"] <= noon[-1]["time"] and row["time"] != after["time"]
    ]
    assert same == [row for row in noon if row is not after]


def polar_night(customer: Customer) -> None:
    """The PV sets are empty, and EnergyBalance shows 0.0."""
    balance = customer.rows(PLANT, "EnergyBalance", "Day", "2024-12-20")
    assert {row["pvGeneration"] for row in balance} == {0.0}
    assert len(balance) == 288
    assert customer.rows(PLANT, "EnergyAndPowerPv", "Day", "2024-12-20") == []
