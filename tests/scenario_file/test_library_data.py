"""What the shipped scenarios say about data holds for the numbers that their plants give."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.instruments import plant_sets
from mock_sma.domain.period import Period, parse_span
from mock_sma.scenario_file import load_scenario
from mock_sma.seeding import DEFAULT_SEED
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import visibility

if TYPE_CHECKING:
    from mock_sma.simulation.table import Table

NOON = "2025-06-15T12:00:00+02:00"


def table(
    name: str,
    measurement_set: str,
    period: Period,
    date: str,
    *,
    plant: int = 0,
    device: str | None = None,
    now: str | None = None,
) -> Table:
    """Return the rows that a client would get, in Wh."""
    scenario = load_scenario(name)
    start = datetime.fromisoformat(now or NOON) if now or scenario.now is None else scenario.now
    made = scenario.plants[plant]
    return PlantSimulator(made, DEFAULT_SEED).table(
        ALL_SETS[measurement_set.lower()],
        parse_span(period, date),
        device_id=device,
        energy=True,
        seen=visibility(made, start.timestamp(), DEFAULT_SEED),
    )


def energy(rows: Table, name: str = "pvGeneration") -> float:
    """Return the sum of a property [Wh]."""
    return sum(value or 0.0 for value in rows.columns.get(name, []))


def test_r29_gap_week_has_five_days_of_rows() -> None:
    stamps = table("gap-week", "EnergyBalance", Period.WEEK, "2025-03-03").stamps
    assert len(stamps) == 5 * 288
    assert stamps[-1] == "2025-03-08T00:00:00"


def test_ennexos_has_five_minute_rows_with_a_battery() -> None:
    rows = table("ennexos", "EnergyBalance", Period.DAY, "2025-06-14")
    assert len(rows.stamps) == 288
    assert energy(rows) > 10_000
    assert energy(rows, "batteryCharging") > 1_000
    assert "EnergyBalance" in plant_sets(load_scenario("ennexos").plants[0])


def test_r22_classic_has_quarter_hours() -> None:
    assert len(table("classic", "EnergyBalance", Period.DAY, "2025-06-14").stamps) == 96


def test_r24_pv_only_has_no_energy_balance() -> None:
    assert "EnergyBalance" not in plant_sets(load_scenario("pv-only").plants[0])
    assert table("pv-only", "EnergyBalance", Period.DAY, "2025-06-14").stamps == []
    assert energy(table("pv-only", "EnergyAndPowerPv", Period.DAY, "2025-06-14")) > 5_000


def test_r25_processing_delay_hides_two_hours_or_a_quarter() -> None:
    last = [table("processing-delay", "EnergyBalance", Period.DAY, "2025-06-15", plant=n).stamps[-1] for n in (0, 1)]
    assert "2025-06-15T09:30" <= last[0] <= "2025-06-15T10:00"
    assert "2025-06-15T11:15" <= last[1] <= "2025-06-15T11:45"


def test_dst_days_have_25_and_23_hours() -> None:
    autumn = table("dst-autumn", "EnergyBalance", Period.DAY, "2025-10-26").stamps
    assert len(autumn) == 300
    assert autumn.count("2025-10-26T02:30:00") == 2
    spring = table("dst-spring", "EnergyBalance", Period.DAY, "2025-03-30").stamps
    assert len(spring) == 276
    assert not [stamp for stamp in spring if "T02:30" in stamp]


def test_polar_night_has_a_balance_without_sun() -> None:
    rows = table("polar-night", "EnergyBalance", Period.DAY, "2024-12-20")
    assert set(rows.columns["pvGeneration"]) == {0.0}
    assert table("polar-night", "EnergyAndPowerPv", Period.DAY, "2024-12-20").stamps == []


def test_r30_a_deactivated_inverter_keeps_its_history() -> None:
    name = "deactivated-device"
    old = energy(table(name, "EnergyAndPowerPv", Period.DAY, "2025-03-20", device="2101"))
    assert old > 1_000
    other = energy(table(name, "EnergyAndPowerPv", Period.DAY, "2025-03-20", device="2102"))
    assert energy(table(name, "EnergyBalance", Period.DAY, "2025-03-20")) == old + other
    assert energy(table(name, "EnergyAndPowerPv", Period.DAY, "2025-06-14", device="2101")) == 0


def test_a_replaced_inverter_hands_over_to_the_new_one() -> None:
    shares = [
        [energy(table("replaced-device", "EnergyAndPowerPv", Period.DAY, day, device=device)) > 0 for device in pair]
        for day in ("2025-03-20", "2025-06-14")
        for pair in (("2101", "2102"),)
    ]
    assert shares == [[True, False], [False, True]]


def test_late_rows_are_missing_at_noon_and_there_in_the_evening() -> None:
    noon = table("late-data", "EnergyBalance", Period.DAY, "2025-06-15").stamps
    evening = table("late-data", "EnergyBalance", Period.DAY, "2025-06-15", now="2025-06-15T18:00:00+02:00").stamps
    assert "2025-06-15T09:00:00" not in noon
    assert "2025-06-15T07:30:00" in noon
    assert "2025-06-15T11:30:00" in noon
    assert "2025-06-15T09:00:00" in evening
