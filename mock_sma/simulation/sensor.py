"""Sensor: light in the plane of the modules, temperatures and wind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation import chance, pv
from mock_sma.simulation.part import Columns, milli, thousandths

BROKEN = 2.8
"""How far a sensor may differ from the roof under broken cloud: with it they correlate as measured ones do (chosen)."""

if TYPE_CHECKING:
    from mock_sma.domain.device import Array, Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Floats
    from mock_sma.simulation.part import Detail, Part


def sensor(part: Part, plant: Plant, device: Device) -> Columns:
    """Return Sensor; of an inverter only while it is awake, of a sensor box day and night."""
    detail = part.detail
    if detail is None:
        return Columns(np.zeros(len(part.ends), dtype=bool))
    scene = detail.block.scene
    array = _largest(plant, device)
    light = np.zeros(len(scene.days.slots))
    light[scene.lit] = scene.light.ghi if array is None else scene.irradiance(array)
    light[scene.lit] *= _own_reading(detail, device)
    air, wind = scene.air_and_wind
    modules = pv.cell_temperature(light, air, wind)
    kept = detail.awake(device) if device.generates_pv else part.everything
    names = ("externalInsolation", "ambientTemperature", "moduleTemperature", "windSpeed")
    measured = (light, air, modules, wind)
    return Columns(
        kept, {name: thousandths(detail.mean(milli(values))) for name, values in zip(names, measured, strict=True)}
    )


def _own_reading(detail: Detail, device: Device) -> Floats:
    """Return what a sensor shows of the modules' light at lit slots [1].

    It is one point where they are a roof: under broken cloud it lies in another shadow; and it is calibrated to 2 %.
    """
    scene = detail.block.scene
    stream = detail.generator.device_keys[device.id] + 192
    clear = scene.weather.clearness
    apart = 0.02 + np.maximum(BROKEN * (clear - 0.15) * (1.05 - clear), 0.0)
    here = chance.smooth_run(stream, scene.days.run, 2)[scene.lit] + chance.uniform(
        stream + 1, scene.days.slots[scene.lit]
    )
    lasting = float(chance.uniform(stream + 2, np.zeros(1, dtype=np.int64))[0])
    return np.asarray((0.98 + 0.04 * lasting) * (1.0 + apart * (here - 1.0)))


def _largest(plant: Plant, device: Device) -> Array | None:
    """Return the array whose plane a sensor lies in: the device's largest, else the plant's; None: level."""
    arrays = device.arrays or tuple(array for item in plant.devices for array in item.arrays)
    return max(arrays, key=lambda array: array.peak_power, default=None)
