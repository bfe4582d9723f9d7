"""The bodies as models, for the OpenAPI document and for tests that hold every answer against them.

Answers are not made through these models: spelling them directly costs a tenth of the time, and a server starts without
loading them. A test checks that both say the same, key order included.
"""

from __future__ import annotations

from mock_sma.sandbox.wire.models.base import (
    Body,
)
from mock_sma.sandbox.wire.models.devices import (
    Characteristic,
    DeviceBody,
    DeviceDetails,
    DeviceItem,
    DeviceRef,
    DevicesBody,
    DeviceStatusBody,
    LeanDevice,
    LeanDeviceBody,
    LeanDevicesBody,
)
from mock_sma.sandbox.wire.models.logs import (
    DeviceLogsBody,
    LogItem,
    PlantLogsBody,
)
from mock_sma.sandbox.wire.models.measurements import (
    DeviceMeasurementBody,
    DeviceSetsBody,
    IndexedValue,
    PlantMeasurementBody,
    PlantSetsBody,
    Row,
)
from mock_sma.sandbox.wire.models.oauth import (
    ApiErrorBody,
    ConsentBody,
    ConsentChangeBody,
    ConsentRequestBody,
    FormerConsentChangeBody,
    OAuthErrorBody,
    TokenBody,
)
from mock_sma.sandbox.wire.models.plants import (
    AddressBody,
    Installation,
    Location,
    Orientation,
    PlantBody,
    PlantCapabilitiesBody,
    PlantInstallationBody,
    PlantItem,
    PlantLocationBody,
    PlantsBody,
    PlantStatusBody,
)

__all__ = [
    "AddressBody",
    "ApiErrorBody",
    "Body",
    "Characteristic",
    "ConsentBody",
    "ConsentChangeBody",
    "ConsentRequestBody",
    "DeviceBody",
    "DeviceDetails",
    "DeviceItem",
    "DeviceLogsBody",
    "DeviceMeasurementBody",
    "DeviceRef",
    "DeviceSetsBody",
    "DeviceStatusBody",
    "DevicesBody",
    "FormerConsentChangeBody",
    "IndexedValue",
    "Installation",
    "LeanDevice",
    "LeanDeviceBody",
    "LeanDevicesBody",
    "Location",
    "LogItem",
    "OAuthErrorBody",
    "Orientation",
    "PlantBody",
    "PlantCapabilitiesBody",
    "PlantInstallationBody",
    "PlantItem",
    "PlantLocationBody",
    "PlantLogsBody",
    "PlantMeasurementBody",
    "PlantSetsBody",
    "PlantStatusBody",
    "PlantsBody",
    "Row",
    "TokenBody",
]
