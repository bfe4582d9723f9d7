"""Scenarios that are legal and make little sense: a document, the key path of the warning, and words of its remedy.

Each changes one thing of a sound world.
"""

from __future__ import annotations

from typing import Any

OWNER = "owner@example.org"
INVERTER = {"kind": "solar-inverter", "name": "I", "id": "101", "arrays": [{"peak_power": 9000}]}
BATTERY = {"capacity": 10_000, "max_charge": 5_000, "max_discharge": 5_000}
METER = {"kind": "grid-meter", "name": "M", "id": "102"}


def world(plant: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """Return a sound world of one plant with some keys of the plant or the world put in."""
    base = {"id": "100", "name": "P", "owner": OWNER, "devices": [INVERTER, METER]}
    return {
        "now": "2025-06-15T12:00:00+02:00",
        "users": [{"email": OWNER, "country": "DE"}],
        "plants": [base | (plant or {})],
        **keys,
    }


def device(**keys: Any) -> dict[str, Any]:
    """Return a world in which the inverter has other keys."""
    return world({"devices": [INVERTER | keys, METER]})


def store(kind: str = "battery-inverter", **keys: Any) -> dict[str, Any]:
    """Return a world with a battery inverter beside the inverter."""
    return world({"devices": [INVERTER, METER, {"kind": kind, "name": "B", **keys}]})


def event(kind: str, **keys: Any) -> dict[str, Any]:
    """Return a world with one event."""
    return world({"events": [{"kind": kind, "start": "P0D", "end": "P1D", **keys}]})


def happens(**keys: Any) -> dict[str, Any]:
    """Return a world with one entry of the timeline."""
    return world(timeline=[{"after": "P1D", **keys}])


def fault(**keys: Any) -> dict[str, Any]:
    """Return a world with one fault rule."""
    return world(faults=[{"effect": {"status": 503}, **keys}])


SYDNEY = {"timezone": "Australia/Sydney", "latitude": -33.9, "longitude": 151.2}
ALTER = {"set": "EnergyBalance", "property": "pvGeneration"}

SENSELESS: list[tuple[dict[str, Any], str, str]] = [
    (world({"timezone": "America/New_York"}), "plants[0].timezone", "change one of them"),
    (world({"latitude": -33.9, "longitude": 18.4}), "plants[0].timezone", "change one of them"),
    (world({"latitude": 13.4, "longitude": 52.5}), "plants[0].timezone", "swap"),
    (world(SYDNEY | {"latitude": 33.9, "longitude": -118.2}), "plants[0].timezone", "change one of them"),
    (world({"address": {"country": "AU"}}), "plants[0].address.country", "change one of them"),
    (device(arrays=[]), "plants[0].devices[0]", "add arrays"),
    (store(), "plants[0].devices[2]", "add battery"),
    (store("hybrid-inverter", arrays=[{"peak_power": 5_000}]), "plants[0].devices[2]", "add battery"),
    (store("hybrid-inverter"), "plants[0].devices[2]", "add arrays"),
    (store(battery=BATTERY | {"capacity": 10}), "plants[0].devices[2].battery.capacity", "10000"),
    (store(battery=BATTERY | {"max_charge": 5}), "plants[0].devices[2].battery.max_charge", "5000"),
    (store(battery=BATTERY | {"max_discharge": 4.6}), "plants[0].devices[2].battery.max_discharge", "5000"),
    (device(arrays=[{"peak_power": 9.8}]), "plants[0].devices[0].arrays[0].peak_power", "write 5000"),
    (device(generator_power=10), "plants[0].devices[0].generator_power", "write 10000"),
    (device(generator_power_dc=12), "plants[0].devices[0].generator_power_dc", "write 10000"),
    (device(generator_power=2_000), "plants[0].devices[0].arrays", "check both"),
    (device(arrays=[{"peak_power": 9_000, "azimuth": 0}]), "plants[0].devices[0].arrays[0].azimuth", "azimuth 180"),
    (device(arrays=[{"peak_power": 9_000, "azimuth": 350}]), "plants[0].devices[0].arrays[0].azimuth", "azimuth 180"),
    (world(SYDNEY), "plants[0].devices[0].arrays[0].azimuth", "azimuth 0"),
    (
        device(activated_at="2025-06-01T00:00:00Z", deactivated_at="2025-05-01T00:00:00Z"),
        "plants[0].devices[0].deactivated_at",
        "swap",
    ),
    (
        world({"devices": [METER, {"kind": "ev-charger", "id": "103", "name": "E", "charging": "surplus"}]}),
        "plants[0].devices[1].charging",
        "add an inverter",
    ),
    (
        world({"devices": [INVERTER, {"kind": "consumer", "name": "E", "annual_energy": 300}]}),
        "plants[0].devices[1].annual_energy",
        "2000000",
    ),
    (world({"devices": []}), "plants[0].devices", "template"),
    (world({"owner": None}), "plants[0].users", "add owner"),
    (world({"missing_rows": 0.99}), "plants[0].missing_rows", "0.01"),
    (world({"professional_package": True}), "plants[0].professional_package", "R25"),
    (world({"earlier_resolution": 15}), "plants[0].earlier_resolution", "migrated_at"),
    (world({"load": {"annual_energy": 4_000}}), "plants[0].load.annual_energy", "4000000"),
    (world({"load": {"heat_pump": 3_500}}), "plants[0].load.heat_pump", "4000000"),
    (world({"commissioned": "2025-07-01"}), "plants[0].commissioned", "move one"),
    (event("feed-in-limit", value=0.7), "plants[0].events[0].value", "unit is W"),
    (event("feed-in-limit", value=70), "plants[0].events[0].value", "unit is W"),
    (
        world({"measures_grid": False} | event("feed-in-limit", value=5_000)["plants"][0]),
        "plants[0].events[0].kind",
        "",
    ),
    (event("derating", value=1), "plants[0].events[0].value", "share"),
    (event("snow", value=0), "plants[0].events[0].value", "share"),
    (event("missing-rows", value=0), "plants[0].events[0].value", "share"),
    (event("duplicate-rows", value=0), "plants[0].events[0].value", "share"),
    (event("value", **ALTER, mode="scale", value=1), "plants[0].events[0].value", "another value"),
    (event("value", **ALTER, mode="add", value=0), "plants[0].events[0].value", "another value"),
    (event("value", **ALTER, mode="stuck", share=0), "plants[0].events[0].share", "another value"),
    (event("gap", every="PT12H", times=3), "plants[0].events[0].every", "shorter"),
    (
        event("gap", start="2019-01-01T00:00:00Z", end="2019-01-02T00:00:00Z"),
        "plants[0].events[0].end",
        "commissioned on 2020-01-01",
    ),
    (event("gap", start="2019-12-01T00:00:00Z", end="2020-02-01T00:00:00Z"), "plants[0].events[0].start", "move"),
    (happens(action="revoke", email=OWNER), "timeline[0]", "accept before"),
    (happens(action="expire", email=OWNER), "timeline[0]", "Pending"),
    (happens(action="restore", plant="100"), "timeline[0]", "nothing is restored"),
    (happens(action="clear_faults"), "timeline[0]", "add one before"),
    (happens(action="register_user", email=OWNER), "timeline[0].email", "registered: false"),
    (
        happens(action="gap", plant="100", duration="PT1H", every="P1D", until="PT1H"),
        "timeline[0].until",
        "before the first time",
    ),
    (happens(action="deactivate_device", device="101", every="P1D"), "timeline[0].every", "leave 'every' out"),
    (
        happens(action="add_device", plant="100", device={"kind": "sensor", "name": "S", "id": "109"}, every="P1D"),
        "timeline[0].every",
        "device 109 is there",
    ),
    (
        world(
            users=[{"email": OWNER, "country": "DE", "registered": False}],
            auto_answers=[{"email": OWNER, "answer": "accept"}],
        ),
        "auto_answers[0].email",
        "R04",
    ),
    (
        world(auto_answers=[{"email": OWNER, "answer": "accept"}, {"email": OWNER, "answer": "never"}]),
        "auto_answers[1]",
        "leave one out",
    ),
    (world(consents=[{"email": OWNER, "plants": []}]), "consents[0].plants", "R07"),
    (fault(match={"path": "/v1/plnts"}), "faults[0].match.path", "/v1/plants/*"),
    (fault(match={"path": "/v3/plants"}), "faults[0].match.path", "/v1/plants/*"),
    (fault(match={"path": "/v1/plants/13/measurement"}), "faults[0].match.path", "/v1/plants/*"),
    (fault(match={"client_id": "demo_appi"}), "faults[0].match.client_id", "demo_api"),
    (fault(probability=0), "faults[0].probability", "1 is always"),
    (fault(schedule={"from": "2025-06-01T00:00:00Z", "duration": "P1D"}), "faults[0].schedule", "move one"),
    (
        happens(action="add_fault", rule={"effect": {"delay": 1}, "match": {"path": "/plants"}}),
        "timeline[0].rule.match.path",
        "/v1/plants/*",
    ),
]
