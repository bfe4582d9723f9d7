"""Calls about a world: each is a method of the synchronous and of the asynchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.clock import seconds_of
from mock_sma.control.call import ControlCall, given, instant, json_of, nothing, quoted, text_of, texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, timedelta

    from mock_sma.control import models

    Json = Mapping[str, object]


def reset() -> ControlCall[None]:
    """Put the world back exactly to its scenario."""
    return ControlCall(method="POST", path="/reset", read=nothing)


def scenarios() -> ControlCall[list[models.ScenarioName]]:
    """List the scenarios that can be loaded by name."""
    return ControlCall(method="GET", path="/scenarios", read=json_of)


def scenario() -> ControlCall[models.ScenarioSummary]:
    """Tell which scenario runs."""
    return ControlCall(method="GET", path="/scenario", read=json_of)


def scenario_document() -> ControlCall[dict[str, Any]]:
    """Return the running scenario as a document that :meth:`~ControlClient.load_scenario` takes back."""
    return ControlCall(method="GET", path="/scenario", params={"format": "document"}, read=json_of)


def scenario_yaml() -> ControlCall[str]:
    """Return the running scenario as YAML."""
    return ControlCall(method="GET", path="/scenario", params={"format": "yaml"}, read=text_of)


def load_scenario(wanted: str | Json) -> ControlCall[models.ScenarioSummary]:
    """Run another scenario: by its name, as YAML text, or as a document."""
    if isinstance(wanted, str) and "\n" in wanted:
        content, kind = wanted.encode(), "application/yaml"
        return ControlCall(method="PUT", path="/scenario", content=content, content_type=kind, read=json_of)
    json = {"name": wanted} if isinstance(wanted, str) else dict(wanted)
    return ControlCall(method="PUT", path="/scenario", json=json, read=json_of)


def savepoints() -> ControlCall[list[models.SavePointInfo]]:
    """List the save points, the oldest first."""
    return ControlCall(method="GET", path="/savepoints", read=json_of)


def save(name: str | None = None) -> ControlCall[models.SavePointInfo]:
    """Keep the world as it is now, under a name."""
    return ControlCall(method="POST", path="/savepoints", json=given(name=name), read=json_of)


def restore(name: str) -> ControlCall[None]:
    """Put the world back to a save point: tokens handed out before it are valid again."""
    return ControlCall(method="PUT", path=f"/savepoints/{quoted(name)}", read=nothing)


def delete_savepoint(name: str) -> ControlCall[None]:
    """Forget a save point."""
    return ControlCall(method="DELETE", path=f"/savepoints/{quoted(name)}", read=nothing)


def capsule() -> ControlCall[dict[str, Any]]:
    """Write the world and its journal down, for :meth:`~ControlClient.open_capsule` or ``mock-sma replay``."""
    return ControlCall(method="GET", path="/capsule", read=json_of)


def open_capsule(capsule: Json) -> ControlCall[models.CapsuleSummary]:
    """Put the world to where the capsule's was."""
    return ControlCall(method="PUT", path="/capsule", json=dict(capsule), read=json_of)


def timeline() -> ControlCall[dict[str, list[dict[str, Any]]]]:
    """Tell what has happened by itself or by hand, and what will."""
    return ControlCall(method="GET", path="/timeline", read=json_of)


def let_happen(action: str, **keys: Any) -> ControlCall[dict[str, Any]]:
    """Let an action of a timeline happen: at once, or ``at`` a time or ``after`` a span from now.

    Args:
        action: such as ``change_plant``.
        keys: the keys of the action, with ``by`` for who does it (R02).
    """
    return ControlCall(method="POST", path="/timeline", json={"action": action, **keys}, read=json_of)


def clock() -> ControlCall[models.ClockState]:
    """Read the clock."""
    return ControlCall(method="GET", path="/clock", read=json_of)


def set_clock(
    *, now: datetime | str | None = None, frozen: bool | None = None, rate: float | None = None
) -> ControlCall[models.ClockState]:
    """Set time, rate, or whether the clock stands; all that becomes due happens."""
    return ControlCall(
        method="PUT", path="/clock", json=given(now=instant(now), frozen=frozen, rate=rate), read=json_of
    )


def advance(
    delta: timedelta | float | None = None,
    *,
    seconds: float = 0.0,
    minutes: float = 0.0,
    hours: float = 0.0,
    days: float = 0.0,
    duration: str | None = None,
) -> ControlCall[models.ClockState]:
    """Move the clock forward; ``duration`` is ISO 8601 text. Returns when all that becomes due has happened."""
    span = {"seconds": seconds_of(delta, seconds, minutes, hours, days)} if duration is None else {"duration": duration}
    return ControlCall(method="POST", path="/clock/advance", json=span, read=json_of)


def consents() -> ControlCall[list[models.ConsentRecord]]:
    """List all consents with their history."""
    return ControlCall(method="GET", path="/consents", read=json_of)


def accept(email: str, client_id: str | None = None) -> ControlCall[list[models.ConsentRecord]]:
    """Let an owner permit, of every client that has asked where none is named."""
    return _answered("accept", email, client_id)


def reject(email: str, client_id: str | None = None) -> ControlCall[list[models.ConsentRecord]]:
    """Let an owner decline."""
    return _answered("reject", email, client_id)


def revoke(email: str, client_id: str | None = None) -> ControlCall[list[models.ConsentRecord]]:
    """Let an owner withdraw a consent (R08)."""
    return _answered("revoke", email, client_id)


def expire(email: str, client_id: str | None = None) -> ControlCall[list[models.ConsentRecord]]:
    """Let pending requests run out now."""
    return _answered("expire", email, client_id)


def _answered(event: str, email: str, client_id: str | None) -> ControlCall[list[models.ConsentRecord]]:
    path = f"/consents/{quoted(email)}/{event}"
    return ControlCall(method="POST", path=path, json=given(client_id=client_id), read=json_of)


def mailbox() -> ControlCall[list[models.MailRecord]]:
    """List the mails that SMA would have sent, oldest first."""
    return ControlCall(method="GET", path="/mailbox", read=json_of)


def clear_mailbox() -> ControlCall[None]:
    """Forget all mails."""
    return ControlCall(method="DELETE", path="/mailbox", read=nothing)


def faults() -> ControlCall[list[models.FaultRecord]]:
    """List the fault rules in the order in which they are asked."""
    return ControlCall(method="GET", path="/faults", read=json_of)


def add_fault(rule: Json) -> ControlCall[models.FaultRecord]:
    """Bring a fault rule into force."""
    return ControlCall(method="POST", path="/faults", json=dict(rule), read=json_of)


def fault(fault_id: str) -> ControlCall[models.FaultRecord]:
    """Read one rule and how often it has struck."""
    return ControlCall(method="GET", path=f"/faults/{quoted(fault_id)}", read=json_of)


def remove_fault(fault_id: str) -> ControlCall[None]:
    """Take one rule back."""
    return ControlCall(method="DELETE", path=f"/faults/{quoted(fault_id)}", read=nothing)


def clear_faults() -> ControlCall[None]:
    """Take all rules back."""
    return ControlCall(method="DELETE", path="/faults", read=nothing)


def requests(
    *,
    status: int | None = None,
    method: str | None = None,
    path: str | None = None,
    client_id: str | None = None,
    since: str | None = None,
    limit: int | None = None,
    assets: bool | None = None,
) -> ControlCall[list[models.Exchange]]:
    """List exchanges, newest first; ``path`` may hold ``*``, ``since`` is the id of an entry.

    What a browser fetched for pages (styles, scripts, fonts, icons) is left out without ``assets``.
    """
    filters = texts(
        status=status, method=method, path=path, client_id=client_id, since=since, limit=limit, assets=assets
    )
    return ControlCall(method="GET", path="/requests", params=filters, read=json_of)


def requests_har(
    *,
    status: int | None = None,
    method: str | None = None,
    path: str | None = None,
    client_id: str | None = None,
    since: str | None = None,
    limit: int | None = None,
    assets: bool | None = None,
) -> ControlCall[dict[str, Any]]:
    """Export exchanges as an HTTP Archive, oldest first."""
    filters = texts(
        status=status, method=method, path=path, client_id=client_id, since=since, limit=limit, assets=assets
    )
    return ControlCall(method="GET", path="/requests.har", params=filters, read=json_of)


def request(request_id: str) -> ControlCall[models.WholeExchange]:
    """Read one exchange: bodies, headers, and the steps that led to its answer."""
    return ControlCall(method="GET", path=f"/requests/{quoted(request_id)}", read=json_of)


def report(limit: int | None = None, *, refused: bool | None = None) -> ControlCall[str]:
    """Tell of the last exchanges as text: why each was answered so, what to do, and how to ask again.

    With ``refused`` only what was refused, has moved or is empty.
    """
    return ControlCall(method="GET", path="/report", params=texts(limit=limit, refused=refused), read=text_of)


def clear_requests() -> ControlCall[None]:
    """Forget all exchanges."""
    return ControlCall(method="DELETE", path="/requests", read=nothing)


def plants() -> ControlCall[list[models.PlantSummary]]:
    """List all plants, whoever may see them."""
    return ControlCall(method="GET", path="/plants", read=json_of)


def plant(plant_id: str) -> ControlCall[dict[str, Any]]:
    """Read the model behind a plant."""
    return ControlCall(method="GET", path=f"/plants/{quoted(plant_id)}", read=json_of)


def patch_plant(plant_id: str, patch: Json, *, by: str | None = None) -> ControlCall[dict[str, Any]]:
    """Change a plant by a merge patch of its model, as a person where ``by`` names one (R02)."""
    return ControlCall(method="PATCH", path=f"/plants/{quoted(plant_id)}", json={**patch, **given(by=by)}, read=json_of)


def add_event(plant_id: str, event: Json) -> ControlCall[dict[str, Any]]:
    """Let a gap, a fault, a migration happen to a plant, or the end of one."""
    return ControlCall(method="POST", path=f"/plants/{quoted(plant_id)}/events", json=dict(event), read=json_of)


def put_rows(plant_id: str, rows: str, *, device: str | None = None) -> ControlCall[dict[str, Any]]:
    """Serve rows of CSV in the place of simulated ones, of a plant or of a device."""
    path, params = f"/plants/{quoted(plant_id)}/data", texts(device=device)
    content = rows.encode()
    return ControlCall(method="PUT", path=path, params=params, content=content, content_type="text/csv", read=json_of)


def truth(plant_id: str, day: date | str) -> ControlCall[models.TruthRecord]:
    """Tell a plant's energies on a local day: now, and in the end, as a client that missed nothing holds them."""
    path = f"/plants/{quoted(plant_id)}/truth"
    return ControlCall(method="GET", path=path, params={"date": str(day)}, read=json_of)
