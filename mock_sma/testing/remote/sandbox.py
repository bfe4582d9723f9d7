"""The world of a test on a server elsewhere, such as a container."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mock_sma.domain.people import Client, Flow
from mock_sma.errors import UsageError
from mock_sma.scenarios import dump_scenario
from mock_sma.seeding import DEFAULT_SEED
from mock_sma.testing.remote.journal import RemoteJournal
from mock_sma.testing.remote.parts import RemoteClock, RemoteConsents, RemoteFaults, RemoteMailbox
from mock_sma.testing.remote.truth import truth_from
from mock_sma.verdicts.coverage import Coverage
from mock_sma.verdicts.finding import Finding, Findings, Severity

if TYPE_CHECKING:
    from datetime import date, datetime

    from mock_sma.control.models import FindingRecord, WorldInfo
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario
    from mock_sma.testing.remote.line import Line
    from mock_sma.verdicts.truth import Truth


class RemoteSandbox:
    """A world on another server, with the verbs of :class:`~mock_sma.sandbox.sandbox.Sandbox` for tests.

    Args:
        line: to the server.
        scenario: what the world starts from.
        now: start of its clock.
        seed: the seed of all random numbers; None: the scenario's, else the default one.
        rate: emulated seconds per second; 0 is a frozen clock.
        own: True: a world of its own with clients of its own, which :meth:`close` removes; False: the server's
            default world, which begins anew.

    Attributes:
        clients: by their id.
        forward: leads a request for one of SMA's hosts to the server.
    """

    def __init__(
        self,
        line: Line,
        scenario: Scenario,
        *,
        now: datetime | str,
        seed: int | None = None,
        rate: float = 0.0,
        own: bool = False,
    ) -> None:
        self._line = line
        self.forward = line.forward
        self._start = (now if isinstance(now, str) else now.isoformat(), rate)
        self._own = own
        self.scenario = scenario if seed is None else replace(scenario, seed=seed)
        self.seed = DEFAULT_SEED if self.scenario.seed is None else self.scenario.seed
        self.url = line.url
        self._control, self.clients = self._made() if own else self._taken()
        self.clock = RemoteClock(self._control)
        self.consents = RemoteConsents(self._control)
        self.faults = RemoteFaults(self._control)
        self.mailbox = RemoteMailbox(self._control)
        self.requests = RemoteJournal(self._control)

    def _made(self) -> tuple[Line, dict[str, Client]]:
        now, rate = self._start
        world = self._line.create_world(scenario=self._document(self.scenario), now=now, rate=rate)
        self.name = world["name"]
        return self._line.world(self.name), _clients(world)

    def _taken(self) -> tuple[Line, dict[str, Client]]:
        self.name = "default"
        return self._line, self._loaded(self._line, self.scenario)

    def _document(self, scenario: Scenario) -> dict[str, Any]:
        return {
            **dump_scenario(scenario, "document", rows_inside=True),
            "seed": self.seed if scenario.seed is None else scenario.seed,
        }

    def load(self, scenario: Scenario) -> None:
        """Begin anew from a scenario."""
        self.clients = self._loaded(self._control, scenario)
        self.scenario = scenario

    def _loaded(self, control: Line, scenario: Scenario) -> dict[str, Client]:
        """Load a scenario and return the clients it gives the world."""
        now, rate = self._start
        control.load_scenario({"now": now, **self._document(scenario)})
        _set_clock(control, now if scenario.now is None else scenario.now.isoformat(), rate)
        return _clients(next(world for world in control.worlds() if world["name"] == self.name))

    @property
    def coverage(self) -> Coverage:
        """Which of all that can happen to a client has happened since the last reset."""
        return Coverage.of(self._control.coverage())

    @property
    def findings(self) -> Findings:
        """What the clients of the journal did wrong or wastefully."""
        return Findings(map(_finding, self._control.findings()))

    def reset(self) -> None:
        """Put the world back exactly to its scenario."""
        self._control.reset()
        _set_clock(self._control, *self._start)

    def truth(self, plant: Plant | str, day: date | str) -> Truth:
        """Return a plant's energies on a local day; see :meth:`mock_sma.Sandbox.truth`."""
        return truth_from(self._control.truth(plant if isinstance(plant, str) else plant.id, day))

    def save(self) -> str:
        """Keep the world as it is now, for :meth:`restore`."""
        return self._control.save()["name"]

    def restore(self, point: object) -> None:
        """Put the world back to a save point: tokens handed out before it are valid again."""
        self._control.restore(str(point))

    def close(self) -> None:
        """Remove the world, where it is the test's own."""
        if self._own:
            self._line.delete_world(self.name)

    if not TYPE_CHECKING:  # to a type checker every name would be there

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                raise AttributeError(name)
            raise UsageError(
                f"a world on another server has no {name!r}; it has clock, consents, coverage, faults, findings, "
                "mailbox, requests, scenario, clients, truth, load, reset, "
                "save and restore"
            )


def _set_clock(control: Line, now: str, rate: float) -> None:
    # First it stands, so that no moment passes between the two.
    control.set_clock(frozen=True, now=now)
    if rate:
        control.set_clock(rate=rate)


def _finding(record: FindingRecord) -> Finding:
    return Finding(
        id=record["id"],
        severity=Severity(record["severity"]),
        title=record["title"],
        rule=record["rule"],
        entries=tuple(record["entries"]),
        text=record["text"],
        fix=record["fix"],
        client_id=record["client_id"],
    )


def _clients(world: WorldInfo) -> dict[str, Client]:
    clients = [
        Client(
            id=item["client_id"],
            secret=item["client_secret"],
            flow=Flow(item["flow"]),
            redirect_uris=tuple(item["redirect_uris"]),
        )
        for item in world["clients"]
    ]
    return {client.id: client for client in clients}
