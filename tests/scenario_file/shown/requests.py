"""Scenarios in which requests fail or answers are odd, and of owners and quotas."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.facts import HOUSEHOLDER
from tests.sandbox_helpers import BC, ask, content, tokens
from tests.scenario_file.shown.changes import BALANCE, HOUSE

if TYPE_CHECKING:
    from tests.scenario_file.library.customer import Customer


def maintenance_window(customer: Customer) -> None:
    found = []
    for _ in range(24):
        found.append(customer.call("/v1/plants").status)
        customer.later(minutes=5)
    hour = [200] * 2 + [503] * 4 + [200] * 6
    assert found == hour * 2


def fickle_owner(customer: Customer) -> None:
    found = []
    for _ in range(20):
        customer.later(hours=4)
        found.append(len(customer.plants))
    assert found == [1, 0, 0, 0, 0, 0] * 3 + [0, 0]


def third_call_fails(customer: Customer) -> None:
    assert [customer.call("/v1/plants").status for _ in range(6)] == [200, 200, 500, 500, 200, 200]


def one_day_fails(customer: Customer) -> None:
    path = "/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date=2025-06-"
    assert [customer.call(f"{path}{day}").status for day in ("09", "10", "11", "10")] == [200, 500, 200, 500]


def one_owner_fails(customer: Customer) -> None:
    for email, status in ((HOUSEHOLDER, 201), ("otto@example.org", 503)):
        assert customer.call(BC, "POST", json={"loginHint": email}).status == status
    assert [mail.to for mail in customer.world.mailbox] == [HOUSEHOLDER]


def odd_rows(customer: Customer) -> None:
    rows = customer.rows(HOUSE, BALANCE, "Day", "2025-06-14")
    assert (rows[0]["pvGeneration"], rows[2]["pvGeneration"]) == (None, "0,0")
    assert "pvGeneration" not in rows[1]
    assert rows[3] == rows[4]
    assert len(rows) == 289
    assert not any("gridFeedIn" in row for row in rows)
    week = customer.rows(HOUSE, BALANCE, "Week", "2025-06-14")
    assert all(isinstance(row["pvGeneration"], float) and "gridFeedIn" in row for row in week)


def odd_answer(customer: Customer) -> None:
    for _ in range(2):
        reply = customer.call("/v1/plants/2100")
        assert (reply.status, dict(reply.headers)[b"content-type"]) == (200, b"text/plain")
        assert dict(reply.headers)[b"x-cache"] == b"HIT"
        body = content(reply)
        assert ("name" in body, body["generatorModel"]) == (False, {"maker": "SMA"})
        assert body["plantId"] == "2100"
    assert "generatorModel" not in customer.get("/v1/plants/2100")


def quota_per_client(customer: Customer) -> None:
    def until_refused(client: str, secret: str) -> int:
        token = tokens(customer.world, client_id=client, client_secret=secret)["access_token"]
        return next(
            number for number in range(99) if ask(customer.world, "GET", "/v1/plants", bearer=token).status == 429
        )

    small = ("small_api", "small_secret")
    assert until_refused(*small) == 3
    assert 25 < until_refused("demo_api", "demo_secret") <= 30
    customer.world.clock.advance(minutes=10)
    assert until_refused(*small) == 6


def generated(customer: Customer) -> None:
    """The list has about four fifths of 300 plants, of both backends, several countries, sizes and states."""
    listed = customer.get("/v1/plants?WithStatus=true")["plants"]
    assert 210 < len(listed) < 270
    status = Counter(item["status"] for item in listed)
    assert status["Ok"] > 5 * (status["CommunicationMonitoringFault"] + status["Fault"]) > 0
    assert {len(item["plantId"]) > 30 for item in listed} == {True, False}
    plants = customer.get("/v1/plants?WithInstallation=true&WithLocation=true")["plants"]
    assert {plant["location"]["address"]["country"] for plant in plants} == {"DE", "AT", "ES", "AU"}
    facts = [plant["installation"] for plant in plants]
    assert len({fact["peakPower"] for fact in facts}) > 12
    assert len({fact["startUpUtc"][:4] for fact in facts}) > 6
    assert len({fact["orientation"]["azimuth"] for fact in facts}) > 6


def everybody_consented(customer: Customer) -> None:
    assert (customer.state(), len(customer.plants)) == ("Rejected", 12)
    assert "2100" not in customer.plants
