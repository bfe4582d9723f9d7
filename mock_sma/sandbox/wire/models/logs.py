"""Logs (R31)."""

from __future__ import annotations

from pydantic import Field

from mock_sma.sandbox.wire.models.base import Body
from mock_sma.sandbox.wire.models.devices import DeviceRef
from mock_sma.sandbox.wire.models.plants import PlantBody


class LogItem(Body):
    """A log entry."""

    logId: str = Field(description="Event ID; empty on Classic (R31)")  # noqa: N815
    timestamp: str
    messageTagId: int  # noqa: N815
    message: str
    level: str
    occurrence: str
    deviceId: str | None = None  # noqa: N815


class PlantLogsBody(Body):
    """A plant's log."""

    plant: PlantBody
    logs: list[LogItem]


class DeviceLogsBody(Body):
    """A device's log."""

    plant: PlantBody
    device: DeviceRef
    logs: list[LogItem]
