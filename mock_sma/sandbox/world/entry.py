"""One exchange as the journal keeps it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mock_sma.sandbox.exchange import parameter_pairs
from mock_sma.sandbox.why import Why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.why import Step, Trace

ASSET = re.compile(r"\.(css|m?js|map|ico|png|svg|jpe?g|gif|webp|woff2?|[ot]tf|eot|webmanifest)$", re.IGNORECASE)
"""How the paths end that a browser fetches for a page: styles, scripts, fonts, icons."""


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """One exchange.

    Attributes:
        id: the answer's ``X-Mock-SMA-Request-Id``.
        at: emulated time [s since the epoch].
        path: as sent; ``query`` without secrets.
        client_id: the client id of the credential or token, or None.
        operation: its id, or None where no operation matched.
        request_body: without secrets, as ``response_body`` is without tokens.
        headers: the headers of the answer.
        origin: scheme, host and port as the client wrote them.
        access: what the token allowed; None: there was no valid one.
        explain: finds the words of ``why``; None: there are none but those in ``told``.
        told: the words of ``why``, once somebody has read them.
        number: exchanges of the world up to this one, since its last reset.
        server: name of the server that answered; empty: there is only one.
        traceparent: the header of W3C Trace Context that came with the request; empty: none that is one.
    """

    id: str
    at: float
    method: str
    host: str
    path: str
    query: str
    status: int
    client_id: str | None
    operation: str | None
    request_body: bytes
    response_body: bytes
    headers: list[tuple[bytes, bytes]]
    user_agent: str
    trace: Trace
    access: Access | None = None
    explain: Callable[[Entry], Iterable[Step]] | None = None
    told: Why | None = None
    origin: str = ""
    number: int = 0
    server: str = ""
    traceparent: str = ""

    @property
    def is_asset(self) -> bool:
        """Whether a browser fetched a style, script, font or icon for a page, be it there or not.

        What carries a credential is a call of the API, whatever its path ends in.
        """
        if self.client_id is not None or self.method not in ("GET", "HEAD"):
            return False
        is_of_page = self.operation is None or self.operation.startswith("getSwaggerUi")
        return is_of_page and ASSET.search(self.path) is not None

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of what was noted on the way to the answer."""
        return [kind for kind, _ in self.trace]

    @property
    def why(self) -> Why:
        """The steps that led to the answer, in words; see :class:`Why`."""
        if self.told is None:
            self.told = Why(() if self.explain is None else self.explain(self))
        return self.told

    @property
    def json(self) -> Any:
        """The answer's body as JSON; None where it is none."""
        return _json(self.response_body)

    @property
    def sent(self) -> Any:
        """What was sent, without secrets: a JSON body, or a form's fields as a dictionary; None: nothing."""
        if not self.request_body:
            return None
        value = _json(self.request_body)
        return _first_of_each(self.request_body.decode("utf-8", "replace")) if value is None else value

    @property
    def params(self) -> dict[str, str]:
        """The query's parameters as they were spelt, without secrets."""
        return _first_of_each(self.query)

    @property
    def size(self) -> int:
        """What the entry counts against the journal's bytes."""
        return 512 + len(self.path) + len(self.query) + len(self.request_body) + len(self.response_body)

    def __repr__(self) -> str:
        return f"<{self.method} {self.path} {self.status} {self.id}>"


def _first_of_each(text: str) -> dict[str, str]:
    # However many there are: they are here to be looked at.
    return dict(reversed(parameter_pairs(text)))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
