"""Shapes of what the control API answers (docs/control.md)."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class Health(TypedDict):
    """That the process lives; ``scenario`` from ``/_mock/ready`` only."""

    status: str
    version: str
    scenario: NotRequired[str]


class ClockState(TypedDict):
    """A world's time: ISO 8601 with offset, whether it stands, emulated seconds per second."""

    now: str
    frozen: bool
    rate: float


class ScenarioName(TypedDict):
    """A scenario that can be loaded by name."""

    name: str
    description: str


class ScenarioSummary(TypedDict):
    """The scenario that runs."""

    name: str
    description: str
    profile: str
    seed: int
    started: str
    plants: int
    users: int
    warnings: list[str]


class CapsuleSummary(TypedDict):
    """A world that a capsule has been opened in: consents and requests are counted."""

    scenario: str
    now: str
    consents: int
    requests: int


class ChangeRecord(TypedDict):
    """One line of a consent's history."""

    at: str
    event: str
    state: str
    by: str


class ConsentRecord(TypedDict):
    """One request for consent and what became of it."""

    id: str
    loginHint: str
    client_id: str
    state: str
    scope: str
    flow: str
    plants: list[str]
    expires_at: str
    history: list[ChangeRecord]


class MailRecord(TypedDict):
    """A mail that SMA would have sent."""

    to: str
    language: str
    subject: str
    body: str
    link: str
    sent_at: str


class FaultRecord(TypedDict):
    """A fault rule in force; ``remaining`` None: without end."""

    id: str
    match: dict[str, str]
    effect: dict[str, Any]
    probability: float
    hits: int
    remaining: int | None
    times: NotRequired[int]
    schedule: NotRequired[dict[str, str]]


class StepRecord(TypedDict):
    """One step that led to an answer."""

    kind: str
    text: str
    data: dict[str, Any]


class Exchange(TypedDict):
    """One entry of the journal, as the list shows it."""

    id: str
    at: str
    method: str
    host: str
    path: str
    query: str
    status: int
    client_id: str | None
    operation: str | None
    traceparent: NotRequired[str | None]
    why: list[StepRecord]


class JournalEvent(TypedDict):
    """What the stream of a journal says: ``exchanges``, oldest first, or ``reset``: the journal began anew."""

    event: str
    exchanges: list[Exchange]


class WholeExchange(Exchange):
    """One entry with its bodies and headers."""

    user_agent: str
    request_body: str
    response_headers: list[list[str]]
    response_body: str


class SituationRecord(TypedDict):
    """Something that can happen to a client, and how often it has; ``entries`` are ids of the journal."""

    name: str
    about: str
    seen: int
    entries: list[str]


class OperationRecord(TypedDict):
    """An operation, and how often it answered each status."""

    id: str
    statuses: dict[str, int]


class CoverageRecord(TypedDict):
    """What of all that can happen has happened; ``percent`` of the situations."""

    situations: list[SituationRecord]
    operations: list[OperationRecord]
    percent: float


class FindingRecord(TypedDict):
    """Something that a client should do otherwise; ``entries`` are ids of the journal."""

    id: str
    severity: str
    title: str
    rule: str
    entries: list[str]
    text: str
    fix: str
    client_id: str | None
    link: str


class WorldClient(TypedDict):
    """An application that a world knows."""

    client_id: str
    client_secret: str
    flow: str
    redirect_uris: list[str]


class Owner(TypedDict):
    """Somebody who can log in and owns a plant."""

    email: str
    password: str


class WorldInfo(TypedDict):
    """A world with what is needed to use it."""

    name: str
    scenario: str
    seed: int
    now: str
    clients: list[WorldClient]
    owners: list[Owner]


class SavePointInfo(TypedDict):
    """A save point; ``now`` is the time it keeps, ``requests`` the number of exchanges until then."""

    name: str
    now: str
    requests: int


class PlantSummary(TypedDict):
    """A plant in short."""

    id: str
    name: str
    backend: str
    owners: list[str]
    devices: list[str]


class EnergiesRecord(TypedDict):
    """Energies of a plant or device on a local day [Wh], by property."""

    now: dict[str, float]
    final: dict[str, float]


class TruthRecord(EnergiesRecord):
    """Energies of a plant and, by id, of its devices, as a client that missed nothing holds them."""

    plant: str
    date: str
    unit: str
    final_at: str
    is_final: bool
    devices: dict[str, EnergiesRecord]
