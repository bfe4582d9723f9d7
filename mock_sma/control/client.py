"""The synchronous client of the control API."""

from __future__ import annotations

import time
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


class ControlClient:
    """Everything under ``/_mock`` of one server, and of one of its worlds.

    Use it as a context manager, or call :meth:`close`. Every method raises :class:`ControlError` where the
    server refuses, and httpx's exceptions where it cannot be reached.

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
        transport: httpx.BaseTransport | None = None,
        verify: Any = True,
    ) -> None:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        # No proxy of the environment: a local server is not behind one.
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=timeout, transport=transport, trust_env=False, verify=verify
        )
        self._base = "/_mock"

    def world(self, name: str) -> ControlClient:
        """Return the client of a world of the same server; closing either closes both."""
        other = ControlClient.__new__(ControlClient)
        other._http = self._http  # noqa: SLF001 - of the same class
        other._base = f"/_mock/worlds/{name}"  # noqa: SLF001 - of the same class
        return other

    def send(self, call: Call[Result]) -> Result:
        """Send a call and return what its answer says."""
        return call.result(self._http.send(call.request(self._http, self._base)))

    def wait_until_ready(self, timeout: float = 30.0) -> models.Health:
        """Ask until the server is ready.

        Args:
            timeout: longest wait [s].

        Raises:
            MockSmaError: it was not, with the last reason.
        """
        latest = monotonic() + timeout
        while True:
            try:
                return self.ready()
            except (httpx.TransportError, ControlError) as error:
                if monotonic() >= latest:
                    raise MockSmaError(f"the server was not ready within {timeout:g} s: {error}") from error
            time.sleep(0.05)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def health(self) -> models.Health:
        """Tell that the process lives."""
        return self.send(calls.health())

    def ready(self) -> models.Health:
        """Tell that a first vendor request would be answered."""
        return self.send(calls.ready())

    def metrics(self) -> str:
        """Read counters in Prometheus' text form."""
        return self.send(calls.metrics())

    def fidelity(self) -> Any:
        """Read the ledger: how each endpoint and field is known."""
        return self.send(calls.fidelity())

    def reset(self) -> None:
        """Put the world back exactly to its scenario."""
        self.send(calls.reset())

    def scenarios(self) -> list[models.ScenarioName]:
        """List the scenarios that can be loaded by name."""
        return self.send(calls.scenarios())

    def scenario(self) -> models.ScenarioSummary:
        """Tell which scenario runs."""
        return self.send(calls.scenario())

    def scenario_document(self) -> dict[str, Any]:
        """Return the running scenario as a document that :meth:`load_scenario` takes back."""
        return self.send(calls.scenario_document())

    def scenario_yaml(self) -> str:
        """Return the running scenario as YAML."""
        return self.send(calls.scenario_yaml())

    def load_scenario(self, wanted: str | Json) -> models.ScenarioSummary:
        """Run another scenario: by its name, as YAML text, or as a document."""
        return self.send(calls.load_scenario(wanted))

    def timeline(self) -> dict[str, list[dict[str, Any]]]:
        """Tell what has happened by itself or by hand, and what will."""
        return self.send(calls.timeline())

    def clock(self) -> models.ClockState:
        """Read the clock."""
        return self.send(calls.clock())

    def set_clock(
        self, *, now: datetime | str | None = None, frozen: bool | None = None, rate: float | None = None
    ) -> models.ClockState:
        """Set time, rate, or whether the clock stands; all that becomes due happens."""
        return self.send(calls.set_clock(now, rate, frozen=frozen))

    def advance(
        self,
        delta: timedelta | float | None = None,
        *,
        seconds: float = 0.0,
        minutes: float = 0.0,
        hours: float = 0.0,
        days: float = 0.0,
    ) -> models.ClockState:
        """Move the clock forward; returns when all that becomes due has happened."""
        return self.send(calls.advance(delta, seconds, minutes, hours, days))

    def consents(self) -> list[models.ConsentRecord]:
        """List all consents with their history."""
        return self.send(calls.consents())

    def accept(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let an owner permit, of every client that has asked where none is named."""
        return self.send(calls.answer_consent("accept", email, client_id))

    def reject(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let an owner decline."""
        return self.send(calls.answer_consent("reject", email, client_id))

    def revoke(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let an owner withdraw a consent (R08)."""
        return self.send(calls.answer_consent("revoke", email, client_id))

    def expire(self, email: str, client_id: str | None = None) -> list[models.ConsentRecord]:
        """Let pending requests run out now."""
        return self.send(calls.answer_consent("expire", email, client_id))

    def mailbox(self) -> list[models.Mail]:
        """List the mails that SMA would have sent, oldest first."""
        return self.send(calls.mailbox())

    def clear_mailbox(self) -> None:
        """Forget all mails."""
        self.send(calls.clear_mailbox())

    def faults(self) -> list[models.FaultRecord]:
        """List the fault rules in the order in which they are asked."""
        return self.send(calls.faults())

    def add_fault(self, rule: Json) -> models.FaultRecord:
        """Bring a fault rule into force."""
        return self.send(calls.add_fault(rule))

    def fault(self, fault_id: str) -> models.FaultRecord:
        """Read one rule and how often it has struck."""
        return self.send(calls.fault(fault_id))

    def remove_fault(self, fault_id: str) -> None:
        """Take one rule back."""
        self.send(calls.remove_fault(fault_id))

    def clear_faults(self) -> None:
        """Take all rules back."""
        self.send(calls.clear_faults())

    def requests(
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
        return self.send(
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

    def requests_har(
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
        return self.send(
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

    def request(self, request_id: str) -> models.WholeExchange:
        """Read one exchange: bodies, headers, and the steps that led to its answer."""
        return self.send(calls.request(request_id))

    def clear_requests(self) -> None:
        """Forget all exchanges."""
        self.send(calls.clear_requests())

    def plants(self) -> list[models.PlantSummary]:
        """List all plants, whoever may see them."""
        return self.send(calls.plants())

    def plant(self, plant_id: str) -> dict[str, Any]:
        """Read the model behind a plant."""
        return self.send(calls.plant(plant_id))

    def patch_plant(self, plant_id: str, patch: Json, *, by: str | None = None) -> dict[str, Any]:
        """Change a plant by a merge patch of its model, as a person where ``by`` names one (R02)."""
        return self.send(calls.patch_plant(plant_id, patch, by))

    def add_event(self, plant_id: str, event: Json) -> dict[str, Any]:
        """Let a gap, a fault, a migration happen to a plant, or the end of one."""
        return self.send(calls.add_event(plant_id, event))

    def worlds(self) -> list[models.WorldInfo]:
        """List the worlds, the default one first."""
        return self.send(calls.worlds())

    def create_world(
        self,
        name: str | None = None,
        *,
        scenario: str | Json | None = None,
        now: datetime | str | None = None,
        seed: int | None = None,
        rate: float | None = None,
    ) -> models.WorldInfo:
        """Make a world with clients of its own."""
        return self.send(
            calls.create_world({"name": name, "scenario": scenario, "now": _text(now), "seed": seed, "rate": rate})
        )

    def delete_world(self, name: str) -> None:
        """Remove a world; its tokens are answered 401 from then on."""
        self.send(calls.delete_world(name))


def _text(now: datetime | str | None) -> str | None:
    return now if now is None or isinstance(now, str) else now.isoformat()
