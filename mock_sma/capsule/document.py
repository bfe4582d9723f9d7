"""The form of a capsule.

It holds what decides a world's bytes: scenario, seed, clock, counters, consents, and what was asked. It is free of
secrets as the journal is; the scenario's own credentials are in it, since they are published fakes like all of them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mock_sma.domain.consent import Consent, ConsentChange
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import ConsentEvent
from mock_sma.errors import UsageError
from mock_sma.sandbox.why import Step, Why
from mock_sma.sandbox.world.entry import Entry
from mock_sma.scenario_file.document import EARLIEST, LATEST
from mock_sma.version import __version__


class CapsulePart(BaseModel):
    """Base of all parts: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Told = Annotated[float, Field(ge=EARLIEST.timestamp(), lt=LATEST.timestamp())]
"""A time that the clock shows [s since the epoch]."""

Instant = Annotated[float, Field(ge=datetime(1900, 1, 1, tzinfo=UTC).timestamp(), lt=9_000 * 31_556_952.0)]
"""A time that the calendar has, in any zone [s since the epoch]."""


Latin = Annotated[str, Field(pattern=r"^[\x00-\xff]*$")]
"""What was bytes of a request or header."""

Count = Annotated[int, Field(ge=0, lt=2**53)]


class ClockPart(CapsulePart):
    """The clock: its beginning and where it stands."""

    started: Told
    now: Told
    rate: float = Field(ge=0, allow_inf_nan=False)
    frozen: bool


class ChangePart(CapsulePart):
    """One line of a consent's history; ``requests`` counts what had been answered before."""

    at: Instant
    event: ConsentEvent
    state: ConsentState
    by: str
    requests: Count


class ConsentPart(CapsulePart):
    """A consent with its history."""

    id: str = Field(min_length=1)
    client_id: str
    email: str
    scopes: list[str]
    flow: Literal["custom", "code"]
    answerable: bool
    expires: Instant
    plants: list[str]
    history: list[ChangePart] = Field(min_length=1)

    @classmethod
    def of(cls, record: Consent) -> Self:
        """Write a record down."""
        history = [
            ChangePart(at=item.at, event=item.event, state=item.state, by=item.by, requests=item.requests)
            for item in record.history
        ]
        return cls(
            id=record.id,
            client_id=record.client_id,
            email=record.email,
            scopes=sorted(record.scopes),
            flow=record.flow,
            answerable=record.answerable,
            expires=record.expires,
            plants=list(record.plants),
            history=history,
        )

    def record(self, changes: int | None = None) -> Consent:
        """Return the record as it was after so many changes; None: all of them."""
        history = [
            ConsentChange(item.at, item.event, item.state, item.by, item.requests) for item in self.history[:changes]
        ]
        granted = any(change.event is ConsentEvent.ACCEPT for change in history)
        return Consent(
            id=self.id,
            client_id=self.client_id,
            email=self.email,
            scopes=frozenset(self.scopes),
            flow=self.flow,
            answerable=self.answerable,
            expires=self.expires,
            state=history[-1].state,
            plants=tuple(self.plants) if granted else (),
            history=history,
        )


WIRE = ("host", "path", "query", "user_agent", "traceparent")


class EntryPart(CapsulePart):
    """An exchange. Bodies are text; what is none is base64, and named in ``base64``."""

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    at: Instant
    method: str
    host: Latin
    path: Latin
    query: Latin
    status: int = Field(ge=100, le=599)
    client_id: str | None
    operation: str | None
    user_agent: Latin
    traceparent: Latin = ""
    request_body: str
    response_body: str
    base64: list[Literal["request_body", "response_body"]] = []
    headers: list[tuple[Latin, Latin]]
    why: list[tuple[str, str]] = Field(min_length=1)

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Write an entry down."""
        bodies, encoded = {}, []
        for name in ("request_body", "response_body"):
            data: bytes = getattr(entry, name)
            try:
                bodies[name] = data.decode()
            except UnicodeDecodeError:
                bodies[name] = b64encode(data).decode()
                encoded.append(name)
        made = ("request_body", "response_body", "base64", "headers", "why")
        same = {name: getattr(entry, name) for name in cls.model_fields if name not in made}
        # In process a request may hold what no bytes on a wire can.
        same |= {name: same[name].encode("latin-1", "replace").decode("latin-1") for name in WIRE}
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in entry.headers]
        why = [(step.kind, str(step)) for step in entry.why.steps]
        return cls(**same, **bodies, base64=encoded, headers=headers, why=why)

    @model_validator(mode="after")
    def _bodies_can_be_read(self) -> Self:
        for name in self.base64:
            self.body(name)
        return self

    def body(self, name: Literal["request_body", "response_body"]) -> bytes:
        """Return a body's bytes."""
        text: str = getattr(self, name)
        return b64decode(text, validate=True) if name in self.base64 else text.encode()

    def entry(self) -> Entry:
        """Return the entry; its reasons are the sentences that were written down."""
        return Entry(
            id=self.id,
            at=self.at,
            method=self.method,
            host=self.host,
            path=self.path,
            query=self.query,
            status=self.status,
            client_id=self.client_id,
            operation=self.operation,
            request_body=self.body("request_body"),
            response_body=self.body("response_body"),
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers],
            user_agent=self.user_agent,
            traceparent=self.traceparent,
            trace=[],
            told=Why(Step(text, kind, {}) for kind, text in self.why),
        )


class Capsule(CapsulePart):
    """A whole world.

    Attributes:
        world: its name; its tokens and identifiers follow from it.
        scenario: document of its beginning, start and seed included.
        present: document of its plants and people where they are not the scenario's any more; None: they are.
        counts: how many identifiers of each kind were given out.
        quota: by client, when its window began and the requests since.
        faults: rules in the form of the control API.
        total: number of exchanges, those included that the journal has forgotten.
    """

    version: Literal[1] = 1
    mock_sma: str = __version__
    world: str = Field(min_length=1, max_length=64)
    seed: int = Field(ge=-(2**63), lt=2**64)
    scenario: dict[str, Any]
    present: dict[str, Any] | None = None
    clock: ClockPart
    counts: dict[str, Count] = {}
    quota: dict[str, tuple[Told, Count]] = {}
    faults: list[dict[str, Any]] = []
    consents: list[ConsentPart] = []
    total: Count = 0
    requests: list[EntryPart] = []

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> Self:
        for what, ids in (
            ("requests", [item.id for item in self.requests]),
            ("consents", [item.id for item in self.consents]),
        ):
            if len(set(ids)) < len(ids):
                raise ValueError(f"{what}: an id appears twice")
        if self.total < len(self.requests):
            raise ValueError(f"total: {self.total} is less than the number of requests, {len(self.requests)}")
        return self


def read_capsule(text: bytes) -> Capsule:
    """Return the capsule of a JSON text.

    Raises:
        UsageError: it is none, with what is wrong.
    """
    try:
        return Capsule.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the text"
        raise UsageError(f"this is not a capsule of mock-sma {__version__}: {place}: {first['msg']}") from None
