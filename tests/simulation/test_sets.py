"""The electrical sets: what they hold, and that it fits together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.scenario import DstFold
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility
from tests.simulation_helpers import HOUSE, JUNE, LATER, ask, device, event, rows_of, with_events

MONTH = Span(Period.MONTH, date(2024, 6, 1))


@pytest.fixture(scope="module")
def house() -> PlantSimulator:
    return PlantSimulator(HOUSE, 7)


def test_a_three_phase_string_inverter_sends_what_was_recorded_of_one(house: PlantSimulator) -> None:
    table = ask(house, "PowerAc", device_id="101")
    assert list(table.columns) == [
        "voltagePhaseA",
        "voltagePhaseB",
        "voltagePhaseC",
        "currentPhaseA",
        "currentPhaseB",
        "currentPhaseC",
        "activePower",
        "gridFrequency",
    ]


def test_active_power_is_the_generation_of_the_same_row(house: PlantSimulator) -> None:
    for name in ("101", "102", "107"):
        power, generation = ask(house, "PowerAc", device_id=name), ask(house, "EnergyAndPowerPv", device_id=name)
        assert power.stamps == generation.stamps
        assert power.columns["activePower"] == generation.columns["pvGeneration"]
        assert max(v or 0.0 for v in power.columns["activePower"]) > 500.0


def test_currents_times_voltages_are_the_power(house: PlantSimulator) -> None:
    for row in rows_of(ask(house, "PowerAc", device_id="101")):
        product = sum(row[f"voltagePhase{phase}"] * row[f"currentPhase{phase}"] for phase in "ABC")
        assert product == pytest.approx(row["activePower"], abs=0.4)
        assert 215.0 < row["voltagePhaseA"] < 245.0
        assert 49.95 < row["gridFrequency"] < 50.05


def test_a_small_inverter_has_one_phase(house: PlantSimulator) -> None:
    columns = ask(house, "PowerAc", device_id="102").columns
    assert list(columns) == ["voltagePhaseA", "currentPhaseA", "activePower", "gridFrequency"]


@pytest.mark.parametrize("name", ["103", "107"])
def test_phases_add_up_to_the_last_digit(house: PlantSimulator, name: str) -> None:
    table = ask(house, "PowerAc", device_id=name)
    assert list(table.columns) == [item.name for item in ALL_SETS["powerac"].properties]
    for row in rows_of(table):
        for quantity in ("activePower", "reactivePower", "apparentPower"):
            parts = [round(row[f"{quantity}Phase{phase}"] * 1_000) for phase in "ABC"]
            assert sum(parts) == round(row[quantity] * 1_000)
        triangle = (row["activePower"] ** 2 + row["reactivePower"] ** 2) ** 0.5
        assert row["apparentPower"] == pytest.approx(triangle, abs=0.01)
        assert row["voltagePhaseA2B"] == pytest.approx(3**0.5 * row["voltagePhaseA"], rel=0.02)
        assert 0.98 <= row["displacementPowerFactor"] <= 1.0


def test_a_battery_inverter_gives_as_it_discharges_and_takes_as_it_charges(house: PlantSimulator) -> None:
    power = ask(house, "PowerAc", device_id="103").columns["activePower"]
    battery = ask(house, "EnergyAndPowerBattery", device_id="103").columns
    pairs = zip(battery["batteryDischarging"], battery["batteryCharging"], strict=True)
    assert power == [round((out or 0.0) - (into or 0.0), 3) for out, into in pairs]
    assert min(v or 0.0 for v in power) < -100.0 < 100.0 < max(v or 0.0 for v in power)


@pytest.mark.parametrize("name", ["101", "107"])
def test_strings_have_voltage_and_current_whose_product_is_the_power(house: PlantSimulator, name: str) -> None:
    rows = [row for row in rows_of(ask(house, "PowerDc", device_id=name)) if row["dcPowerInput"]]
    assert {tuple(row["dcPowerInput"]) for row in rows} == {("A", "B")}
    for row in rows:
        for letter, power in row["dcPowerInput"].items():
            product = row["dcVoltageInput"][letter] * row["dcCurrentInput"][letter]
            assert power == pytest.approx(product, abs=0.00051)
            assert row["dcVoltageInput"][letter] < 1_000.0


def by_time(house: PlantSimulator, name: str, day: date = JUNE) -> dict[str, dict[str, Any]]:
    return {row["time"][11:16]: row for row in rows_of(ask(house, name, day, "101"))}


def test_an_inverter_loses_a_little_between_dc_and_ac(house: PlantSimulator) -> None:
    strings, active = by_time(house, "PowerDc"), by_time(house, "PowerAc")
    pairs = [(sum(strings[time]["dcPowerInput"].values()), row["activePower"]) for time, row in active.items()]
    shares = [ac / dc for dc, ac in pairs if dc > 1_000.0]
    assert 0.93 < min(shares) < max(shares) < 0.98


@pytest.mark.slow
def test_r27_strings_report_day_and_night_and_now_and_then_nothing(house: PlantSimulator) -> None:
    week = rows_of(ask(house, "PowerDc", Span(Period.WEEK, JUNE), "101"))
    assert len(week) == 7 * 288
    awake = set(ask(house, "PowerAc", Span(Period.WEEK, JUNE), "101").stamps)
    night = [row for row in week if row["time"] not in awake]
    mute = [row for row in night if not row["dcPowerInput"]]
    assert 1 <= len(mute) < 0.05 * len(night)
    assert all(row["isolationResistance"] is None and row["dcVoltageInput"] == {} for row in mute)
    said = [row for row in night if row["dcPowerInput"]]
    assert {
        value for row in said for name in ("Power", "Voltage", "Current") for value in row[f"dc{name}Input"].values()
    } == {0.0}
    assert {row["isolationResistance"] for row in said} == {3_000_000.0}
    assert all(500_000.0 < row["isolationResistance"] <= 3_000_000.0 for row in week if row["time"] in awake)


def test_a_strings_voltage_rises_where_less_is_taken_than_it_could_give() -> None:
    limit = event(
        EventKind.DERATING,
        datetime(2024, 6, 3, 9, tzinfo=UTC),
        datetime(2024, 6, 3, 13, tzinfo=UTC),
        device_id="101",
        value=0.1,
    )
    free, held = (by_time(PlantSimulator(plant, 7), "PowerDc") for plant in (HOUSE, with_events(HOUSE, limit)))
    for time in ("12:00", "13:00", "14:00"):
        assert held[time]["dcPowerInput"]["B"] < free[time]["dcPowerInput"]["B"]
        assert 1.03 < held[time]["dcVoltageInput"]["B"] / free[time]["dcVoltageInput"]["B"] < 1.2


@pytest.mark.slow
def test_where_generation_and_use_cross_the_grid_point_counts_both_ways_in_one_row(house: PlantSimulator) -> None:
    rows = rows_of(ask(house, "EnergyBalance", Span(Period.WEEK, JUNE)))
    both = [row for row in rows if row["gridFeedIn"] and row["gridConsumption"]]
    assert 20 < len(both) < len(rows) * 0.8
    assert any(not row["gridFeedIn"] for row in rows)
    states = [row["batteryStateOfCharge"] for row in rows]
    assert min(states) >= 5.0


@pytest.mark.slow
def test_insulation_is_lower_in_the_morning_than_in_the_afternoon_on_wet_days(house: PlantSimulator) -> None:
    dips = []
    for number in range(20):
        day = JUNE + timedelta(days=number)
        strings, awake = by_time(house, "PowerDc", day), sorted(by_time(house, "PowerAc", day))
        dips.append(strings[awake[-20]]["isolationResistance"] - strings[awake[1]]["isolationResistance"])
    assert max(dips) > 500_000.0
    assert sum(dip > 200_000.0 for dip in dips) < 15


def test_dc_energy_adds_up_over_resolutions_and_follows_dc_power(house: PlantSimulator) -> None:
    day = rows_of(ask(house, "EnergyDc", device_id="107"))
    month = rows_of(ask(house, "EnergyDc", MONTH, "107"))
    power = rows_of(ask(house, "PowerDc", device_id="107"))
    for letter in "AB":
        whole = sum(row["dcEnergyInput"][letter] for row in day)
        assert whole == month[JUNE.day - 1]["dcEnergyInput"][letter]
        assert sum(row["dcPowerInput"].get(letter, 0.0) for row in power) / 12 == pytest.approx(whole, abs=2.0)
    total = house.total(ALL_SETS["energydc"], MONTH, device_id="107", seen=LATER)
    assert total == {"dcEnergyInput": [(n, sum(r["dcEnergyInput"][n] for r in month)) for n in "AB"]}


def test_energy_mix_is_a_consumers_and_its_shares_add_up_to_one(house: PlantSimulator) -> None:
    for table in (ask(house, "EnergyMix", device_id="105"), ask(house, "EnergyMix", MONTH, "105")):
        assert table.stamps
        for row in rows_of(table):
            names = ("pvConsumptionRate", "batteryConsumptionRate", "gridConsumptionRate")
            if row.get("pvConsumptionRate") is not None:
                assert sum(round(row[name] * 1_000) for name in names) == 1_000
    assert list(table.columns) == [item.name for item in ALL_SETS["energymix"].properties]
    assert ask(house, "EnergyMix", MONTH).stamps == []


def test_r27_a_consumer_at_rest_has_no_mix(house: PlantSimulator) -> None:
    rows = rows_of(ask(house, "EnergyMix", device_id="105"))
    resting = [row for row in rows if row["totalConsumption"] == 0.0]
    assert resting
    assert all(row.get("gridConsumptionRate") is None for row in resting)


def test_battery_detail_comes_with_power_and_health_with_energy(house: PlantSimulator) -> None:
    power, energy = (ask(house, "EnergyAndPowerBattery", device_id="103", energy=flag) for flag in (False, True))
    assert list(power.columns) == ["batteryCharging", "batteryDischarging", "batteryStateOfCharge"]
    assert list(energy.columns) == ["batteryCharging", "batteryDischarging", "batteryStateOfHealth"]
    names = [item.name for item in ALL_SETS["energyandpowerbattery"].properties if item.indexed]
    assert sorted([*power.indexed, *energy.indexed]) == sorted(names)
    for row in rows_of(power):
        assert row["batteryStateOfChargeArray"] == {"A": row["batteryStateOfCharge"]}
        net = row["batteryCharging"] * 0.95 - row["batteryDischarging"] * 1.05
        assert row["batteryVoltage"]["A"] * row["batteryCurrent"]["A"] == pytest.approx(net, abs=0.2)
        assert 48.0 < row["batteryVoltage"]["A"] <= row["currentBatteryChargingSetVoltage"]["A"]
        assert 5.0 < row["batteryTemperature"]["A"] < 45.0


@pytest.mark.slow
def test_a_battery_ages(house: PlantSimulator) -> None:
    total = ask(house, "EnergyAndPowerBattery", Span(Period.TOTAL), "103").columns["batteryStateOfHealth"]
    assert total == sorted(total, reverse=True)  # type: ignore[type-var]
    assert total[0] == 100.0
    assert 90.0 < (total[-1] or 0.0) < 97.0


@pytest.mark.slow
def test_sets_of_states_are_empty_in_coarse_periods(house: PlantSimulator) -> None:
    for name, owner in (("PowerAc", "101"), ("PowerDc", "101"), ("Sensor", "106"), ("GridSettings", None)):
        assert ask(house, name, MONTH, owner).stamps == []
        assert house.total(ALL_SETS[name.lower()], MONTH, device_id=owner, seen=LATER) == {}


def test_the_latest_row_of_an_inverter_is_the_evenings_at_night(house: PlantSimulator) -> None:
    night = Visibility(int(datetime(2024, 6, 4, 0, 30, tzinfo=UTC).timestamp()))
    evening = ask(house, "PowerAc", JUNE, "101", seen=night)
    recent = ask(house, "PowerAc", Span(Period.RECENT), "101", seen=night)
    assert recent.stamps == evening.stamps[-1:]
    assert {name: cells[-1:] for name, cells in evening.columns.items()} == recent.columns
    dc = ask(house, "PowerDc", Span(Period.RECENT), "101", seen=night)
    assert list(dict(dc.indexed["dcPowerInput"][0])) == ["A", "B"]
    assert house.total(ALL_SETS["energyandpowerpv"], Span(Period.RECENT), device_id="101", seen=night)
    before = Visibility(int(datetime(2023, 2, 20, tzinfo=UTC).timestamp()))
    assert ask(house, "EnergyBalance", Span(Period.RECENT), seen=before).stamps == []


@pytest.mark.parametrize("fold", [DstFold.FIRST, DstFold.LAST, DstFold.SUM])
def test_dst_fold_sends_lists_of_the_repeated_hour_once(fold: DstFold) -> None:
    # A plant so far west of its zone that it is light there as the clock is set.
    plant = replace(HOUSE, longitude=-150.0, devices=(replace(HOUSE.devices[0], sets=("PowerDc", "EnergyDc")),))
    autumn = date(2024, 10, 27)
    twice, once = (
        rows_of(ask(PlantSimulator(plant, 7, dst_fold=item), "EnergyDc", autumn, "101"))
        for item in (DstFold.DUPLICATE, fold)
    )
    pair = [row["dcEnergyInput"]["A"] for row in twice if row["time"] == "2024-10-27T02:30:00"]
    left = [row["dcEnergyInput"]["A"] for row in once if row["time"] == "2024-10-27T02:30:00"]
    assert len(pair) == 2
    assert max(pair) > 0.0
    assert left == [{DstFold.FIRST: pair[0], DstFold.LAST: pair[1], DstFold.SUM: sum(pair)}[fold]]
    assert len(once) == len(twice) - 12


@pytest.mark.slow
def test_a_set_that_a_device_lists_without_the_instruments_is_empty() -> None:
    listed = (
        "PowerDc",
        "PowerAc",
        "EnergyDc",
        "EnergyAndPowerPv",
        "EnergyAndPowerBattery",
        "EnergyAndPowerConsumption",
        "EnergyMix",
    )
    odd = device("109", DeviceKind.GRID_METER, sets=listed)
    simulator = PlantSimulator(replace(HOUSE, devices=(*HOUSE.devices, odd)), 7)
    for name in listed:
        for span in (Span(Period.DAY, JUNE), MONTH, Span(Period.RECENT)):
            assert ask(simulator, name, span, "109").stamps == []
            assert not any(house_total(simulator, name, span).values())


def house_total(simulator: PlantSimulator, name: str, span: Span) -> dict[str, object]:
    return dict(simulator.total(ALL_SETS[name.lower()], span, device_id="109", seen=LATER))
