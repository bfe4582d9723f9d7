"""Control API and vendor API driven together at random, against a model of what must be seen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mock_sma.api.app import App
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from mock_sma.worlds.worlds import Worlds
from tests.examples import examples
from tests.facts import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNERS = {"anna@example.org": {"3100", "3200"}, "ben@example.org": {"3300", "11111111-aaaa-4bbb-8ccc-000000000001"}}
SCENARIO = load_scenario("portfolio")
EVENTS = {
    "accept": ("Pending", "Accepted"),
    "reject": ("Pending", "Rejected"),
    "revoke": ("Accepted", "Revoked"),
    "expire": ("Pending", "Expired"),
}
TOKEN_LIFE = 300


class Model:
    """What a world must show: time, consents, owners, faults, number of exchanges."""

    def __init__(self, api: str, secret: str) -> None:
        self.client = {"client_id": api, "client_secret": secret}
        self.reset()

    def reset(self) -> None:
        self.elapsed = 0
        self.token: str | None = None
        self.token_at = 0
        self.consents: dict[str, list[list[Any]]] = {
            email: [["Accepted", set(plants)]] for email, plants in (*OWNERS.items(), ("clara@example.org", CLARA))
        }
        self.owns = {email: set(plants) for email, plants in (*OWNERS.items(), ("clara@example.org", CLARA))}
        self.faults: list[list[Any]] = []
        self.asked = 0

    def visible(self) -> set[str]:
        return {
            plant
            for email, records in self.consents.items()
            for state, plants in records
            if state == "Accepted"
            for plant in plants & self.owns[email]
        }

    def strike(self) -> int | None:
        for fault in self.faults:
            if fault[1] > 0:
                fault[1] -= 1
                return int(fault[0])
        return None


CLARA = {"11111111-aaaa-4bbb-8ccc-000000000002"}


class ControlAndVendor(RuleBasedStateMachine):
    """Two worlds of one server; what is done to one never shows in the other."""

    worlds = Bundle("worlds")
    loop: ClassVar[asyncio.AbstractEventLoop]
    http: ClassVar[httpx.AsyncClient]

    def __init__(self) -> None:
        super().__init__()
        self.models: dict[str, Model] = {}

    def teardown(self) -> None:
        for name in self.models:
            assert self.ask("DELETE", f"/_mock/worlds/{name}").status_code == 204

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.loop.run_until_complete(self.http.request(method, path, **more))

    def control(self, world: str, method: str, path: str, json: Any = None) -> httpx.Response:
        return self.ask(method, f"/_mock/worlds/{world}{path}", json=json)

    @initialize(target=worlds)
    def first(self) -> str:
        return self.make("one")

    @initialize(target=worlds)
    def second(self) -> str:
        return self.make("two")

    def make(self, name: str) -> str:
        made = self.ask("POST", "/_mock/worlds", json={"name": name, "scenario": "portfolio", "now": NOW})
        client = next(item for item in made.json()["clients"] if item["flow"] == "custom")
        # The app's client has consents too; only what the service's client sees is modelled.
        self.models[name] = Model(client["client_id"], client["client_secret"])
        return name

    @rule(world=worlds, seconds=st.integers(0, 400))
    def advance(self, world: str, seconds: int) -> None:
        self.models[world].elapsed += seconds
        assert self.control(world, "POST", "/clock/advance", {"seconds": seconds}).status_code == 200

    @rule(world=worlds, email=st.sampled_from(sorted(OWNERS)), event=st.sampled_from(sorted(EVENTS)))
    def answer(self, world: str, email: str, event: str) -> None:
        model = self.models[world]
        before, after = EVENTS[event]
        records = model.consents[email]
        moved = [record for record in records if record[0] == before]
        covered = set().union(*(plants for state, plants in records if state == "Accepted"))
        body = {"client_id": model.client["client_id"]}
        status = self.control(world, "POST", f"/consents/{email}/{event}", body).status_code
        if not moved and event in ("accept", "reject") and model.owns[email] and (model.owns[email] - covered):
            moved = [["Pending", set()]]
            records.extend(moved)
        if event == "accept" and not model.owns[email]:
            moved = []
        assert (status == 200) is bool(moved), (email, event, records, status)
        for record in moved:
            record[0] = after
            if event == "accept":
                record[1] = set(model.owns[email])

    @rule(world=worlds, email=st.sampled_from(sorted(OWNERS)), owner=st.booleans(), index=st.integers(0, 1))
    def flag(self, world: str, email: str, owner: bool, index: int) -> None:
        plant = sorted(OWNERS[email])[index]
        users = self.control(world, "GET", f"/plants/{plant}").json()["users"]
        users = [user | {"owner": owner} if user["email"] == email else user for user in users]
        assert self.control(world, "PATCH", f"/plants/{plant}", {"users": users}).status_code == 200
        owns = self.models[world].owns[email]
        owns.add(plant) if owner else owns.discard(plant)

    @rule(world=worlds, status=st.sampled_from([500, 503, 418]), times=st.integers(1, 3))
    def add_fault(self, world: str, status: int, times: int) -> None:
        document = {"match": {"path": "/v1/plants"}, "effect": {"status": status}, "times": times}
        assert self.control(world, "POST", "/faults", document).status_code == 201
        self.models[world].faults.append([status, times])

    @rule(world=worlds)
    def clear_faults(self, world: str) -> None:
        assert self.control(world, "DELETE", "/faults").status_code == 204
        self.models[world].faults.clear()

    @rule(world=worlds)
    def get_token(self, world: str) -> None:
        model = self.models[world]
        answer = self.ask("POST", "/oauth2/token", data={"grant_type": "client_credentials"} | model.client)
        assert answer.status_code == 200
        model.token, model.token_at = answer.json()["access_token"], model.elapsed
        model.asked += 1

    @rule(world=worlds)
    def list_plants(self, world: str) -> None:
        model = self.models[world]
        if model.token is None:
            return
        answer = self.ask("GET", "/v1/plants", headers={"authorization": f"Bearer {model.token}"})
        model.asked += 1
        struck = model.strike()
        why = self.control(world, "GET", "/requests?limit=1").json()[0]["why"]
        text = "; ".join(step["text"] for step in why)
        if struck is not None:
            assert (answer.status_code, "the fault rule" in text) == (struck, True)
        elif model.elapsed - model.token_at >= TOKEN_LIFE:
            assert (answer.status_code, "expired" in text) == (401, True)
        else:
            assert answer.status_code == 200
            assert {plant["plantId"] for plant in answer.json()["plants"]} == model.visible()
            assert f"consents open {len(model.visible())} of 5 plants" in text

    @rule(world=worlds)
    def reset(self, world: str) -> None:
        assert self.control(world, "POST", "/reset").status_code == 204
        self.models[world].reset()

    @invariant()
    def clocks_and_journals_are_each_worlds_own(self) -> None:
        for name, model in self.models.items():
            clock = self.control(name, "GET", "/clock").json()["now"]
            hours, rest = divmod(model.elapsed, 3_600)
            assert clock[11:19] == f"{12 + hours:02}:{rest // 60:02}:{rest % 60:02}"
            entries = self.control(name, "GET", "/requests?limit=2000").json()
            assert len(entries) == model.asked
            assert {entry["client_id"] for entry in entries} <= {model.client["client_id"]}
            listed = self.control(name, "GET", "/faults").json()
            assert [fault["remaining"] for fault in listed] == [left for _, left in model.faults]


@pytest.fixture
def one_server() -> Iterator[None]:
    """Let all runs share a server, as the workers of a test run do."""
    loop = ControlAndVendor.loop = asyncio.new_event_loop()
    app = App(Worlds(Sandbox(load_scenario("no-consent"), now=NOW)))
    http = ControlAndVendor.http = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080"
    )
    yield
    loop.run_until_complete(http.aclose())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.mark.slow
@pytest.mark.usefixtures("one_server")
def test_control_and_vendor_agree_with_the_model() -> None:
    run_state_machine_as_test(
        ControlAndVendor,
        settings=examples(200, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)),
    )
