"""The Monitoring API in process: bodies, errors, access (R12, R18 to R33; contract: MONITORING)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.device import Device, DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.people import PlantUser
from mock_sma.domain.plant import Address, Plant
from mock_sma.domain.scenario import Scenario, Switches
from mock_sma.sandbox.exchange import Reply, Request

OWNER = "apiTestUser@apiSandbox.com"
NOON = "2025-06-15T12:00:00+02:00"
PLANTS = {
    "13": "Testplant 1",
    "24": "TestPlant2",
    "35": "TestPlant3",
    "46": "TestPlant4",
    "57": "TestPlant5",
    "68": "TestPlant6",
    "79": "TestPlant7",
    "90": "TestPlant8",
    "101": "TestPlant9",
}


class Client:
    """A client of one world with a token."""

    def __init__(self, world: Sandbox, *, consent: bool = True) -> None:
        self.world = world
        if consent:
            world.consents.accept(OWNER, "demo_api")
        form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
        headers = {b"content-type": b"application/x-www-form-urlencoded"}
        reply = world.handle(Request(method="POST", path="/oauth2/token", headers=headers, body=form))
        self.token = json.loads(reply.body)["access_token"]

    def get(self, target: str, host: str = "") -> Reply:
        path, _, query = target.partition("?")
        headers = {b"authorization": b"Bearer " + self.token.encode()}
        return self.world.handle(Request(method="GET", path=path, query=query, headers=headers, host=host))

    def json(self, target: str) -> Any:
        reply = self.get(target)
        assert reply.status == 200, reply
        return json.loads(reply.body)


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(Sandbox(load_scenario("sandbox"), now=NOON))


def changed(**facts: object) -> Client:
    """Return a client of the sandbox whose first plant has other facts."""
    scenario = load_scenario("sandbox")
    first = replace(scenario.plants[0], **facts)  # type: ignore[arg-type]
    return Client(Sandbox(replace(scenario, plants=(first, *scenario.plants[1:])), now=NOON))


def test_sandbox_lists_its_nine_plants_with_three_keys_each(client: Client) -> None:
    expected = [{"plantId": key, "name": name, "timezone": "Europe/Berlin"} for key, name in PLANTS.items()]
    reply = client.get("/v1/plants")
    assert reply.body == json.dumps({"plants": expected}, separators=(",", ":")).encode()
    assert reply.header(b"content-type") == b"application/json; charset=utf-8"


@pytest.mark.parametrize("path", ["/monitoring/v1/plants", "/v2/plants", "/V1/Plants/", "/basicreporting/v1/plants"])
def test_r18_every_layout_and_spelling_gives_the_same_list(client: Client, path: str) -> None:
    assert client.get(path).body == client.get("/v1/plants").body


def test_sandbox_devices_are_the_ten_of_each_plant_in_order(client: Client) -> None:
    types = ["Sensor technology", "Monitoring and control", *["Solar Inverters"] * 3, "Battery Inverter"]
    types += ["Monitoring and control"] * 3 + ["Solar Inverters"]
    for plant_id, name in PLANTS.items():
        body = client.json(f"/v1/plants/{plant_id}/devices")
        assert body["plant"] == {"plantId": plant_id, "name": name, "timezone": "Europe/Berlin"}
        assert [item["deviceId"] for item in body["devices"]] == [str(int(plant_id) + n) for n in range(1, 11)]
        assert [item["type"] for item in body["devices"]] == types
    inverter = client.get("/v1/plants/13/devices").body
    assert (
        b'{"deviceId":"16","name":"My Inverter 1","timezone":"Europe/Berlin","type":"Solar Inverters",'
        b'"product":"STP 6000TL-20","productId":9099,"serial":"3421111","vendor":"SMA Solar Technology AG",'
        b'"generatorPower":6000.0,"generatorPowerDc":6000.0,"isActive":true}' in inverter
    )


def test_lean_devices_have_neither_plant_nor_time_zone(client: Client) -> None:
    body = client.json("/v1/plants/13/devices/lean")
    assert list(body) == ["devices"]
    assert list(body["devices"][0]) == ["deviceId", "name", "type", "product", "productId", "vendor", "isActive"]


def test_device_details_come_in_the_recorded_order(client: Client) -> None:
    body = client.json("/v1/devices/16")
    assert list(body) == ["plant", "details"]
    assert list(body["details"])[-6:] == [
        "ipAddress",
        "firmwareVersion",
        "communicationProtocol",
        "startUpUtc",
        "isResetted",
        "termOfGuarantee",
    ]
    assert b'"batteryCapacity":10000.0' in client.get("/v1/devices/19").body


def test_sets_lists_name_what_plant_and_device_offer(client: Client) -> None:
    inverter = client.json("/v1/devices/16/measurements/sets")
    assert list(inverter) == ["plant", "device", "sets"]
    assert inverter["sets"] == ["Sensor", "EnergyAndPowerPv", "PowerDc", "PowerAc"]
    assert client.json("/v1/devices/14/measurements/sets")["sets"] == []
    assert "EnergyBalance" in client.json("/v1/plants/13/measurements/sets")["sets"]


@pytest.mark.parametrize(
    ("period", "query", "resolution", "rows"),
    [
        ("Recent", "", "FifteenMinutes", 1),
        ("Day", "?Date=2025-06-14", "FifteenMinutes", 96),
        ("Week", "?Date=2025-06-01", "FifteenMinutes", 672),
        ("Month", "?Date=2025-05", "OneDay", 31),
        ("Year", "?Date=2024", "OneMonth", 12),
        ("Total", "", "OneYear", 6),
    ],
)
def test_r21_r26_each_period_has_its_resolution(
    client: Client, period: str, query: str, resolution: str, rows: int
) -> None:
    body = client.json(f"/v1/plants/13/measurements/sets/EnergyBalance/{period}{query}")
    assert list(body) == ["plant", "setType", "resolution", "set"]
    assert (body["resolution"], len(body["set"])) == (resolution, rows)
    device = client.json(f"/v1/devices/16/measurements/sets/EnergyAndPowerPv/{period}{query}")
    assert list(device) == ["plant", "device", "setType", "resolution", "set"]
    assert all(list(row) == ["time", "pvGeneration"] for row in device["set"])


def test_energy_balance_has_its_properties_in_order_and_numbers_as_doubles(client: Client) -> None:
    reply = client.get("/v1/plants/13/measurements/sets/energybalance/DAY?date=2025-06-14&returnEnergyValues=TRUE")
    row = json.loads(reply.body)["set"][48]
    assert list(row) == [
        "time",
        "pvGeneration",
        "directConsumption",
        "totalConsumption",
        "batteryCharging",
        "batteryDischarging",
        "batteryStateOfCharge",
        "gridFeedIn",
        "gridConsumption",
        "totalGeneration",
        "selfConsumption",
        "autarkyRate",
        "selfConsumptionRate",
        "selfSupply",
    ]
    assert row["time"] == "2025-06-14T12:15:00"
    assert b'"gridConsumption":0.0' in reply.body


def test_r27_a_property_without_value_is_absent_from_its_row(client: Client) -> None:
    night = client.json("/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14")["set"][0]
    assert night["pvGeneration"] == 0.0
    assert "selfConsumptionRate" not in night


def test_with_total_adds_the_sums_without_time(client: Client) -> None:
    body = client.json("/v1/plants/13/measurements/sets/EnergyBalance/Month?Date=2025-05&WithTotal=true")
    assert list(body)[-1] == "total"
    assert "time" not in body["total"]
    assert body["total"]["pvGeneration"] == sum(row["pvGeneration"] for row in body["set"])


def test_basic_reporting_gives_pv_generation_alone(client: Client) -> None:
    body = client.json("/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Month?Date=2025-05")
    assert all(list(row) == ["time", "pvGeneration"] for row in body["set"])
    assert client.get("/basicreporting/v1/plants/13/measurements/sets/EnergyBalance/Total").status == 404
    assert client.json("/basicreporting/v1/plants/13")["plantId"] == "13"


def test_r28_no_data_is_an_empty_list_in_a_whole_envelope(client: Client) -> None:
    body = client.json("/v1/plants/13/measurements/sets/EnergyBalance/Month?Date=2030-01")
    assert (body["resolution"], body["set"]) == ("OneDay", [])


def test_r33_a_set_without_instruments_is_empty_and_an_unknown_one_is_404(client: Client) -> None:
    assert client.json("/v1/devices/14/measurements/sets/EnergyAndPowerPv/Recent")["set"] == []
    unknown = client.get("/v1/plants/13/measurements/sets/EnergyMagic/Recent")
    assert (unknown.status, unknown.body) == (404, b'{"message":"Not Found","code":"404"}')
    assert client.get("/v1/plants/13/measurements/sets/EnergyBalance/Decade").status == 404


@pytest.mark.parametrize(
    ("period", "text", "form"),
    [
        ("Day", "2025-6-1", "YYYY-MM-DD"),
        ("Day", "2025-02-30", "YYYY-MM-DD"),
        ("Week", "", "YYYY-MM-DD"),
        ("Month", "2025-06-01", "YYYY-MM"),
        ("Year", "25", "YYYY"),
    ],
)
def test_a_date_that_does_not_fit_is_400_and_names_the_form(client: Client, period: str, text: str, form: str) -> None:
    reply = client.get(f"/v1/plants/13/measurements/sets/EnergyBalance/{period}?Date={text}")
    body = json.loads(reply.body)
    assert (reply.status, list(body), body["code"]) == (400, ["message", "code"], "400")
    assert form in body["message"]


def test_r12_no_consent_gives_an_empty_list_and_says_why() -> None:
    client = Client(Sandbox(load_scenario("sandbox"), now=NOON), consent=False)
    assert client.get("/v1/plants").body == b'{"plants":[]}'
    assert "consent" in client.world.requests[-1].why


@pytest.mark.parametrize("token", [None, "garbage", "a.b.c"])
def test_without_a_valid_token_401_and_a_challenge(client: Client, token: str | None) -> None:
    headers = {b"authorization": f"Bearer {token}".encode()} if token else {}
    reply = client.world.handle(Request(method="GET", path="/v1/plants", headers=headers))
    assert (reply.status, reply.body) == (401, b'{"message":"Unauthorized","code":"401"}')
    assert reply.header(b"www-authenticate") == b"Bearer"


def test_an_expired_token_is_401_and_the_journal_says_expired() -> None:
    client = Client(Sandbox(load_scenario("sandbox"), now=NOON))
    client.world.clock.advance(seconds=312)
    assert client.get("/v1/plants").status == 401
    assert "expired 12 s ago" in client.world.requests[-1].why


def test_unknown_ids_are_404_and_ids_without_consent_403(client: Client) -> None:
    assert client.get("/v1/plants/99999").status == 404
    assert client.get("/v1/devices/99999").status == 404
    closed = Client(Sandbox(load_scenario("sandbox"), now=NOON), consent=False)
    assert closed.get("/v1/plants/13").body == b'{"message":"Forbidden","code":"403"}'
    assert closed.get("/v1/devices/16").status == 403
    hidden = replace(load_scenario("sandbox"), switches=Switches(forbidden_as=404))
    assert Client(Sandbox(hidden, now=NOON), consent=False).get("/v1/plants/13").status == 404


def test_migrated_ids_answer_308_with_the_new_place() -> None:
    old = "6b1c8e5e-0000-4000-8000-000000000001"
    client = changed(previous_ids=((old, "13"),))
    reply = client.get(f"/v1/plants/{old}/measurements/sets/EnergyBalance/Day?Date=2025-06-14")
    assert (reply.status, reply.body) == (308, b"")
    assert reply.header(b"location") == b"/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"


def test_with_flags_add_status_installation_and_location() -> None:
    address = Address(country="DE", federal_state="Hessen", city="Kassel", zip_code="34117")
    client = changed(address=address, co2_savings_factor=400)
    reply = client.get("/v1/plants?WithStatus=true&WithInstallation=true&WithLocation=true&Filter=testplant%201")
    (plant,) = json.loads(reply.body)["plants"]
    assert list(plant) == ["plantId", "name", "timezone", "status", "installation", "location"]
    assert plant["status"] == "Ok"
    assert plant["installation"]["orientation"] == {"azimuth": -45, "collectorSlope": 30}
    assert list(plant["location"]["address"]) == ["country", "federalState", "city", "zipCode", "longitude", "latitude"]
    assert b'"longitude":9.500000,"latitude":51.320000' in reply.body
    assert client.get("/v1/plants?WithStatus=perhaps").status == 400


def test_r30_deactivated_devices_appear_on_request_only() -> None:
    scenario = load_scenario("sandbox")
    gone = replace(
        scenario.plants[0].devices[3], is_active=False, deactivated_at=datetime(2025, 4, 7, 10, 30, 2, tzinfo=UTC)
    )
    devices = scenario.plants[0].devices
    client = changed(devices=(*devices[:3], gone, *devices[4:]))
    assert len(client.json("/v1/plants/13/devices/lean")["devices"]) == 9
    device = client.json("/v1/plants/13/devices/lean?WithDeactivatedDevices=true")["devices"][3]
    assert (device["isActive"], device["deactivatedAt"]) == (False, "2025-04-07T12:30:02")
    assert client.json("/v1/devices/17/measurements/sets/EnergyAndPowerPv/Month?Date=2025-03")["set"]


def test_r31_logs_carry_event_ids_on_ennexos_and_none_on_classic() -> None:
    start = datetime(2025, 6, 1, 8, tzinfo=UTC)
    events = (
        PlantEvent(kind=EventKind.GAP, start=start, end=start + timedelta(hours=2)),
        PlantEvent(kind=EventKind.DEVICE_FAULT, start=start + timedelta(days=3), device_id="16"),
        PlantEvent(kind=EventKind.GAP, start=start + timedelta(days=300)),
    )
    client = changed(events=events)
    newest, oldest = client.json("/v1/plants/13/logs")["logs"]
    assert list(oldest) == ["logId", "timestamp", "messageTagId", "message", "level", "occurrence"]
    assert (oldest["timestamp"], oldest["occurrence"]) == ("2025-06-01T10:00:00", "Solved")
    assert (newest["deviceId"], newest["level"], newest["occurrence"]) == ("16", "Error", "Unsolved")
    assert newest["logId"].isdigit()
    assert len(client.json("/v1/devices/16/logs")["logs"]) == 1
    assert len(client.json("/v1/plants/13/logs?from=2025-06-02")["logs"]) == 1
    assert len(client.json("/v1/plants/13/logs?To=2025-06-01&Level=disturbance")["logs"]) == 1
    assert client.json("/v1/plants/13/logs?Level=Info")["logs"] == []
    assert client.get("/v1/plants/13/logs?From=yesterday").status == 400
    assert client.get("/v1/plants/13/logs?Level=Loud").status == 400
    assert "Error" in client.get("/v1/plants?WithStatus=true").body.decode()


def test_r31_classic_log_ids_are_empty_unless_the_mapping_is_switched_on() -> None:
    plant_id = "6b1c8e5e-0000-4000-8000-000000000001"
    plant = Plant(
        id=plant_id,
        name="Straßenäcker ☀",
        commissioned=date(2020, 1, 1),
        devices=(
            Device(
                id="6b1c8e5e-0000-4000-8000-000000000002",
                kind=DeviceKind.SENSOR,
                name="S",
                type="T",
                product="P",
                product_id=1,
            ),
        ),
        users=(PlantUser(email=OWNER, owner=True),),
        events=(PlantEvent(kind=EventKind.GAP, start=datetime(2025, 6, 1, tzinfo=UTC)),),
    )
    base = load_scenario("sandbox")
    for switches, filled in ((Switches(), False), (Switches(classic_log_ids=True), True)):
        scenario = Scenario(name="c", clients=base.clients, users=base.users, plants=(plant,), switches=switches)
        client = Client(Sandbox(scenario, now=NOON))
        body = client.json(f"/v1/plants/{plant.id.upper()}/logs")
        assert bool(body["logs"][0]["logId"]) is filled
        assert body["plant"]["name"] == "Straßenäcker ☀"
        assert "CommunicationMonitoringFault" in client.get("/v1/plants?WithStatus=true").body.decode()


def test_real_hosts_serve_their_own_layout_only(client: Client) -> None:
    assert client.get("/v1/plants", host="monitoring.smaapis.de").status == 200
    assert client.get("/monitoring/v1/plants", host="sandbox.smaapis.de").status == 200
    assert client.get("/monitoring/v1/plants", host="monitoring.smaapis.de").status == 501
    assert client.get("/v1/plants", host="basicreporting.smaapis.de").status == 200
    gateway = client.get("/oauth2/v2/bc-authorize/a", host="monitoring.smaapis.de")
    assert (gateway.status, gateway.header(b"content-type")) == (504, b"text/html; charset=utf-8")
    unknown = client.get("/.well-known/openid-configuration", host="auth.smaapis.de")
    assert (unknown.status, unknown.body) == (404, b"")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    target = "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
    bodies = [Client(Sandbox(load_scenario("sandbox"), now=NOON, seed=seed)).get(target).body for seed in (1, 1, 2)]
    assert bodies[0] == bodies[1] != bodies[2]


def test_rendered_bodies_are_kept_within_their_bounds(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    simulators = client.world.simulators
    monkeypatch.setattr("mock_sma.sandbox.simulators.MAX_BODIES", 2)
    monkeypatch.setattr("mock_sma.sandbox.simulators.MAX_SIMULATOR_BYTES", 1)
    for plant in ("13", "24", "35"):
        client.json(f"/v1/plants/{plant}/measurements/sets/EnergyBalance/Recent")
    assert len(simulators._bodies) == 2
    # The one in use is weighed when the next is asked for.
    assert len(simulators._simulators) == 2
