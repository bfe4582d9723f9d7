"""The control API as it is promised: names, members and statuses that tests of other projects rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import yaml

from mock_sma import __version__
from tests.facts import OWNER

if TYPE_CHECKING:
    from tests.conformance.conftest import Server

PLANTS = "/monitoring/v1/plants"


def test_health_and_ready(server: Server) -> None:
    health = server.http.get("/_mock/health").json()
    assert (health["status"], health["version"]) == ("ok", __version__)
    assert server.http.get("/_mock/ready").status_code == 200


def test_the_root_leads_to_the_console(server: Server) -> None:
    answer = server.http.get("/")
    assert answer.is_redirect
    assert answer.headers["location"].endswith("/_mock/console/")


def test_reset_puts_the_world_back(server: Server) -> None:
    server.accept()
    assert len(server.get(PLANTS).json()["plants"]) == 9
    assert server.http.post("/_mock/reset").status_code == 204
    assert server.get(PLANTS).json() == {"plants": []}
    assert len(server.http.get("/_mock/requests").json()) == 2  # the token and the list since the reset


def test_a_scenario_is_loaded_by_name_and_given_back(server: Server) -> None:
    names = [item["name"] for item in server.http.get("/_mock/scenarios").json()]
    assert {"sandbox", "classic", "ennexos", "portfolio", "gap-week", "migration"} <= set(names)
    assert server.http.put("/_mock/scenario", json={"name": "classic"}).status_code == 200
    assert server.http.get("/_mock/scenario").json()["name"] == "classic"
    assert server.http.put("/_mock/scenario", json={"name": "clasic"}).status_code in (404, 422)
    assert server.http.get("/_mock/scenario").json()["name"] == "classic"


@pytest.mark.slow
@pytest.mark.parametrize("form", ["document", "yaml"])
def test_the_running_scenario_is_a_document_that_put_takes_back(server: Server, form: str) -> None:
    server.load("ennexos")
    before = server.get(PLANTS).content
    answer = server.http.get("/_mock/scenario", params={"format": form})
    kind = "application/json" if form == "document" else "application/yaml"
    assert answer.headers["content-type"].startswith(kind)
    server.load("sandbox")
    put = server.http.put("/_mock/scenario", content=answer.content, headers={"Content-Type": kind})
    assert put.status_code == 200, put.text
    assert server.get(PLANTS).content == before
    again = server.http.get("/_mock/scenario", params={"format": form})
    assert again.content == answer.content


def test_a_refused_document_names_every_mistake_and_leaves_the_world(server: Server) -> None:
    server.accept()
    text = (
        "version: 1\nname: wrong\nusers:\n  - {email: a@example.org}\nplants:\n"
        "  - {id: 2100, name: A, template: household, users: [{email: a@example.org, role: guest, owner: true}]}\n"
        "  - {id: x-1, name: B, template: household, ownr: a@example.org}\n"
    )
    answer = server.http.put("/_mock/scenario", content=text, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "R01" in answer.text or "ownr" in answer.text
    assert "plants[1]" in answer.text
    assert ":7" in answer.text or '"line":7' in answer.text.replace(" ", "")
    assert len(server.get(PLANTS).json()["plants"]) == 9


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"version": 1, "version": 1, "name": "x"}', "application/json", 422),
        (b"version: 1\nversion: 1\nname: x\n", "application/yaml", 422),
        (b"x" * (11 * 1024 * 1024), "application/yaml", 413),
        (b"name: sandbox", "text/plain", 415),
    ],
)
def test_documents_that_cannot_be_taken(server: Server, content: bytes, kind: str, status: int) -> None:
    answer = server.http.put("/_mock/scenario", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert server.http.get("/_mock/scenario").json()["name"] == "sandbox"


def test_clock(server: Server) -> None:
    state = server.http.get("/_mock/clock").json()
    assert state["now"].startswith("2025-06-15T12:00:00")
    assert state["now"].endswith("+02:00")
    assert state["frozen"] is True
    server.http.post("/_mock/clock/advance", json={"seconds": 300})
    moved = server.http.post("/_mock/clock/advance", json={"duration": "PT5M"}).json()
    assert moved["now"].startswith("2025-06-15T12:10:00")
    assert server.get(PLANTS).headers["date"] == "Sun, 15 Jun 2025 10:10:00 GMT"


def test_consent_events_and_history(server: Server) -> None:
    bearer = {"Authorization": f"Bearer {server.token()}"}
    server.http.post("/oauth2/v2/bc-authorize", json={"loginHint": OWNER}, headers=bearer)
    done = server.http.post(f"/_mock/consents/{OWNER}/accept", json={"client_id": "demo_api"})
    assert done.status_code == 200
    server.http.post(f"/_mock/consents/{OWNER}/revoke")
    records = [item for item in server.http.get("/_mock/consents").json() if item["client_id"] == "demo_api"]
    assert [step["state"] for step in records[0]["history"]] == ["Pending", "Accepted", "Revoked"]
    assert server.get(PLANTS).json() == {"plants": []}


def test_mailbox(server: Server) -> None:
    bearer = {"Authorization": f"Bearer {server.token()}"}
    server.http.post("/oauth2/v2/bc-authorize", json={"loginHint": OWNER}, headers=bearer)
    (mail,) = server.http.get("/_mock/mailbox").json()
    assert {"to", "language", "subject", "body", "link", "sent_at"} <= set(mail)
    assert (mail["to"], mail["language"]) == (OWNER, "de")
    page = server.http.get(mail["link"], follow_redirects=True)
    assert page.status_code == 200
    assert 'name="username"' in page.text
    assert server.http.delete("/_mock/mailbox").status_code == 204
    assert server.http.get("/_mock/mailbox").json() == []


@pytest.mark.slow
def test_faults_are_rules_that_are_counted_and_taken_back(server: Server) -> None:
    rule = {
        "match": {"method": "GET", "path": "/v1/plants", "client_id": "demo_api"},
        "effect": {"status": 503, "body": {"message": "down", "code": "503"}, "headers": {"retry-after": "7"}},
        "times": 2,
        "probability": 1.0,
    }
    made = server.http.post("/_mock/faults", json=rule)
    assert made.status_code in (200, 201), made.text
    token = server.token()
    # an exact path holds in any layout, without regard to case
    statuses = [server.get(path, token).status_code for path in ("/v1/Plants", PLANTS, PLANTS)]
    assert statuses == [503, 503, 200]
    second = server.http.post("/_mock/faults", json={"effect": {"expire_token": True}}).json()
    refused = server.get(PLANTS, token)
    assert refused.status_code == 401
    assert server.http.delete(f"/_mock/faults/{second['id']}").status_code == 204
    server.http.post("/_mock/faults", json={"match": {"path": "*/measurements/*"}, "effect": {"quota_exhausted": True}})
    assert server.get(f"{PLANTS}/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14", token).status_code == 429
    assert server.get(PLANTS, token).status_code == 200
    assert server.http.delete("/_mock/faults").status_code == 204
    assert server.http.get("/_mock/faults").json() == []
    assert server.http.post("/_mock/faults", json={"effect": {"falt": "x"}}).status_code in (400, 422)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["connection_reset", "empty_response", "truncated_body"])
def test_faults_break_the_connection(server: Server, fault: str) -> None:
    token = server.token()
    server.http.post("/_mock/faults", json={"match": {"path": "/v1/plants"}, "effect": {"fault": fault}, "times": 1})
    with pytest.raises(httpx.TransportError), httpx.Client(base_url=server.url, trust_env=False, timeout=30) as http:
        http.get(PLANTS, headers={"Authorization": f"Bearer {token}"})
    assert server.get(PLANTS, token).status_code == 200


@pytest.mark.slow
def test_the_journal_is_newest_first_filtered_and_says_why(server: Server) -> None:
    token = server.token()
    answer = server.get(PLANTS, token)
    server.http.get(PLANTS)
    listed = server.http.get("/_mock/requests").json()
    assert [item["status"] for item in listed] == [401, 200, 200]
    assert {"id", "method", "path", "status", "client_id", "why"} <= set(listed[0])
    by_status = server.http.get("/_mock/requests", params={"status": 401}).json()
    assert [item["path"] for item in by_status] == [PLANTS]
    assert len(server.http.get("/_mock/requests", params={"path": PLANTS, "limit": 1}).json()) == 1
    assert len(server.http.get("/_mock/requests", params={"client_id": "demo_api"}).json()) == 2
    entry = server.http.get(f"/_mock/requests/{answer.headers['x-mock-sma-request-id']}").json()
    assert "consent" in str(entry["why"])
    assert server.http.delete("/_mock/requests").status_code == 204
    assert server.http.get("/_mock/requests").json() == []


@pytest.mark.slow
def test_worlds_are_isolated_and_found_by_credential_and_token(server: Server) -> None:
    made = server.http.post("/_mock/worlds", json={"name": "gw0", "scenario": "sandbox", "now": "2024-01-01T00:00:00Z"})
    assert made.status_code == 201, made.text
    world = made.json()
    client = next(item for item in world["clients"] if item["flow"] == "custom")
    assert {"client_id", "client_secret", "flow", "redirect_uris"} <= set(client)
    assert client["client_id"] != "demo_api"
    assert {"email", "password"} <= set(world["owners"][0])
    token = server.token(client["client_id"], client["client_secret"])
    server.accept(world["owners"][0]["email"], "/worlds/gw0")
    assert len(server.get(PLANTS, token).json()["plants"]) == 9
    assert server.get(PLANTS).json() == {"plants": []}
    assert server.http.get("/_mock/worlds/gw0/clock").json()["now"].startswith("2024-01-01")
    assert server.http.get("/_mock/clock").json()["now"].startswith("2025-06-15")
    assert "gw0" in str(server.http.get("/_mock/worlds").json())
    assert server.http.post("/_mock/worlds", json={"name": "gw0", "scenario": "sandbox"}).status_code == 409
    assert server.http.delete("/_mock/worlds/gw0").status_code == 204
    assert server.get(PLANTS, token).status_code == 401
    assert server.http.get("/_mock/worlds/gw0/clock").status_code == 404


@pytest.mark.slow
def test_a_plants_model_is_read_changed_and_guarded_by_r02(server: Server) -> None:
    server.accept()
    model = server.http.get("/_mock/plants/13").json()
    assert model["users"][0]["email"] == OWNER
    assert {"email", "role", "relationship", "owner"} <= set(model["users"][0])
    users = [{**item, "owner": False} for item in model["users"]]
    refused = server.http.patch("/_mock/plants/13", json={"users": users, "by": OWNER})
    assert refused.status_code in (403, 409, 422)
    assert "R02" in refused.text
    assert server.http.patch("/_mock/plants/13", json={"users": users}).status_code == 200
    assert "13" not in [plant["plantId"] for plant in server.get(PLANTS).json()["plants"]]
    back = [{**item, "owner": True} for item in users]
    assert server.http.patch("/_mock/plants/13", json={"users": back}).status_code == 200
    assert "13" in [plant["plantId"] for plant in server.get(PLANTS).json()["plants"]]


@pytest.mark.slow
def test_a_plants_events_reach_the_vendor_api(server: Server) -> None:
    server.accept()
    token = server.token()
    day = f"{PLANTS}/13/measurements/sets/EnergyBalance/Day?Date=2025-06-15"
    before = len(server.get(day, token).json()["set"])
    event = {"kind": "gap", "start": "2025-06-15T08:00:00+02:00", "end": "2025-06-15T10:00:00+02:00"}
    made = server.http.post("/_mock/plants/13/events", json=event)
    assert made.status_code in (200, 201), made.text
    assert len(server.get(day, token).json()["set"]) < before


def test_the_ledger_is_served(server: Server) -> None:
    ledger = server.http.get("/_mock/fidelity")
    assert ledger.status_code == 200
    for standing in ("documented", "observed", "inferred", "assumed"):
        assert standing in ledger.text
    assert "R24" in ledger.text


@pytest.mark.slow
def test_console_addresses(server: Server) -> None:
    assert server.http.get("/_mock/console/").status_code == 200
    assert server.http.get("/_mock/console/plants/13").status_code == 200
    assert server.http.get("/_mock/console/plants/13/devices/16").status_code == 200
    token = server.load("classic")
    plant = server.get(PLANTS, token).json()["plants"][0]["plantId"]
    device = server.get(f"{PLANTS}/{plant}/devices", token).json()["devices"][0]["deviceId"]
    assert server.http.get(f"/_mock/console/plants/{plant}").status_code == 200
    assert server.http.get(f"/_mock/console/plants/{plant}/devices/{device}").status_code == 404  # R32


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Host": "127.0.0.1.evil.example"}],
)
@pytest.mark.parametrize("path", ["/_mock/clock", "/portal/mailbox"])
def test_strangers_are_refused(server: Server, headers: dict[str, str], path: str) -> None:
    assert server.http.get(path, headers=headers).status_code == 403


def test_every_control_route_exists_under_a_world(server: Server) -> None:
    paths = set(server.http.get("/_mock/openapi.json").json()["paths"])
    alone = {"/_mock/health", "/_mock/ready", "/_mock/fidelity", "/_mock/scenarios", "/_mock/metrics"}
    ours = {path for path in paths if not path.startswith("/_mock/worlds") and path not in alone}
    missing = {path for path in ours if path.replace("/_mock", "/_mock/worlds/{world}", 1) not in paths}
    assert not missing


@pytest.mark.slow
def test_yaml_of_the_running_scenario_reads_as_yaml(server: Server) -> None:
    text = server.http.get("/_mock/scenario", params={"format": "yaml"}).text
    assert yaml.safe_load(text)["name"] == "sandbox"
