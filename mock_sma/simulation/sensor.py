"""Sensor: light in the plane of the modules, temperatures and wind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation import pv
from mock_sma.simulation.part import Columns, milli, thousandths

if TYPE_CHECKING:
    from mock_sma.domain.device import Array, Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.part import Part


def sensor(part: Part, plant: Plant, device: Device) -> Columns:
    """Return Sensor; of an inverter only while it is awake, of a sensor box day and night."""
    detail = part.detail
    if detail is None:
        return Columns(np.zeros(len(part.ends), dtype=bool))
    scene = detail.block.scene
    array = _largest(plant, device)
    light = np.zeros(len(scene.days.slots))
    light[scene.lit] = scene.light.ghi if array is None else scene.irradiance(array)
    air, wind = scene.air_and_wind
    modules = pv.cell_temperature(light, air, wind)
    kept = detail.awake(device) if device.generates_pv else part.everything
    names = ("externalInsolation", "ambientTemperature", "moduleTemperature", "windSpeed")
    measured = (light, air, modules, wind)
    return Columns(
        kept,
        {name: thousandths(detail.mean(milli(values))) for name, values in zip(names, measured, strict=True)},
    )


def _largest(plant: Plant, device: Device) -> Array | None:
    """Return the array whose plane a sensor lies in: the device's largest, else the plant's; None: level."""
    arrays = device.arrays or tuple(array for item in plant.devices for array in item.arrays)
    return max(arrays, key=lambda array: array.peak_power, default=None)
