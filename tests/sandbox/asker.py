"""A client of a world with fault rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sandbox_helpers import EMAIL, ask, make, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply


PLANTS = "/monitoring/v1/plants"


class Asker:
    """A world whose owner has accepted, and a client with a token."""

    def __init__(self, *rules: Any, **options: Any) -> None:
        self.world = make(**options)
        self.world.consents.accept(EMAIL)
        self.bearer = tokens(self.world)["access_token"]
        for rule in rules:
            self.world.faults.add(rule)

    def get(self, path: str = PLANTS, **more: Any) -> Reply:
        return ask(self.world, "GET", path, bearer=self.bearer, **more)

    def statuses(self, count: int, path: str = PLANTS) -> list[int]:
        return [self.get(path).status for _ in range(count)]

    @property
    def why(self) -> str:
        return self.world.requests[-1].why
