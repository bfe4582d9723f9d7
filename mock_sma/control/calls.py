"""The calls of the control API as values, sent by the synchronous and the asynchronous client alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import quote

from mock_sma.errors import MockSmaError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import httpx

    from mock_sma.control import models

    Json = Mapping[str, object]

Result = TypeVar("Result")


class ControlError(MockSmaError):
    """The control API refused a call.

    Attributes:
        status: of the answer.
        problem: its body as problem details (RFC 9457); empty where it was none.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], text: str) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{status}: {problem.get('detail') or text[:500]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Result]):
    """One call.

    Attributes:
        path: below the world's address, or below ``/_mock`` where ``of_server``.
        read: makes the result of the answer.
    """

    method: str
    path: str
    read: Callable[[httpx.Response], Result]
    params: Mapping[str, str] = field(default_factory=dict)
    json: object = None
    content: bytes | None = None
    content_type: str | None = None
    of_server: bool = False

    def request(self, client: httpx.Client | httpx.AsyncClient, base: str) -> httpx.Request:
        """Return the request of a client; ``base`` is the world's address."""
        headers = {} if self.content_type is None else {"content-type": self.content_type}
        url = ("/_mock" if self.of_server else base) + self.path
        body: dict[str, Any] = {"content": self.content} if self.json is None else {"json": self.json}
        return client.build_request(self.method, url, params=dict(self.params), headers=headers, **body)

    def result(self, answer: httpx.Response) -> Result:
        """Return what an answer says.

        Raises:
            ControlError: it is a refusal.
        """
        if answer.status_code >= 400:
            is_problem = "json" in answer.headers.get("content-type", "")
            raise ControlError(answer.status_code, answer.json() if is_problem else {}, answer.text)
        return self.read(answer)


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


def health() -> Call[models.Health]:
    """``GET /_mock/health``."""
    return Call(method="GET", path="/health", read=_json, of_server=True)


def ready() -> Call[models.Health]:
    """``GET /_mock/ready``."""
    return Call(method="GET", path="/ready", read=_json, of_server=True)


def metrics() -> Call[str]:
    """``GET /_mock/metrics``."""
    return Call(method="GET", path="/metrics", read=_text, of_server=True)


def fidelity() -> Call[Any]:
    """``GET /_mock/fidelity``."""
    return Call(method="GET", path="/fidelity", read=_json, of_server=True)


def reset() -> Call[None]:
    """``POST …/reset``."""
    return Call(method="POST", path="/reset", read=_none)


def scenarios() -> Call[list[models.ScenarioName]]:
    """``GET …/scenarios``."""
    return Call(method="GET", path="/scenarios", read=_json)


def scenario() -> Call[models.ScenarioSummary]:
    """``GET …/scenario``."""
    return Call(method="GET", path="/scenario", read=_json)


def scenario_document() -> Call[dict[str, Any]]:
    """``GET …/scenario?format=document``."""
    return Call(method="GET", path="/scenario", params={"format": "document"}, read=_json)


def scenario_yaml() -> Call[str]:
    """``GET …/scenario?format=yaml``."""
    return Call(method="GET", path="/scenario", params={"format": "yaml"}, read=_text)


def load_scenario(wanted: str | Json) -> Call[models.ScenarioSummary]:
    """``PUT …/scenario``: a name, YAML text (of several lines), or a document."""
    if isinstance(wanted, str) and "\n" in wanted:
        content, kind = wanted.encode(), "application/yaml"
        return Call(method="PUT", path="/scenario", content=content, content_type=kind, read=_json)
    json = {"name": wanted} if isinstance(wanted, str) else dict(wanted)
    return Call(method="PUT", path="/scenario", json=json, read=_json)


def timeline() -> Call[dict[str, list[dict[str, Any]]]]:
    """``GET …/timeline``."""
    return Call(method="GET", path="/timeline", read=_json)


def clock() -> Call[models.ClockState]:
    """``GET …/clock``."""
    return Call(method="GET", path="/clock", read=_json)


def set_clock(now: datetime | str | None, rate: float | None, *, frozen: bool | None) -> Call[models.ClockState]:
    """``PUT …/clock``."""
    text = now if now is None or isinstance(now, str) else now.isoformat()
    return Call(method="PUT", path="/clock", json=_given(now=text, frozen=frozen, rate=rate), read=_json)


def advance(
    delta: timedelta | float | None, seconds: float, minutes: float, hours: float, days: float
) -> Call[models.ClockState]:
    """``POST …/clock/advance``."""
    base = delta.total_seconds() if isinstance(delta, timedelta) else float(delta or 0.0)
    total = base + timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days).total_seconds()
    return Call(method="POST", path="/clock/advance", json={"seconds": total}, read=_json)


def consents() -> Call[list[models.ConsentRecord]]:
    """``GET …/consents``."""
    return Call(method="GET", path="/consents", read=_json)


def answer_consent(event: str, email: str, client_id: str | None) -> Call[list[models.ConsentRecord]]:
    """``POST …/consents/{loginHint}/{event}``."""
    path = f"/consents/{_name(email)}/{event}"
    return Call(method="POST", path=path, json=_given(client_id=client_id), read=_json)


def mailbox() -> Call[list[models.Mail]]:
    """``GET …/mailbox``."""
    return Call(method="GET", path="/mailbox", read=_json)


def clear_mailbox() -> Call[None]:
    """``DELETE …/mailbox``."""
    return Call(method="DELETE", path="/mailbox", read=_none)


def faults() -> Call[list[models.FaultRecord]]:
    """``GET …/faults``."""
    return Call(method="GET", path="/faults", read=_json)


def add_fault(rule: Json) -> Call[models.FaultRecord]:
    """``POST …/faults``."""
    return Call(method="POST", path="/faults", json=dict(rule), read=_json)


def fault(fault_id: str) -> Call[models.FaultRecord]:
    """``GET …/faults/{id}``."""
    return Call(method="GET", path=f"/faults/{_name(fault_id)}", read=_json)


def remove_fault(fault_id: str) -> Call[None]:
    """``DELETE …/faults/{id}``."""
    return Call(method="DELETE", path=f"/faults/{_name(fault_id)}", read=_none)


def clear_faults() -> Call[None]:
    """``DELETE …/faults``."""
    return Call(method="DELETE", path="/faults", read=_none)


def requests(filters: Json) -> Call[list[models.Exchange]]:
    """``GET …/requests``."""
    return Call(method="GET", path="/requests", params=_texts(filters), read=_json)


def requests_har(filters: Json) -> Call[dict[str, Any]]:
    """``GET …/requests.har``."""
    return Call(method="GET", path="/requests.har", params=_texts(filters), read=_json)


def request(request_id: str) -> Call[models.WholeExchange]:
    """``GET …/requests/{id}``."""
    return Call(method="GET", path=f"/requests/{_name(request_id)}", read=_json)


def clear_requests() -> Call[None]:
    """``DELETE …/requests``."""
    return Call(method="DELETE", path="/requests", read=_none)


def plants() -> Call[list[models.PlantSummary]]:
    """``GET …/plants``."""
    return Call(method="GET", path="/plants", read=_json)


def plant(plant_id: str) -> Call[dict[str, Any]]:
    """``GET …/plants/{id}``."""
    return Call(method="GET", path=f"/plants/{_name(plant_id)}", read=_json)


def patch_plant(plant_id: str, patch: Json, by: str | None) -> Call[dict[str, Any]]:
    """``PATCH …/plants/{id}``."""
    return Call(method="PATCH", path=f"/plants/{_name(plant_id)}", json={**patch, **_given(by=by)}, read=_json)


def add_event(plant_id: str, event: Json) -> Call[dict[str, Any]]:
    """``POST …/plants/{id}/events``."""
    return Call(method="POST", path=f"/plants/{_name(plant_id)}/events", json=dict(event), read=_json)


def worlds() -> Call[list[models.WorldInfo]]:
    """``GET /_mock/worlds``."""
    return Call(method="GET", path="/worlds", read=_json, of_server=True)


def create_world(wish: Json) -> Call[models.WorldInfo]:
    """``POST /_mock/worlds``."""
    return Call(method="POST", path="/worlds", json=_given(**wish), read=_json, of_server=True)


def delete_world(name: str) -> Call[None]:
    """``DELETE /_mock/worlds/{name}``."""
    return Call(method="DELETE", path=f"/worlds/{_name(name)}", read=_none, of_server=True)


def _texts(filters: Json) -> dict[str, str]:
    return {name: str(value) for name, value in filters.items() if value is not None}
