"""Plants on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant


def present(**members: Any) -> dict[str, Any]:
    """Return the members that have a value, in their order: null is never sent (R27)."""
    return {name: value for name, value in members.items() if value is not None}


def coordinate(value: float) -> orjson.Fragment:
    """Return a latitude or longitude with six decimals, as recorded."""
    return orjson.Fragment(f"{value:.6f}".encode())


def plant_name(plant: Plant) -> dict[str, Any]:
    """Return the two members that every plant opens with."""
    return {"plantId": plant.id, "name": plant.name}


def plant_ref(plant: Plant) -> dict[str, Any]:
    """Return the four members that every answer about a plant opens with."""
    return present(plantId=plant.id, name=plant.name, description=plant.description, timezone=plant.timezone)


def installation(plant: Plant) -> dict[str, Any]:
    """Return a plant's installation as it is now; azimuth on the wire counts from south (inferred)."""
    inverters = [item for item in plant.devices if item.generates_pv and item.is_active]
    ac = sum(item.generator_power or 0.0 for item in inverters)
    dc = sum(item.generator_power_dc or 0.0 for item in inverters)
    arrays = [array for item in inverters for array in item.arrays]
    largest = max(arrays, key=lambda array: array.peak_power, default=None)
    orientation = {"azimuth": round(largest.azimuth - 180.0), "collectorSlope": round(largest.tilt)} if largest else {}
    return present(
        peakPower=float(plant.peak_power),
        acNominalPower=ac or None,
        calcAcNominalPower=ac or None,
        dcPowerInputMax=dc or None,
        co2SavingsFactor=plant.co2_savings_factor,
        startUpUtc=f"{plant.commissioned.isoformat()}T00:00:00",
        orientation=orientation,
    )


def location(plant: Plant) -> dict[str, Any]:
    """Return a plant's location."""
    address = plant.address
    return present(
        currencyCode3=plant.currency,
        address=present(
            country=address.country if address else None,
            federalState=address.federal_state if address else None,
            city=address.city if address else None,
            zipCode=address.zip_code if address else None,
            street=address.street if address else None,
            streetNo=address.street_no if address else None,
            longitude=coordinate(plant.longitude),
            latitude=coordinate(plant.latitude),
        ),
    )


def plant_item(plant: Plant, *, status: str | None, with_installation: bool, with_location: bool) -> dict[str, Any]:
    """Return a plant in the list; the With… flags add to three keys."""
    return plant_ref(plant) | present(
        status=status,
        installation=installation(plant) if with_installation else None,
        location=location(plant) if with_location else None,
    )


def plants_body(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a list of plants, each made by :func:`plant_item` or :func:`plant_ref`."""
    return {"plants": items}


def installation_body(plant: Plant) -> dict[str, Any]:
    """Return a plant's installation by itself."""
    return plant_name(plant) | installation(plant)


def location_body(plant: Plant) -> dict[str, Any]:
    """Return a plant's location by itself."""
    return plant_name(plant) | {"timezone": plant.timezone} | location(plant)


def status_body(plant: Plant, status: str) -> dict[str, Any]:
    """Return a plant and how it is."""
    return plant_ref(plant) | {"status": status}


def capabilities_body(plant: Plant, words: list[str]) -> dict[str, Any]:
    """Return a plant and what it can give."""
    return plant_name(plant) | {"capabilities": {"measurementData": words}}
