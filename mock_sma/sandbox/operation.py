"""What an operation is: one line of the table, from which routing, OpenAPI, respx and ledger follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from mock_sma.sandbox.claims import claimed_client
from mock_sma.sandbox.exchange import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from mock_sma.errors import ApiError
    from mock_sma.sandbox.exchange import Answer, Request
    from mock_sma.sandbox.hosts import Api, Layout
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.why import Trace


class Need(Enum):
    """What a request has to bring."""

    NOTHING = "nothing"
    TOKEN = "token"  # noqa: S105 - the name of a need


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A query parameter, for routing and the OpenAPI document.

    Attributes:
        kind: JSON Schema type, ``string`` or ``boolean``.
        examples: values, one for each form.
        form: pattern that its values have (JSON Schema ``pattern``).
    """

    name: str
    description: str
    kind: str = "string"
    form: str | None = None
    required: bool = False
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the vendor API.

    Attributes:
        path: without the mount of its API; ``{name}`` marks a parameter.
        answer: wire model of the success body; None: no JSON body.
        errors: statuses it can answer besides.
        form: names of the form fields a POST takes; empty: none.
        body: wire model of a JSON request body.
        media: content type of the success body.
        simulation: True for what only the sandbox's simulation has.
        refuse: makes the answer of an error; None: a JSON body. Pages answer with a page.
    """

    id: str
    api: Api
    method: str
    path: str
    handler: Callable[[Call], Answer]
    summary: str
    need: Need = Need.TOKEN
    query: tuple[QueryParameter, ...] = ()
    answer: type[BaseModel] | None = None
    status: int = 200
    errors: tuple[int, ...] = ()
    form: tuple[str, ...] = ()
    body: type[BaseModel] | None = None
    media: str = "application/json"
    simulation: bool = False
    deprecated: bool = False
    refuse: Callable[[Call, ApiError], Answer] | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What a valid token allows.

    Attributes:
        user: e-mail key of the person behind a code-flow token; None for a client token, which sees the
            plants of every consenting owner.
        expires: [s since the epoch].
    """

    client_id: str
    scopes: frozenset[str]
    user: str | None
    expires: float
    session: str


@dataclass(slots=True)
class Call:
    """One matched request on its way through a handler.

    Attributes:
        now: emulated time, the same for the whole call [s since the epoch].
        params: path parameters, decoded.
        trace: steps for the journal's ``why``.
        operation: None where no operation matched.
        access: set where the operation needs a token.
        client_id: as soon as it is known; for the journal and the quota.
    """

    world: Sandbox
    request: Request
    operation: Operation | None
    layout: Layout
    params: dict[str, str]
    now: float
    trace: Trace = field(default_factory=list)
    access: Access | None = None
    client_id: str | None = None
    _query: Parameters | None = field(default=None)

    @property
    def query(self) -> Parameters:
        """The query's parameters."""
        if self._query is None:
            self._query = Parameters(self.request.query)
        return self._query

    @property
    def claimed_client(self) -> str | None:
        """The client that the request says it is of, before anything is checked."""
        return self.client_id or claimed_client(self.request)

    def note(self, kind: str, **data: object) -> None:
        """Take down a step; a ``text`` among the data is its sentence."""
        self.trace.append((kind, data))
