"""Logs of plants and devices (R31)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.event import LogLevel
from mock_sma.domain.logbook import entries
from mock_sma.domain.messages import log_language
from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.monitoring.access import device_of, plant_of
from mock_sma.sandbox.wire.measurements import logs_body

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.handlers.call import Call

FORM = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2})?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1, 9_999


def plant_logs(call: Call) -> Answer:
    """Answer a plant's logs, those of its devices included."""
    return _logs(call, plant_of(call), None)


def device_logs(call: Call) -> Answer:
    """Answer a device's logs."""
    plant, device = device_of(call)
    return _logs(call, plant, device)


def _logs(call: Call, plant: Plant, device: Device | None) -> Answer:
    low, high = _moment(call, plant, "From"), _moment(call, plant, "To", whole_day=True)
    level = _level(call.query.get("Level"))
    found = entries(
        plant,
        # Nothing is live: an event is known when the upload after it has been processed (R20, R25).
        call.world.simulators.processed_until(plant, call.now),
        classic_ids=call.world.switches.classic_log_ids,
        language=log_language(call.request.header(b"accept-language"), plant),
        device_id=device.id if device is not None else None,
    )
    wanted = [
        entry
        for entry in found
        if (low is None or entry.at >= low)
        and (high is None or entry.at < high)
        and (level is None or entry.level == level)
    ]
    if not wanted:
        whose = f"plant {plant.id}" if device is None else f"device {device.id}"
        what = f"none of {len(found)} entries of {whose} is of the time and level asked for"
        none = f"nothing that makes an entry has happened to {whose}, or it is not processed yet"
        call.note("empty", text=f"the list is empty: {what if found else none}")
    return Answer(logs_body(plant, device, wanted))


def _moment(call: Call, plant: Plant, name: str, *, whole_day: bool = False) -> float | None:
    """Return a bound as seconds since the epoch; a date as ``To`` takes in its whole day."""
    text = call.query.get(name)
    if text is None:
        return None
    try:
        local = datetime.fromisoformat(text) if FORM.fullmatch(text) else None
    except ValueError:
        local = None
    if local is None:
        form = "YYYY-MM-DD or YYYY-MM-DDTHH:mm:ss"
        raise ApiError(400, f"The {name} '{text[:40]}' does not fit: {form} is expected")
    if not FIRST_YEAR < local.year < LAST_YEAR:
        return float("-inf") if local.year <= FIRST_YEAR else float("inf")  # beyond what a time zone can shift
    if whole_day:
        local += timedelta(seconds=1) if "T" in text else timedelta(days=1)
    return local.replace(tzinfo=ZoneInfo(plant.timezone)).timestamp()


def _level(text: str | None) -> str | None:
    if text is None:
        return None
    found = next((level.value for level in LogLevel if level.value.lower() == text.lower()), None)
    if found is None:
        raise ApiError(400, f"The Level '{text[:40]}' is none of {', '.join(LogLevel)}")
    return found
