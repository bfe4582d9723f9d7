"""A world and a client that asks it, and what the journal says of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.facts import OWNER
from tests.sandbox_helpers import ask, make, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.world.entry import Entry


PLANTS = "/monitoring/v1/plants"


class Story:
    """A world and a client that asks it.

    Args:
        consent: whether the sandbox's owner has accepted.
    """

    def __init__(self, scenario: str = "sandbox", *, consent: bool = True, **options: Any) -> None:
        self.world = make(scenario, **options)
        if consent and scenario == "sandbox":
            self.world.consents.accept(OWNER)
        self.bearer = tokens(self.world)["access_token"]

    def get(self, path: str, **more: Any) -> Entry:
        ask(self.world, "GET", path, **({"bearer": self.bearer} | more))
        return self.world.requests[-1]

    def sets(self, which: str, path: str) -> Entry:
        return self.get(f"/monitoring/v1/plants/{which}/measurements/sets/{path}")

    def change(self, plant_id: str, change: Callable[[Plant], Plant]) -> Story:
        self.world.estate.change(plant_id, change)
        return self

    def last(self, _: Reply | object = None) -> Entry:
        return self.world.requests[-1]
