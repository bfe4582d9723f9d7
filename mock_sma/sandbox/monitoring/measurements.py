"""Measurements and logs (R20 to R33; contract: MONITORING 1, 3 to 5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ALL_SETS, BASIC_REPORTING_SETS, DEVICE_SETS, PLANT_SETS
from mock_sma.domain.event import LogLevel
from mock_sma.domain.period import Period, Span, parse_period, parse_span
from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.monitoring.access import device_of, plant_of
from mock_sma.sandbox.monitoring.logbook import entries
from mock_sma.sandbox.wire.measurements import logs_body, measurement_body

if TYPE_CHECKING:
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.operation import Call

MAX_ASKED = 4_096


class Asked(NamedTuple):
    """What a request for measurements asks, read from its path and query."""

    wanted: MeasurementSet
    span: Span
    energy: bool
    with_total: bool


def plant_measurements(call: Call) -> Answer:
    """Answer a set of a plant."""
    return _measure(call, plant_of(call), None, PLANT_SETS)


def device_measurements(call: Call) -> Answer:
    """Answer a set of a device."""
    plant, device = device_of(call)
    return _measure(call, plant, device, DEVICE_SETS)


def basic_reporting(call: Call) -> Answer:
    """Answer BasicReporting's PvGeneration of a plant."""
    return _measure(call, plant_of(call), None, BASIC_REPORTING_SETS)


def _asked(call: Call, allowed: tuple[MeasurementSet, ...]) -> Asked:
    """Return what is asked for; clients ask the same again and again, so it is read once."""
    memo = call.world.simulators.asked
    key = (allowed[0].name, call.params["setType"], call.params["period"], call.request.query)
    found = memo.get(key)
    if found is None:
        if len(memo) >= MAX_ASKED:
            memo.clear()
        energy, with_total = call.query.flag("ReturnEnergyValues"), call.query.flag("WithTotal")
        found = memo[key] = Asked(_named_set(call, allowed), _span(call), energy, with_total)
    return found


def _named_set(call: Call, allowed: tuple[MeasurementSet, ...]) -> MeasurementSet:
    given = call.params["setType"]
    found = ALL_SETS.get(given.lower())
    if found is None or found not in allowed:
        names = ", ".join(item.name for item in allowed)
        call.note("set", text=f"there is no set {given[:60]!r} here; there are {names}")
        raise ApiError(404, "Not Found")
    return found


def _span(call: Call) -> Span:
    given = call.params["period"]
    period = parse_period(given)
    if period is None:
        call.note("period", text=f"there is no period {given[:60]!r}; there are {', '.join(Period)}")
        raise ApiError(404, "Not Found")
    try:
        return parse_span(period, call.query.get("Date"))
    except ValueError as error:
        call.note("period", text=str(error))
        raise ApiError(400, str(error)) from None


def _measure(call: Call, plant: Plant, device: Device | None, allowed: tuple[MeasurementSet, ...]) -> Answer:
    asked = _asked(call, allowed)
    simulators = call.world.simulators
    seen = simulators.seen(plant, call.now)
    call.trace.append(("visibility", {"until": seen.until, "zone": plant.timezone}))
    device_id = device.id if device is not None else None

    def make() -> bytes:
        simulator = simulators.of(plant)
        wanted, span, energy, with_total = asked
        table = simulator.table(wanted, span, device_id=device_id, energy=energy, seen=seen)
        total = None
        if with_total:
            total = simulator.total(wanted, span, device_id=device_id, energy=energy, seen=seen)
        return measurement_body(plant, device, wanted.name, table, total)

    # The revision is part of the key: a changed plant renders anew, with nothing to invalidate.
    revision = call.world.estate.revisions[plant.id]
    key = (plant.id, revision, device_id, asked.wanted.name, asked.span, asked.energy, asked.with_total, seen)
    return Answer(simulators.body(key, make))


def plant_logs(call: Call) -> Answer:
    """Answer a plant's logs."""
    return _logs(call, plant_of(call), None)


def device_logs(call: Call) -> Answer:
    """Answer a device's logs."""
    plant, device = device_of(call)
    return _logs(call, plant, device)


def _logs(call: Call, plant: Plant, device: Device | None) -> Answer:
    low, high = _day(call, plant, "From", 0), _day(call, plant, "To", 1)
    level = _level(call.query.get("Level"))
    found = entries(
        plant,
        call.now,
        classic_ids=call.world.switches.classic_log_ids,
        device_id=device.id if device is not None else None,
    )
    wanted = [
        entry
        for entry in found
        if (low is None or entry.at >= low)
        and (high is None or entry.at < high)
        and (level is None or entry.level == level)
    ]
    return Answer(logs_body(plant, device, wanted))


def _day(call: Call, plant: Plant, name: str, later: int) -> float | None:
    text = call.query.get(name)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise ApiError(400, f"The {name} '{text[:40]}' is no date: YYYY-MM-DD is expected") from None
    day += timedelta(days=later)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(plant.timezone)).timestamp()


def _level(text: str | None) -> str | None:
    if text is None:
        return None
    found = next((level.value for level in LogLevel if level.value.lower() == text.lower()), None)
    if found is None:
        raise ApiError(400, f"The Level '{text[:40]}' is none of {', '.join(LogLevel)}")
    return found
