"""The calls of the control API: each is a method of the synchronous and of the asynchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mock_sma.clock import seconds_of
from mock_sma.control.call import Call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    import httpx

    from mock_sma.control import models

    Json = Mapping[str, object]


def _json(answer: httpx.Response) -> Any:
    return answer.json()


def _none(_: httpx.Response) -> None:
    return None


def _text(answer: httpx.Response) -> str:
    return answer.text


def _name(text: str) -> str:
    return quote(text, safe="")


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _texts(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in _given(**values).items()}


def _time(now: datetime | str | None) -> str | None:
    return now if now is None or isinstance(now, str) else now.isoformat()


def _answer(event: str, email: str, client_id: str | None) -> Call[list[models.ConsentRecord]]:
    path = f"/consents/{_name(email)}/{event}"
    return Call(method="POST", path=path, json=_given(client_id=client_id), read=_json)


def health() -> Call[models.Health]:
    """Tell that the process lives."""
    return Call(method="GET", path="/health", read=_json, of_server=True)


def ready() -> Call[models.Health]:
    """Tell that a first vendor request would be answered."""
    return Call(method="GET", path="/ready", read=_json, of_server=True)


def metrics() -> Call[str]:
    """Read counters in Prometheus' text form."""
    return Call(method="GET", path="/metrics", read=_text, of_server=True)


def fidelity() -> Call[Any]:
    """Read the ledger: how each endpoint and field is known."""
    return Call(method="GET", path="/fidelity", read=_json, of_server=True)


def reset() -> Call[None]:
    """Put the world back exactly to its scenario."""
    return Call(method="POST", path="/reset", read=_none)


def scenarios() -> Call[list[models.ScenarioName]]:
    """List the scenarios that can be loaded by name."""
    return Call(method="GET", path="/scenarios", read=_json)


def scenario() -> Call[models.ScenarioSummary]:
    """Tell which scenario runs."""
    return Call(method="GET", path="/scenario", read=_json)


def scenario_document() -> Call[dict[str, Any]]:
    """Return the running scenario as a document that :meth:`~ControlClient.load_scenario` takes back."""
    return Call(method="GET", path="/scenario", params={"format": "document"}, read=_json)


def scenario_yaml() -> Call[str]:
    """Return the running scenario as YAML."""
    return Call(method="GET", path="/scenario", params={"format": "yaml"}, read=_text)


def load_scenario(wanted: str | Json) -> Call[models.ScenarioSummary]:
    """Run another scenario: by its name, as YAML text, or as a document."""
    if isinstance(wanted, str) and "\n" in wanted:
        content, kind = wanted.encode(), "application/yaml"
        return Call(method="PUT", path="/scenario", content=content, content_type=kind, read=_json)
    json = {"name": wanted} if isinstance(wanted, str) else dict(wanted)
    return Call(method="PUT", path="/scenario", json=json, read=_json)


def timeline() -> Call[dict[str, list[dict[str, Any]]]]:
    """Tell what has happened by itself or by hand, and what will."""
    return Call(method="GET", path="/timeline", read=_json)


def clock() -> Call[models.ClockState]:
    """Read the clock."""
    return Call(method="GET", path="/clock", read=_json)


def set_clock(
    *, now: datetime | str | None = None, frozen: bool | None = None, rate: float | None = None
) -> Call[models.ClockState]:
    """Set time, rate, or whether the clock stands; all that becomes due happens."""
    return Call(method="PUT", path="/clock", json=_given(now=_time(now), frozen=frozen, rate=rate), read=_json)


def advance(
    delta: timedelta | float | None = None,
    *,
    seconds: float = 0.0,
    minutes: float = 0.0,
    hours: float = 0.0,
    days: float = 0.0,
) -> Call[models.ClockState]:
    """Move the clock forward; returns when all that becomes due has happened."""
    total = seconds_of(delta, seconds, minutes, hours, days)
    return Call(method="POST", path="/clock/advance", json={"seconds": total}, read=_json)


def consents() -> Call[list[models.ConsentRecord]]:
    """List all consents with their history."""
    return Call(method="GET", path="/consents", read=_json)


def accept(email: str, client_id: str | None = None) -> Call[list[models.ConsentRecord]]:
    """Let an owner permit, of every client that has asked where none is named."""
    return _answer("accept", email, client_id)


def reject(email: str, client_id: str | None = None) -> Call[list[models.ConsentRecord]]:
    """Let an owner decline."""
    return _answer("reject", email, client_id)


def revoke(email: str, client_id: str | None = None) -> Call[list[models.ConsentRecord]]:
    """Let an owner withdraw a consent (R08)."""
    return _answer("revoke", email, client_id)


def expire(email: str, client_id: str | None = None) -> Call[list[models.ConsentRecord]]:
    """Let pending requests run out now."""
    return _answer("expire", email, client_id)


def mailbox() -> Call[list[models.Mail]]:
    """List the mails that SMA would have sent, oldest first."""
    return Call(method="GET", path="/mailbox", read=_json)


def clear_mailbox() -> Call[None]:
    """Forget all mails."""
    return Call(method="DELETE", path="/mailbox", read=_none)


def faults() -> Call[list[models.FaultRecord]]:
    """List the fault rules in the order in which they are asked."""
    return Call(method="GET", path="/faults", read=_json)


def add_fault(rule: Json) -> Call[models.FaultRecord]:
    """Bring a fault rule into force."""
    return Call(method="POST", path="/faults", json=dict(rule), read=_json)


def fault(fault_id: str) -> Call[models.FaultRecord]:
    """Read one rule and how often it has struck."""
    return Call(method="GET", path=f"/faults/{_name(fault_id)}", read=_json)


def remove_fault(fault_id: str) -> Call[None]:
    """Take one rule back."""
    return Call(method="DELETE", path=f"/faults/{_name(fault_id)}", read=_none)


def clear_faults() -> Call[None]:
    """Take all rules back."""
    return Call(method="DELETE", path="/faults", read=_none)


def requests(
    *,
    status: int | None = None,
    method: str | None = None,
    path: str | None = None,
    client_id: str | None = None,
    since: str | None = None,
    limit: int | None = None,
) -> Call[list[models.Exchange]]:
    """List exchanges, newest first; ``path`` may hold ``*``, ``since`` is the id of an entry."""
    filters = _texts(status=status, method=method, path=path, client_id=client_id, since=since, limit=limit)
    return Call(method="GET", path="/requests", params=filters, read=_json)


def requests_har(
    *,
    status: int | None = None,
    method: str | None = None,
    path: str | None = None,
    client_id: str | None = None,
    since: str | None = None,
    limit: int | None = None,
) -> Call[dict[str, Any]]:
    """Export exchanges as an HTTP Archive, oldest first."""
    filters = _texts(status=status, method=method, path=path, client_id=client_id, since=since, limit=limit)
    return Call(method="GET", path="/requests.har", params=filters, read=_json)


def request(request_id: str) -> Call[models.WholeExchange]:
    """Read one exchange: bodies, headers, and the steps that led to its answer."""
    return Call(method="GET", path=f"/requests/{_name(request_id)}", read=_json)


def clear_requests() -> Call[None]:
    """Forget all exchanges."""
    return Call(method="DELETE", path="/requests", read=_none)


def plants() -> Call[list[models.PlantSummary]]:
    """List all plants, whoever may see them."""
    return Call(method="GET", path="/plants", read=_json)


def plant(plant_id: str) -> Call[dict[str, Any]]:
    """Read the model behind a plant."""
    return Call(method="GET", path=f"/plants/{_name(plant_id)}", read=_json)


def patch_plant(plant_id: str, patch: Json, *, by: str | None = None) -> Call[dict[str, Any]]:
    """Change a plant by a merge patch of its model, as a person where ``by`` names one (R02)."""
    return Call(method="PATCH", path=f"/plants/{_name(plant_id)}", json={**patch, **_given(by=by)}, read=_json)


def add_event(plant_id: str, event: Json) -> Call[dict[str, Any]]:
    """Let a gap, a fault, a migration happen to a plant, or the end of one."""
    return Call(method="POST", path=f"/plants/{_name(plant_id)}/events", json=dict(event), read=_json)


def worlds() -> Call[list[models.WorldInfo]]:
    """List the worlds, the default one first."""
    return Call(method="GET", path="/worlds", read=_json, of_server=True)


def create_world(
    name: str | None = None,
    *,
    scenario: str | Json | None = None,
    now: datetime | str | None = None,
    seed: int | None = None,
    rate: float | None = None,
) -> Call[models.WorldInfo]:
    """Make a world with clients of its own."""
    wish = _given(name=name, scenario=scenario, now=_time(now), seed=seed, rate=rate)
    return Call(method="POST", path="/worlds", json=wish, read=_json, of_server=True)


def delete_world(name: str) -> Call[None]:
    """Remove a world; its tokens are answered 401 from then on."""
    return Call(method="DELETE", path=f"/worlds/{_name(name)}", read=_none, of_server=True)
