"""What an operation is: one line of the table, from which routing, OpenAPI, respx and ledger follow."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from mock_sma.errors import ApiError
    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.hosts import Api


class Need(Enum):
    """What a request has to bring."""

    NOTHING = "nothing"
    TOKEN = "token"  # noqa: S105 - the name of a need


@frozen
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


@frozen(eq=False)  # equal is the same one: what is made for a table is found by it
class Operation:
    """One operation of the vendor API.

    Attributes:
        path: without the mount of its API; ``{name}`` marks a parameter.
        answer_model: name of the wire model of the success body; None: no JSON body.
        errors: statuses it can answer besides.
        form: names of the form fields a POST takes; empty: none.
        body_model: the same of a JSON request body.
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
    answer_model: str | None = None
    status: int = 200
    errors: tuple[int, ...] = ()
    form: tuple[str, ...] = ()
    body_model: str | None = None
    media: str = "application/json"
    simulation: bool = False
    deprecated: bool = False
    refuse: Callable[[Call, ApiError], Answer] | None = None

    @property
    def answer(self) -> type[BaseModel] | None:
        """Wire model of the success body; None: no JSON body."""
        return _model(self.answer_model)

    @property
    def body(self) -> type[BaseModel] | None:
        """Wire model of a JSON request body."""
        return _model(self.body_model)


def _model(name: str | None) -> type[BaseModel] | None:
    # Loaded by who describes or judges bodies; a server answers without the models.
    from mock_sma.sandbox.wire.models import body_model  # noqa: PLC0415 - see above

    return None if name is None else body_model(name)
