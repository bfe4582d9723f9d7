"""A request on its way through a handler."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mock_sma.sandbox.claims import claimed_client

if TYPE_CHECKING:
    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.exchange import Parameters, Request
    from mock_sma.sandbox.hosts import Layout
    from mock_sma.sandbox.why import Trace
    from mock_sma.sandbox.world.world import World


@dataclass(slots=True)
class Call:
    """One request on its way through a handler.

    Attributes:
        now: emulated time, the same for the whole call [s since the epoch].
        params: path parameters, decoded.
        trace: steps for the journal's ``why``.
        access: set where the operation needs a token.
        client_id: as soon as it is known; for the journal and the quota.
        looks_ahead: whether this only is to tell what the call would have simulated: it has no effect then.
    """

    world: World
    request: Request
    layout: Layout
    params: dict[str, str]
    now: float
    trace: Trace = field(default_factory=list)
    access: Access | None = None
    client_id: str | None = None
    looks_ahead: bool = False

    @property
    def query(self) -> Parameters:
        """The query's parameters."""
        return self.request.parameters

    @property
    def claimed_client(self) -> str | None:
        """The client that the request says it is of, before anything is checked."""
        return self.client_id or claimed_client(self.request)

    def note(self, kind: str, **data: object) -> None:
        """Take down a step; a ``text`` among the data is its sentence."""
        self.trace.append((kind, data))
