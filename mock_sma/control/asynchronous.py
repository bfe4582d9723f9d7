"""The asynchronous client of the control API."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from mock_sma.clock import monotonic
from mock_sma.control import calls, models
from mock_sma.control.calls import Call, ControlError
from mock_sma.errors import MockSmaError

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from types import TracebackType

    from mock_sma.control.calls import Json

Result = TypeVar("Result")


class AsyncControlClient:
    """Everything under ``/_mock`` of one server, and of one of its worlds.

    Use it as an asynchronous context manager, or call :meth:`aclose`. Every method raises :class:`ControlError`
    where the server refuses, and httpx's exceptions where it cannot be reached.

    Args:
        url: origin of the server, such as ``http://127.0.0.1:8080``.
        token: control token, where the server wants one.
        timeout: of each call [s].
        transport: of httpx, in place of the network.
        verify: TLS verification, as httpx takes it.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        timeout: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: Any = True,
    ) -> None:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        # No proxy of the environment: a local server is not behind one.
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=timeout, transport=transport, trust_env=False, verify=verify
        )
        self._base = "/_mock"

    def world(self, name: str) -> AsyncControlClient:
        """Return the client of a world of the same server; closing either closes both."""
        other = AsyncControlClient.__new__(AsyncControlClient)
        other._http = self._http  # noqa: SLF001 - of the same class
        other._base = f"/_mock/worlds/{name}"  # noqa: SLF001 - of the same class
        return other

    async def send(self, call: Call[Result]) -> Result:
        """Send a call and return what its answer says."""
        return call.result(await self._http.send(call.request(self._http, self._base)))

    async def wait_until_ready(self, timeout: float = 30.0) -> models.Health:  # noqa: ASYNC109 - of the whole wait
        """Ask until the server is ready.

        Args:
            timeout: longest wait [s].

        Raises:
            MockSmaError: it was not, with the last reason.
        """
        latest = monotonic() + timeout
        while True:
            try:
                return await self.ready()
            except (httpx.TransportError, ControlError) as error:
                if monotonic() >= latest:
                    raise MockSmaError(f"the server was not ready within {timeout:g} s: {error}") from error
            await asyncio.sleep(0.05)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def health(self) -> models.Health:
        """Tell that the process lives."""
        return await self.send(calls.health())

    async def ready(self) -> models.Health:
        """Tell that a first vendor request would be answered."""
        return await self.send(calls.ready())

    async def metrics(self) -> str:
        """Read counters in Prometheus' text form."""
        return await self.send(calls.metrics())

    async def fidelity(self) -> Any:
        """Read the ledger: how each endpoint and field is known."""
        return await self.send(calls.fidelity())

    async def reset(self) -> None:
        """Put the world back exactly to its scenario."""
        await self.send(calls.reset())

    async def scenarios(self) -> list[models.ScenarioName]:
        """List the scenarios that can be loaded by name."""
        return await self.send(calls.scenarios())

    async def scenario(self) -> models.ScenarioSummary:
        """Tell which scenario runs."""
        return await self.send(calls.scenario())

    async def scenario_document(self) -> dict[str, Any]:
        """Return the running scenario as a document that :meth:`load_scenario` takes back."""
        return await self.send(calls.scenario_document())

    async def scenario_yaml(self) -> str:
        """Return the running scenario as YAML."""
        return await self.send(calls.scenario_yaml())

    async def load_scenario(self, wanted: str | Json) -> models.ScenarioSummary:
        """Run another scenario: by its name, as YAML text, or as a document."""
        return await self.send(calls.load_scenario(wanted))

    async def timeline(self) -> dict[str, list[dict[str, Any]]]:
        """Tell what has happened by itself or by hand, and what will."""
        return await self.send(calls.timeline())

    async def clock(self) -> models.ClockState:
        """Read the clock."""
        return await self.send(calls.clock())

    async def set_clock(
        self, *, now: datetime | str | None = None, frozen: bool | None = None, rate: float | None = None
    ) -> models.ClockState:
        """Set time, rate, or whether the clock stands; all that becomes due happens."""
        return await self.send(calls.set_clock(now, rate, frozen=frozen))

    async def advance(
        self,
        delta: timedelta | float | None = None,
        *,
        seconds: float = 0.0,
        minutes: float = 0.0,
        hours: float = 0.0,
        days: float = 0.0,
    ) -> models.ClockState:
        """Move the clock forward; returns when all that becomes due has happened."""
        return await self.send(calls.advance(delta, seconds, minutes, hours, days))

    async def consents(self) -> list[models.ConsentRecord]:
        """List all consents with their history."""
        return await self.send(calls.consents())

    async def accept(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let an owner permit, of every client that has asked where none is named."""
        return await self.send(calls.answer_consent("accept", email, client_id))

    async def reject(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let an owner decline."""
        return await self.send(calls.answer_consent("reject", email, client_id))

    async def revoke(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let an owner withdraw a consent (R08)."""
        return await self.send(calls.answer_consent("revoke", email, client_id))

    async def expire(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let pending requests run out now."""
        return await self.send(calls.answer_consent("expire", email, client_id))

    async def mailbox(self) -> list[models.Mail]:
        """List the mails that SMA would have sent, oldest first."""
        return await self.send(calls.mailbox())

    async def clear_mailbox(self) -> None:
        """Forget all mails."""
        await self.send(calls.clear_mailbox())

    async def faults(self) -> list[models.FaultRecord]:
        """List the fault rules in the order in which they are asked."""
        return await self.send(calls.faults())

    async def add_fault(self, rule: Json) -> models.FaultRecord:
        """Bring a fault rule into force."""
        return await self.send(calls.add_fault(rule))

    async def fault(self, fault_id: str) -> models.FaultRecord:
        """Read one rule and how often it has struck."""
        return await self.send(calls.fault(fault_id))

    async def remove_fault(self, fault_id: str) -> None:
        """Take one rule back."""
        await self.send(calls.remove_fault(fault_id))

    async def clear_faults(self) -> None:
        """Take all rules back."""
        await self.send(calls.clear_faults())

    async def requests(
        self,
        *,
        status: int | None = None,
        method: str | None = None,
        path: str | None = None,
        client_id: str | None = None,
        since: str | None = None,
        limit: int | None = None,
    ) -> list[models.Exchange]:
        """List exchanges, newest first; ``path`` may hold ``*``, ``since`` is the id of an entry."""
        return await self.send(
            calls.requests(
                {
                    "status": status,
                    "method": method,
                    "path": path,
                    "client_id": client_id,
                    "since": since,
                    "limit": limit,
                }
            )
        )

    async def requests_har(
        self,
        *,
        status: int | None = None,
        method: str | None = None,
        path: str | None = None,
        client_id: str | None = None,
        since: str | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """Export exchanges as an HTTP Archive, oldest first."""
        return await self.send(
            calls.requests_har(
                {
                    "status": status,
                    "method": method,
                    "path": path,
                    "client_id": client_id,
                    "since": since,
                    "limit": limit,
                }
            )
        )

    async def request(self, request_id: str) -> models.WholeExchange:
        """Read one exchange: bodies, headers, and the steps that led to its answer."""
        return await self.send(calls.request(request_id))

    async def clear_requests(self) -> None:
        """Forget all exchanges."""
        await self.send(calls.clear_requests())

    async def plants(self) -> list[models.PlantSummary]:
        """List all plants, whoever may see them."""
        return await self.send(calls.plants())

    async def plant(self, plant_id: str) -> dict[str, Any]:
        """Read the model behind a plant."""
        return await self.send(calls.plant(plant_id))

    async def patch_plant(self, plant_id: str, patch: Json, *, by: str | None = None) -> dict[str, Any]:
        """Change a plant by a merge patch of its model, as a person where ``by`` names one (R02)."""
        return await self.send(calls.patch_plant(plant_id, patch, by))

    async def add_event(self, plant_id: str, event: Json) -> dict[str, Any]:
        """Let a gap, a fault, a migration happen to a plant, or the end of one."""
        return await self.send(calls.add_event(plant_id, event))

    async def worlds(self) -> list[models.WorldInfo]:
        """List the worlds, the default one first."""
        return await self.send(calls.worlds())

    async def create_world(
        self,
        name: str | None = None,
        *,
        scenario: str | Json | None = None,
        now: datetime | str | None = None,
        seed: int | None = None,
        rate: float | None = None,
    ) -> models.WorldInfo:
        """Make a world with clients of its own."""
        return await self.send(
            calls.create_world({"name": name, "scenario": scenario, "now": _text(now), "seed": seed, "rate": rate})
        )

    async def delete_world(self, name: str) -> None:
        """Remove a world; its tokens are answered 401 from then on."""
        await self.send(calls.delete_world(name))


def _text(now: datetime | str | None) -> str | None:
    return now if now is None or isinstance(now, str) else now.isoformat()
