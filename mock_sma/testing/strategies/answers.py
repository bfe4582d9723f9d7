"""Whole answers as a client gets them, from drawn worlds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from mock_sma.domain.catalogue import DEVICE_SETS, PLANT_SETS
from mock_sma.domain.period import Period
from mock_sma.errors import UsageError
from mock_sma.sandbox.exchange import FORM, Request
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios.answers import with_consents
from mock_sma.testing.strategies.worlds import scenarios

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario

_DATES = {
    Period.RECENT: (None,),
    Period.DAY: ("2025-06-14", "2025-06-15", "2024-10-27", "2014-01-01"),
    Period.WEEK: ("2025-06-09", "2024-03-28"),
    Period.MONTH: ("2025-05", "2025-06"),
    Period.YEAR: ("2024", "2025"),
    Period.TOTAL: (None,),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and what was asked.

    Attributes:
        target: path and query.
        headers: the headers of the answer, names in lower case.
        scenario: the scenario of the world that answered.
    """

    method: str
    target: str
    status: int
    headers: dict[str, str]
    body: bytes
    scenario: Scenario

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def _plants(draw: st.DrawFn, plant: Plant) -> str:
    flags = draw(st.lists(st.sampled_from(["WithInstallation", "WithLocation", "WithStatus"]), unique=True))
    del plant
    return "/v1/plants" + ("?" + urlencode(dict.fromkeys(flags, "true")) if flags else "")


def _plant(draw: st.DrawFn, plant: Plant) -> str:
    del draw
    return f"/v1/plants/{plant.id}"


def _devices(draw: st.DrawFn, plant: Plant) -> str:
    return f"/v1/plants/{plant.id}/devices{draw(st.sampled_from(['', '/lean']))}"


def _device(draw: st.DrawFn, plant: Plant) -> str:
    return f"/v1/devices/{draw(st.sampled_from(plant.devices)).id}"


def _sets(draw: st.DrawFn, plant: Plant) -> str:
    return f"{draw(st.sampled_from([_plant(draw, plant), _device(draw, plant)]))}/measurements/sets"


def _measurements(draw: st.DrawFn, plant: Plant) -> str:
    base, offered = draw(st.sampled_from([(_plant(draw, plant), PLANT_SETS), (_device(draw, plant), DEVICE_SETS)]))
    wanted = draw(st.sampled_from(offered))
    period = draw(st.sampled_from(list(_DATES)))
    day = draw(st.sampled_from(_DATES[period]))
    query = {} if day is None else {"Date": day}
    for flag in draw(st.lists(st.sampled_from(["WithTotal", "ReturnEnergyValues"]), unique=True)):
        query[flag] = "true"
    return f"{base}/measurements/sets/{wanted.name}/{period.value}" + (f"?{urlencode(query)}" if query else "")


def _logs(draw: st.DrawFn, plant: Plant) -> str:
    level = draw(st.sampled_from(["", "&Level=Info", "&Level=Error"]))
    return f"/v1/plants/{plant.id}/logs?From=2025-05-01&To=2025-06-15{level}"


def _missing(draw: st.DrawFn, plant: Plant) -> str:
    del plant
    paths = ["/v1/plants/999999999", "/v1/plants/999999999/devices", "/v1/devices/999999999"]
    return draw(st.sampled_from(paths))


KINDS: dict[str, Callable[[st.DrawFn, Plant], str]] = {
    "plants": _plants,
    "plant": _plant,
    "devices": _devices,
    "device": _device,
    "sets": _sets,
    "measurements": _measurements,
    "logs": _logs,
    "missing": _missing,
}


@st.composite
def answers(draw: st.DrawFn, *kinds: str) -> Answered:
    """Draw an answer of the Monitoring API, as it comes from a drawn world whose owners have accepted.

    Args:
        draw: given by Hypothesis.
        *kinds: of ``plants``, ``plant``, ``devices``, ``device``, ``sets``, ``measurements``, ``logs`` and
            ``missing`` (an id that does not exist); none: all of them.

    Raises:
        UsageError: another kind.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"no answers of the kind {kind!r}; there are {', '.join(KINDS)}")
    scenario = with_consents(draw(scenarios(max_plants=2, max_people=1, consents=False)), "accepted")
    target = KINDS[draw(st.sampled_from(kinds or list(KINDS)))](draw, draw(st.sampled_from(scenario.plants)))
    world = Sandbox(scenario)
    path, _, query = target.partition("?")
    reply = world.handle(Request("GET", path, query, {b"authorization": b"Bearer " + _token(world)}))
    headers = {name.decode(): value.decode("latin-1") for name, value in reply.headers}
    return Answered("GET", target, reply.status, headers, reply.body, scenario)


def _token(world: Sandbox) -> bytes:
    client = next(iter(world.clients.values()))
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
    body = urlencode(form).encode()
    reply = world.handle(Request("POST", "/oauth2/token", "", {b"content-type": FORM}, body))
    return str(json.loads(reply.body)["access_token"]).encode()
