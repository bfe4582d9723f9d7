"""What a test may do with its world, wherever that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from mock_sma.clock import Clock
    from mock_sma.domain.people import Client
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.world.consents.book import ConsentBook
    from mock_sma.sandbox.world.faults import FaultBook
    from mock_sma.sandbox.world.journal import Journal
    from mock_sma.sandbox.world.mailbox import Mailbox
    from mock_sma.testing.remote.journal import RemoteJournal
    from mock_sma.testing.remote.parts import RemoteClock, RemoteConsents, RemoteFaults, RemoteMailbox
    from mock_sma.verdicts.coverage import Coverage
    from mock_sma.verdicts.finding import Findings
    from mock_sma.verdicts.truth import Truth


class SmaWorld(Protocol):
    """A world of this process (:class:`mock_sma.Sandbox`), or one on the server that ``--sma-url`` names.

    Each part has the verbs that both have.
    """

    @property
    def scenario(self) -> Scenario:
        """What it started from."""

    @property
    def seed(self) -> int:
        """Seed of all chance."""

    @property
    def clients(self) -> Mapping[str, Client]:
        """The applications it knows, by their id."""

    @property
    def clock(self) -> Clock | RemoteClock:
        """Its time."""

    @property
    def consents(self) -> ConsentBook | RemoteConsents:
        """What was asked of the owners, and answering for them."""

    @property
    def faults(self) -> FaultBook | RemoteFaults:
        """The fault rules in force."""

    @property
    def mailbox(self) -> Mailbox | RemoteMailbox:
        """The mails that SMA would have sent, oldest first."""

    @property
    def requests(self) -> Journal | RemoteJournal:
        """The journal, oldest first."""

    @property
    def findings(self) -> Findings:
        """What the clients of the journal did wrong or wastefully."""

    @property
    def coverage(self) -> Coverage:
        """Which of all that can happen to a client has happened since the last reset."""

    def truth(self, plant: Plant | str, day: date | str) -> Truth:
        """Return a plant's energies on a local day: now, and in the end, as a client that missed nothing holds them."""

    def load(self, scenario: Scenario) -> None:
        """Begin anew from another scenario."""

    def reset(self) -> None:
        """Put the world back exactly to its scenario."""

    def save(self) -> Any:
        """Keep the world as it is now, for :meth:`restore`."""

    def restore(self, point: Any) -> None:
        """Put the world back to a save point of its own, as often as wanted."""
