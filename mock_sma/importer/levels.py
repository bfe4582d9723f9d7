"""How much a plant's consumers, batteries and household do on days that are not recorded: as on those that are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ENERGY_AND_POWER_BATTERY, ENERGY_AND_POWER_CONSUMPTION, ENERGY_BALANCE
from mock_sma.domain.device import DeviceKind
from mock_sma.importer.collected import number_of
from mock_sma.importer.devices import WORDS
from mock_sma.importer.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.importer.collected import RecordedThing
    from mock_sma.importer.names import Names
    from mock_sma.importer.spans import RecordedSet

WITH_BATTERY = frozenset({DeviceKind.BATTERY_INVERTER.value, DeviceKind.HYBRID_INVERTER.value})
CONSUMERS = frozenset({DeviceKind.CONSUMER.value, DeviceKind.EV_CHARGER.value})
USUAL = {DeviceKind.CONSUMER.value: 400_000.0, DeviceKind.EV_CHARGER.value: 2_400_000.0}
"""What a consumer takes where nothing tells [Wh per year]."""

USE, CHARGING = "totalConsumption", "batteryCharging"


def set_levels(entry: dict[str, Any], plant: RecordedThing, names: Names) -> Iterator[str]:
    """Put levels into a plant's entry and those of its devices; yield sentences on what is fitted, and a guess.

    Args:
        entry: of the plant, with its devices in the order of the traffic.
        names: replaces names.
    """
    zone = ZoneInfo(entry["timezone"])
    balance = plant.rows.get(ENERGY_BALANCE.name)
    has_stored = balance is not None and any(piece.energy for piece in pieces_of(balance, CHARGING, zone))
    if has_stored and not plant.devices:
        name = names.of(WORDS[DeviceKind.BATTERY_INVERTER], entry["name"])
        entry["devices"].append({"kind": DeviceKind.BATTERY_INVERTER.value, "name": name})
        yield "its devices are not in the traffic; one battery inverter stands for what its rows store"
    pairs = [
        (device, plant.devices.get(str(device.get("id")))) for device in entry["devices"] if isinstance(device, dict)
    ]
    batteries = [pair for pair in pairs if pair[0]["kind"] in WITH_BATTERY]
    for device, thing in batteries:
        yield from _battery(device, thing, balance if len(batteries) == 1 else None, zone)
    consumers = [pair for pair in pairs if pair[0]["kind"] in CONSUMERS]
    own = [device for device, thing in consumers if _is_told(device, thing, zone)]
    yield from (f"fitted to the rows of {each['name']}: {each['annual_energy'] / 1e3:g} kWh a year" for each in own)
    yield from _load(entry, balance, zone, own, [device for device, _ in consumers if device not in own])


def _battery(
    device: dict[str, Any], thing: RecordedThing | None, balance: RecordedSet | None, zone: ZoneInfo
) -> Iterator[str]:
    from mock_sma.importer.batteries import fitted_battery  # noqa: PLC0415 - NumPy, where there is something to fit

    own = None if thing is None else thing.rows.get(ENERGY_AND_POWER_BATTERY.name)
    told = None if thing is None else number_of(thing.facts, "batteryCapacity")
    found = fitted_battery(told or None, own or balance, zone)
    device["battery"] = found.entry
    if found.fitted:
        yield f"fitted to the rows of {device['name']}: {', '.join(found.fitted)}"
    if found.guessed:
        yield f"a guess for {device['name']}, whose rows do not tell it: {', '.join(found.guessed)}"


def _is_told(device: dict[str, Any], thing: RecordedThing | None, zone: ZoneInfo) -> bool:
    """Put what a consumer takes into its entry; tell whether its rows tell it."""
    from mock_sma.importer.consumption import fitted_consumer  # noqa: PLC0415 - as above

    rows = None if thing is None else thing.rows.get(ENERGY_AND_POWER_CONSUMPTION.name)
    found = {} if rows is None else fitted_consumer(pieces_of(rows, "consumption", zone))
    device |= found or {"annual_energy": USUAL[device["kind"]]}
    return bool(found)


def _load(
    entry: dict[str, Any],
    balance: RecordedSet | None,
    zone: ZoneInfo,
    own: list[dict[str, Any]],
    others: list[dict[str, Any]],
) -> Iterator[str]:
    from mock_sma.importer.consumption import WORDS as HABITS  # noqa: PLC0415 - as above
    from mock_sma.importer.consumption import Beside, Locality, consumer_of, fitted_consumption  # noqa: PLC0415

    place = Locality(zone, entry.get("latitude", 1.0) >= 0.0, entry.get("address", {}).get("country"))
    pieces = [] if balance is None else pieces_of(balance, USE, zone)
    found = fitted_consumption(pieces, place, Beside([*map(consumer_of, own)], [*map(consumer_of, others)]))
    if found is not None:
        for device in others:
            device["annual_energy"] = round(device["annual_energy"] * found.share, -3) or 1.0
    if others:
        names, share = ", ".join(device["name"] for device in others), 1.0 if found is None else found.share
        yield f"what {names} takes is not in the traffic; it is a guess" + (
            "" if share == 1.0 else ", of the level that fits the hours of the whole consumption"
        )
    if found is None:
        if entry.get("measures_grid"):
            yield "what it consumes is not in the traffic; the household is a guess"
        return
    if not found.annual_energy:
        entry["load"] = {"kind": found.kind.value}
        yield "nothing is consumed in the recorded rows, nor on other days"
        return
    entry["load"] = {"kind": found.kind.value, "annual_energy": found.annual_energy}
    apart = "beside its consumers" if own or others else "in all"
    told = "as the hours of the rows tell" if found.is_told else "which is a guess"
    yield (
        f"its load is fitted to {found.days} recorded days from {found.first} to {found.last}: "
        f"{found.annual_energy / 1e6:.1f} MWh a year {apart}, by the season of {HABITS[found.kind]} ({told})"
    )
